//! Kinds of diagnostics, and messages made from the rows of the table.

/// Severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Generation continues; something was interpreted, changed or left out.
    Warning,
    /// Nothing is generated.
    Error,
}

/// Kind of a diagnostic: one row of the table in `docs/diagnostics.md`.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Identifier, such as `unresolved-reference`.
    pub id: &'static str,
    /// Default severity. `skip-unsupported` turns errors into warnings, `deny-warnings` the reverse.
    pub severity: Severity,
    /// Short instruction that is printed with each diagnostic.
    pub help: &'static str,
    /// Explanation for `docs/diagnostics.md`, in Markdown.
    pub documentation: &'static str,
}

/// Message of a diagnostic, with its code. Only the table creates messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(super) code: &'static Code,
    pub(crate) content: String,
    /// The help line of the code, or one of this message.
    pub(super) help: &'static str,
}
