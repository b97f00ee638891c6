//! Named input files, positions in them, and where the parts of a tree come from.

mod characters;
mod origins;
mod paths;
mod pointer;
mod positions;

pub(crate) use characters::replaced;
pub(crate) use origins::Origins;
pub(crate) use paths::{is_address, join, normal, percent_decode, split, stem};
pub(crate) use pointer::child;
pub(crate) use positions::locate;

/// A text with the name under which diagnostics show it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The name, usually a path.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// A text with a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}
