//! The commands that read events.
//!
//! | module | responsibility |
//! |---|---|
//! | `connection` | the client, and what to do if a request fails |
//! | `options` | options that several commands have |
//! | `column` | properties of events as columns |
//! | `rows` | events as rows or JSON |
//! | `search` | `list` and `search` |
//! | `aggregate` | `aggregate` |
//! | `tail` | `tail` |
//! | `show` | `show` |
//! | `wait` | `wait` |

pub(crate) mod aggregate;
mod column;
pub(crate) mod connection;
mod options;
mod rows;
pub(crate) mod search;
pub(crate) mod show;
pub(crate) mod tail;
pub(crate) mod wait;
