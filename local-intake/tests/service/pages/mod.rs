//! The pages for people. `tests/browser` checks them in a browser.

mod access;
mod execution;
mod executions;
mod html;
mod live;
mod overviews;
