//! Errors, and notices of background events.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use specwright_runtime::ValidationError;

use crate::Error;
use crate::send::explain;

/// An outbox cannot be opened, or did not store an event.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum OutboxError {
    /// The event is invalid.
    Invalid(ValidationError),
    /// The outbox is full.
    Full {
        /// The number of waiting events.
        events: usize,
        /// Their size in bytes.
        bytes: u64,
    },
    /// The event is larger than the outbox.
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// A file or directory cannot be used. Its content is unchanged.
    File {
        /// The file or directory.
        path: PathBuf,
        /// The problem, and what to do.
        problem: String,
    },
    /// The outbox was opened outside a tokio runtime.
    NoRuntime,
    /// The outbox is closed.
    Closed,
}

impl OutboxError {
    pub(super) fn file(path: &Path, problem: impl fmt::Display) -> Self {
        Self::File { path: path.to_owned(), problem: problem.to_string() }
    }
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(_) => f.write_str("invalid event"),
            Self::Full { events, bytes } => {
                write!(f, "outbox full: {events} events with {bytes} bytes are waiting")
            }
            Self::TooLarge { bytes } => {
                write!(f, "the event is larger than the outbox: {bytes} bytes")
            }
            Self::File { path, problem } => {
                write!(f, "cannot use outbox file {}: {problem}", path.display())
            }
            Self::NoRuntime => f.write_str("the outbox was opened outside a tokio runtime"),
            Self::Closed => f.write_str("the outbox is closed"),
        }
    }
}

impl std::error::Error for OutboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Invalid(error) => Some(error),
            _ => None,
        }
    }
}

/// The callback for notices.
pub(super) type Listener = Arc<dyn Fn(&Notice) + Send + Sync>;

/// A background event; see [`OutboxBuilder::on_notice`](super::OutboxBuilder::on_notice).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Notice {
    /// Delivery failed and will be retried.
    NotDelivered {
        /// The error.
        error: Arc<Error>,
        /// The maximum delay before the retry.
        retry_in: Duration,
    },
    /// An event was rejected and is kept separately.
    Rejected {
        /// The event as it was sent.
        json: String,
        /// The reasons that the service gave.
        reasons: Vec<String>,
    },
    /// The oldest events were dropped to make room.
    Dropped {
        /// The number of dropped events.
        events: usize,
    },
    /// A file is damaged. Its intact events will be sent.
    Damaged {
        /// The location of the damaged file.
        kept: PathBuf,
        /// The number of lost events, if it is known.
        events: Option<usize>,
    },
    /// A file is currently unusable.
    File(OutboxError),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDelivered { error, retry_in } => {
                write!(f, "delivery failed: {}; retrying in {retry_in:.1?}", explain(error))
            }
            Self::Rejected { reasons, .. } => {
                write!(f, "event rejected: {}", reasons.join("; "))
            }
            Self::Dropped { events } => {
                write!(f, "outbox full: dropped the {events} oldest events")
            }
            Self::Damaged { kept, events: Some(events) } => write!(
                f,
                "outbox file damaged: {events} events are lost, the others will be sent; the damaged \
                 file is {}",
                kept.display()
            ),
            Self::Damaged { kept, events: None } => write!(
                f,
                "outbox file damaged: all events that were found will be sent; the damaged file is {}",
                kept.display()
            ),
            Self::File(error) => error.fmt(f),
        }
    }
}
