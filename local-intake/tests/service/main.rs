//! What is known of the service, held against the intake over HTTP: a module for each part of
//! it, a test for each fact. What is not known, and what was decided, is in `DIFFERENCES.md`.
#![expect(clippy::panic, clippy::unwrap_used, reason = "what nobody expects fails the test")]

mod answers;
mod control;
mod from_sent_to_searched;
mod lists_and_aggregates;
mod running_retried_blocked;
mod search_syntax;
mod support;
mod unread;
