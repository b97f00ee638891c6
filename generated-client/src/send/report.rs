//! What became of events that were sent together.

use std::fmt;
use std::sync::Arc;

use crate::{Error, ErrorBody};

/// How many events an error names.
const NAMED: usize = 3;

/// What became of an event.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The service has accepted it.
    Accepted,
    /// It is not valid, or the service refuses it: to send it again as it is would change
    /// nothing.
    Rejected(Arc<Error>),
    /// It did not get through, and can be sent again.
    NotSent {
        /// Why: of its own request, or of the one behind which no other was begun.
        error: Arc<Error>,
        /// Whether the service may have it all the same, because an answer was lost or did
        /// not come in time. Sending it again is harmless.
        may_have_arrived: bool,
    },
}

impl Outcome {
    /// Why it was not accepted.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Accepted => None,
            Self::Rejected(error) | Self::NotSent { error, .. } => Some(error),
        }
    }

    /// Why it was not accepted, in words: each violation, or each reason of the service.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        self.error().map(reasons).unwrap_or_default()
    }
}

/// What an error says of the event or of the request, each as a text of its own.
fn reasons(error: &Error) -> Vec<String> {
    let said: Vec<String> = match error {
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
    if said.is_empty() { vec![error.to_string()] } else { said }
}

/// What became of each of the events that were given to [`Client::send_all`](crate::Client::send_all).
#[derive(Clone)]
#[must_use = "some of the events may not have been accepted"]
pub struct SendReport {
    outcomes: Vec<Outcome>,
}

impl SendReport {
    pub(super) fn new(outcomes: Vec<Outcome>) -> Self {
        Self { outcomes }
    }

    /// What became of each event, in the order in which they were given.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// How many events were accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Accepted)).count()
    }

    /// The places of the events that were rejected, with what is wrong with each.
    pub fn rejected(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.outcomes.iter().enumerate().filter_map(|(place, outcome)| match outcome {
            Outcome::Rejected(error) => Some((place, &**error)),
            _ => None,
        })
    }

    /// The places of the events that did not get through, with what hindered them.
    pub fn not_sent(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.outcomes.iter().enumerate().filter_map(|(place, outcome)| match outcome {
            Outcome::NotSent { error, .. } => Some((place, &**error)),
            _ => None,
        })
    }

    /// Whether all events were accepted.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.accepted() == self.outcomes.len()
    }

    /// How many events were accepted, if that were all of them.
    ///
    /// # Errors
    /// Fails where one was not.
    pub fn into_result(self) -> Result<usize, SendAllError> {
        if self.is_complete() { Ok(self.outcomes.len()) } else { Err(SendAllError(self)) }
    }
}

/// The figures, and what was not accepted: a line for each of thousands of events helps nobody.
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

/// Why not all events were accepted.
#[derive(Clone)]
pub struct SendAllError(SendReport);

/// In words: this is what `main` shows of an error that it returns.
impl fmt::Debug for SendAllError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl SendAllError {
    /// What became of each event.
    pub fn report(&self) -> &SendReport {
        &self.0
    }
}

impl fmt::Display for SendAllError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(report) = self;
        write!(f, "{} of {} events were accepted", report.accepted(), report.outcomes.len())?;
        let rejected = report.rejected().count();
        if rejected > 0 {
            write!(f, "; {rejected} were rejected:")?;
        }
        for (i, (place, _)) in report.rejected().take(NAMED).enumerate() {
            let reasons = report.outcomes[place].reasons().join("; ");
            write!(f, "{} event {place}: {reasons}", if i == 0 { "" } else { "," })?;
        }
        if rejected > NAMED {
            f.write_str(", …")?;
        }
        if let Some((_, error)) = report.not_sent().next() {
            write!(f, "; {} were not sent: {error}", report.not_sent().count())?;
            let lost = |outcome: &&Outcome| {
                matches!(outcome, Outcome::NotSent { may_have_arrived: true, .. })
            };
            match report.outcomes.iter().filter(lost).count() {
                0 => {}
                count => write!(f, "; {count} of these may have arrived all the same")?,
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
