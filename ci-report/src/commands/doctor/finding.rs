//! The result of a check, in one line.

use crate::drawing::{Style, fit, visible};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    Ok,
    /// Something that may be intended.
    Note,
    /// Something is wrong.
    Fail,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    subject: &'static str,
    found: String,
    /// What to do. Empty if there is nothing to do.
    fix: String,
}

impl Finding {
    pub(super) fn ok(subject: &'static str, found: impl Into<String>) -> Self {
        Self { severity: Severity::Ok, subject, found: found.into(), fix: String::new() }
    }

    pub(super) fn note(
        subject: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Note, subject, found: found.into(), fix: fix.into() }
    }

    pub(super) fn fail(
        subject: &'static str,
        found: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Fail, subject, found: found.into(), fix: fix.into() }
    }

    /// Returns the line of this check.
    pub(super) fn line(&self, style: Style) -> String {
        let (word, status) = match self.severity {
            Severity::Ok => ("ok", "success"),
            Severity::Note => ("note", "blocked"),
            Severity::Fail => ("FAIL", "error"),
        };
        let fix = match self.fix.as_str() {
            "" => String::new(),
            fix => format!(" → {}", visible(fix)),
        };
        let (word, subject) = (style.of_status(status, &fit(word, 5)), fit(self.subject, 16));
        format!("{word} {subject} {}{fix}", visible(&self.found))
    }
}
