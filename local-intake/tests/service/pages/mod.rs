//! The pages for people. `tests/browser` checks them in a browser.

mod access;
mod executions;
mod html;
mod live;
mod overviews;
