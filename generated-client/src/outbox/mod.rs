//! An outbox: events are stored on disk first, and delivered in the background, however long it
//! takes and across processes.
//!
//! | module | responsibility |
//! |---|---|
//! | `outbox` | the outbox |
//! | `builder` | options, and opening an outbox |
//! | `limits` | how much an outbox holds |
//! | `report` | the results of a flush, and rejected events |
//! | `error` | errors and notices |
//! | `deliver` | the task that sends |
//! | `writer`, `queue` | the thread that reads and writes, and the waiting events |
//! | `lane` | the directory and its files |
//! | `storage` | reads, writes and recovers one file |
#![expect(
    clippy::incompatible_msrv,
    reason = "redb needs Rust 1.90, which the feature therefore requires"
)]

mod builder;
mod deliver;
mod error;
mod lane;
mod limits;
#[expect(clippy::module_inception, reason = "the module is named after its main type")]
mod outbox;
mod queue;
mod report;
pub(crate) mod storage;
mod writer;

pub use builder::OutboxBuilder;
pub use error::{Notice, OutboxError};
pub use limits::WhenFull;
pub use outbox::Outbox;
pub use report::{FlushReport, RejectedEvent};
