//! Where decoding is inside of a container.

/// The entry of an object or array that comes next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    /// Its index on the tape: a property name or an element.
    pub(super) entry: u32,
    /// How many entries come before it.
    pub(super) count: usize,
    /// How many added properties come before it.
    pub(super) added: usize,
}

/// A value of the document, or a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Id {
    /// A value of the document: its index on the tape.
    Sent(u32),
    /// A placeholder: its index in the list of placeholders.
    Placeholder(u32),
}

/// One step from a container to a value inside it.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A property: the index of its name on the tape.
    Name(u32),
    /// A property that was added.
    Added(String),
    /// An element.
    Index(usize),
}

/// An entry of a container.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) step: Step,
    /// What is decoded: the value, or its placeholder.
    pub(super) shown: Id,
    /// Where the entry is.
    pub(super) at: Position,
    /// Where the entry after it is.
    pub(super) next: Position,
}
