//! Delivery of events: a queue, a thread that sends, and reports of the outcome.
//!
//! | module | responsibility |
//! |---|---|
//! | `report` | what was delivered, and every problem |
//! | `sink` | where events go: a client or an outbox |
//! | `log` | the results of a run, and the losses that no report has listed |
//! | `queue` | the events that wait |
//! | `worker` | the thread that sends them |
//! | `wait` | waiting for delivery, also when the last scope is dropped |

mod log;
mod queue;
mod report;
mod sink;
mod wait;
mod worker;

pub(super) use log::Log;
pub use queue::MAX_WAITING;
pub(super) use queue::Queue;
pub(super) use report::Listener;
pub use report::{Problem, ProblemKind, Report};
pub use sink::{EventFn, Sink};
pub use wait::Delivery;
pub(super) use wait::Guard;
pub(super) use worker::start;
