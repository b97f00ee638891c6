//! Named input files.

/// Content of an input file, with the name that diagnostics print.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Name, usually a path.
    pub name: String,
    /// Content of the file.
    pub content: String,
}

impl Source {
    /// Creates a source from a name and content.
    pub fn new(name: impl Into<String>, content: impl Into<String>) -> Self {
        Self { name: name.into(), content: content.into() }
    }
}
