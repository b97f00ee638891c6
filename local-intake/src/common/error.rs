//! The error of starting an intake or keeping events.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// An intake could not be started, or could not keep events.
///
/// The cause, if there is one, is the [`source`](Error::source).
#[derive(Clone, Debug)]
pub struct IntakeError {
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl IntakeError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    pub(crate) fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { message: message.into(), source: Some(source.into().into()) }
    }

    /// Returns the message followed by those of all causes.
    pub(crate) fn chain(&self) -> String {
        let mut chain = self.to_string();
        let mut source = self.source();
        while let Some(cause) = source {
            chain = format!("{chain}: {cause}");
            source = cause.source();
        }
        chain
    }
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for IntakeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
