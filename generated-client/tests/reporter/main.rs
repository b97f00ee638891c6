//! The reporter against the intake: what is reported arrives, or it is said why not.
#![expect(clippy::unwrap_used, reason = "what nobody expects fails the test")]

#[cfg(feature = "git")]
mod checkout;
mod delivery;
mod dropped;
mod invalid;
#[cfg(feature = "outbox")]
mod outbox;
mod replay;
mod run;
mod support;
mod threads;
