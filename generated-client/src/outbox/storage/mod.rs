//! The files of an outbox.
//!
//! | module | responsibility |
//! |---|---|
//! | `file` | opens, checks and creates a file |
//! | `rescue` | recovery of a damaged file |
//! | `database` | tables, records and transactions |
//! | `blocks` | checksums of blocks, for programs that a panic would end |
//! | `record` | the format of one record |
//! | `guard` | panics of redb as errors |

mod blocks;
mod database;
mod file;
pub(crate) mod guard;
mod record;
mod rescue;

pub(super) use blocks::sums_of;
pub(super) use database::{Changes, Index, read, walk};
pub(super) use file::{Opened, open};
pub(super) use record::Kind;
