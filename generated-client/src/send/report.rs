//! The outcomes of events that were sent together.

use std::fmt;
use std::sync::Arc;

use super::failure::explain;
use crate::{Error, ErrorBody};

/// The maximum number of events that an error lists.
const NAMED: usize = 3;

/// The outcome of an event.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The service accepted it.
    Accepted,
    /// It is invalid, or the service rejected it. Sending it again would not help.
    Rejected(Arc<Error>),
    /// It was not sent, or its request failed. It can be sent again.
    NotSent {
        /// The error of its request, or of the request after which no other was started.
        error: Arc<Error>,
        /// Whether the service may have accepted it, because the response was lost or late. Sending
        /// it again is harmless.
        may_have_arrived: bool,
    },
}

impl Outcome {
    /// Returns the error if it was not accepted.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Accepted => None,
            Self::Rejected(error) | Self::NotSent { error, .. } => Some(error),
        }
    }

    /// Returns the violations, or the reasons of the service, if it was not accepted.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        self.error().map(reasons).unwrap_or_default()
    }
}

/// Returns the problems that an error lists, one string each.
fn reasons(error: &Error) -> Vec<String> {
    let messages: Vec<String> = match error {
        Error::Validation(error) => error.violations().iter().map(ToString::to_string).collect(),
        Error::Api(error) => match &error.body {
            ErrorBody::HttpErrors(body) => {
                let errors = body.errors.iter().flatten();
                errors.filter_map(|error| error.detail.clone().or(error.title.clone())).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    if messages.is_empty() { vec![error.to_string()] } else { messages }
}

/// One outcome per event that was passed to [`Client::send_all`](crate::Client::send_all).
#[derive(Clone)]
#[must_use = "some of the events may not have been accepted"]
pub struct SendReport {
    outcomes: Vec<Outcome>,
}

impl SendReport {
    pub(super) fn new(outcomes: Vec<Outcome>) -> Self {
        Self { outcomes }
    }

    /// Returns the outcomes in the order of the input.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// Returns the number of accepted events.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Accepted)).count()
    }

    /// Returns the indices of rejected events, with their errors.
    pub fn rejected(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.outcomes.iter().enumerate().filter_map(|(index, outcome)| match outcome {
            Outcome::Rejected(error) => Some((index, &**error)),
            _ => None,
        })
    }

    /// Returns the indices of events that were not sent, with their errors.
    pub fn not_sent(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.outcomes.iter().enumerate().filter_map(|(index, outcome)| match outcome {
            Outcome::NotSent { error, .. } => Some((index, &**error)),
            _ => None,
        })
    }

    /// Returns whether all events were accepted.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.accepted() == self.outcomes.len()
    }

    /// Returns the number of events if all were accepted.
    ///
    /// # Errors
    /// Returns an error if an event was not accepted.
    pub fn into_result(self) -> Result<usize, SendAllError> {
        if self.is_complete() { Ok(self.outcomes.len()) } else { Err(SendAllError(self)) }
    }
}

/// Prints counts and the first events that were not accepted.
impl fmt::Debug for SendReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events: Vec<_> = self.rejected().chain(self.not_sent()).take(NAMED).collect();
        f.debug_struct("SendReport")
            .field("accepted", &self.accepted())
            .field("rejected", &self.rejected().count())
            .field("not_sent", &self.not_sent().count())
            .field("first", &events)
            .finish_non_exhaustive()
    }
}

/// Some events were not accepted.
#[derive(Clone)]
pub struct SendAllError(SendReport);

/// Prints as `Display`, because `main` prints returned errors with `Debug`.
impl fmt::Debug for SendAllError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl SendAllError {
    /// Returns the outcomes.
    pub fn report(&self) -> &SendReport {
        &self.0
    }
}

impl fmt::Display for SendAllError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(report) = self;
        write!(f, "{} of {} events accepted", report.accepted(), report.outcomes.len())?;
        let rejected = report.rejected().count();
        if rejected > 0 {
            write!(f, "; {rejected} rejected:")?;
        }
        for (i, (index, _)) in report.rejected().take(NAMED).enumerate() {
            let reasons = report.outcomes[index].reasons().join("; ");
            write!(f, "{} event {index}: {reasons}", if i == 0 { "" } else { "," })?;
        }
        if rejected > NAMED {
            f.write_str(", …")?;
        }
        if let Some((_, error)) = report.not_sent().next() {
            write!(f, "; {} not sent: {}", report.not_sent().count(), explain(error))?;
            let lost = |outcome: &&Outcome| {
                matches!(outcome, Outcome::NotSent { may_have_arrived: true, .. })
            };
            match report.outcomes.iter().filter(lost).count() {
                0 => {}
                count => write!(f, "; {count} of these may have arrived")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for SendAllError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let mut errors = self.0.not_sent().chain(self.0.rejected());
        errors.next().and_then(|(_, error)| error.source())
    }
}
