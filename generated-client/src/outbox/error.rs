//! What can go wrong with an outbox, and what is worth knowing though nobody waits for it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use specwright_runtime::ValidationError;

use crate::Error;

/// Why an outbox cannot be opened, or has not kept an event.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum OutboxError {
    /// The event is not valid, and would not be sent.
    Invalid(ValidationError),
    /// There is no room for the event.
    Full {
        /// How many events wait.
        events: usize,
        /// How many bytes they have.
        bytes: u64,
    },
    /// The event is larger than all the room that the outbox may have.
    TooLarge {
        /// How many bytes it has.
        bytes: u64,
    },
    /// A file or directory cannot be used. What was in there before is in there still.
    File {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// The outbox was opened outside of a tokio runtime.
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
            Self::Invalid(error) => write!(f, "the event is not valid: {error}"),
            Self::Full { events, bytes } => {
                write!(
                    f,
                    "the outbox has no room: {events} events of {bytes} bytes wait to be sent"
                )
            }
            Self::TooLarge { bytes } => {
                write!(f, "the event has {bytes} bytes, more than the outbox may hold")
            }
            Self::File { path, problem } => {
                write!(f, "the outbox cannot use {}: {problem}", path.display())
            }
            Self::NoRuntime => f.write_str("an outbox has to be opened within a tokio runtime"),
            Self::Closed => f.write_str("the outbox is closed"),
        }
    }
}

impl std::error::Error for OutboxError {}

/// What happens in the background; see [`OutboxBuilder::on_notice`](super::OutboxBuilder::on_notice).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Notice {
    /// Events could not be delivered, and will be sent again.
    NotDelivered {
        /// Why.
        error: Arc<Error>,
        /// After how long at the latest.
        again_in: Duration,
    },
    /// An event was rejected, and is kept apart.
    Rejected {
        /// The event, as it was sent.
        json: String,
        /// Every reason.
        reasons: Vec<String>,
    },
    /// The oldest events were dropped to make room.
    Dropped {
        /// How many.
        events: usize,
    },
    /// A file was found damaged. What was whole in it goes out.
    Damaged {
        /// Where the damaged file is kept now.
        kept: PathBuf,
        /// How many events are known to be damaged; none where the file is so damaged
        /// that this cannot be told.
        events: Option<usize>,
    },
    /// A file cannot be used for now.
    File(OutboxError),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDelivered { error, again_in } => {
                write!(f, "events could not be delivered: {error}; sent again in {again_in:.1?}")
            }
            Self::Rejected { reasons, .. } => {
                write!(f, "an event was rejected: {}", reasons.join("; "))
            }
            Self::Dropped { events } => {
                write!(f, "{events} of the oldest events were dropped to make room")
            }
            Self::Damaged { kept, events: Some(events) } => write!(
                f,
                "a file of events was damaged: {events} are lost, the others go out; the file is \
                 kept as {}",
                kept.display()
            ),
            Self::Damaged { kept, events: None } => write!(
                f,
                "a file of events was damaged: those that could be found go out; the file is \
                 kept as {}",
                kept.display()
            ),
            Self::File(error) => error.fmt(f),
        }
    }
}
