//! The jobs and stages of a run.

/// A job that ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job<'a> {
    /// The id. Jobs that ran several times have several elements with the same id.
    pub id: &'a str,
    /// The start in nanoseconds.
    pub start: i64,
    /// The end in nanoseconds. An end before the start is treated as the start.
    pub end: i64,
    /// The id of the stage.
    pub stage: Option<&'a str>,
    /// The ids of the jobs that had to finish before.
    pub dependencies: Vec<&'a str>,
}

/// The stages that had to finish before another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage<'a> {
    /// The id of the stage.
    pub id: &'a str,
    /// The ids of the stages that had to finish before.
    pub dependencies: Vec<&'a str>,
}

impl Job<'_> {
    /// Returns the end, which is not before the start.
    pub(super) fn end(&self) -> i64 {
        self.end.max(self.start)
    }
}
