//! The reporter against the local intake.
#![expect(clippy::unwrap_used, reason = "an unexpected error fails the test")]

#[cfg(feature = "git")]
mod checkout;
mod commands;
mod delivery;
mod dropped;
mod invalid;
mod losses;
#[cfg(feature = "outbox")]
mod outbox;
mod replay;
mod run;
mod support;
mod threads;
