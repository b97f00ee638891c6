//! What is wrong with a row.

/// Something that is wrong with a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    pub(super) location: String,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(location: impl Into<String>, message: impl Into<String>) -> Self {
        Self { location: location.into(), message: message.into() }
    }

    /// Returns the number of the line or row; 0 if it is about the whole file.
    pub(super) fn line(&self) -> usize {
        self.location.rsplit(' ').next().and_then(|line| line.parse().ok()).unwrap_or_default()
    }
}
