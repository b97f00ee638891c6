//! How the pages of an operation follow each other.

use super::{Name, Type};

/// How the pages of an operation follow each other.
#[derive(Clone, Debug)]
pub(crate) struct Paging {
    /// The path to the entries of a page.
    pub results: Vec<Step>,
    /// The type of an entry.
    pub item: Type,
    /// How the next page is requested.
    pub next: NextPage,
    /// Whether an empty page is the last one, even if it has a cursor.
    pub ends_empty: bool,
}

/// How the next page is requested.
#[derive(Clone, Debug)]
pub(crate) enum NextPage {
    /// By a cursor from the previous page.
    Cursor {
        /// The path to the cursor in the page.
        from: Vec<Step>,
        /// The path to the cursor in the request.
        to: Vec<Step>,
    },
    /// By the number of entries so far.
    Offset {
        /// The path to the offset in the request.
        to: Vec<Step>,
        /// The type of the offset.
        ty: Type,
    },
    /// By page number.
    Page {
        /// The path to the page number in the request.
        to: Vec<Step>,
        /// The number of the first page.
        first: i64,
    },
}

/// One field on the path into a request or a response.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The field.
    pub name: Name,
    /// Whether it is optional.
    pub optional: bool,
    /// Whether it is boxed.
    pub boxed: bool,
}
