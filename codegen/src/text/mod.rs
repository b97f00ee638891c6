//! Named input files, positions in them, and origins of the parts of a tree.
//!
//! | module | responsibility |
//! |---|---|
//! | `source` | named input files |
//! | `pointer` | JSON pointers |
//! | `media_type` | media types: which are JSON |
//! | `paths` | names of files, and references to them |
//! | `pattern` | regular expressions of ECMA-262 |
//! | `characters` | characters that YAML forbids, or that are not shown |
//! | `flow` | flow collections over several lines, on one line |
//! | `events` | the nodes of a YAML document, in their order |
//! | `search` | positions and scalars at JSON pointers in a source |
//! | `budget` | how much may be copied |
//! | `origins` | origins of the parts of a merged tree |

mod budget;
mod characters;
pub(crate) mod events;
mod flow;
pub(crate) mod media_type;
mod origins;
mod paths;
pub(crate) mod pattern;
pub(crate) mod pointer;
mod search;
mod source;

pub(crate) use budget::{Budget, Exhausted};
#[cfg(feature = "fuzzing")]
pub(crate) use characters::blanked;
#[cfg(feature = "files")]
pub(crate) use characters::visible_lines;
pub(crate) use characters::{is_invisible, replaced, visible};
pub(crate) use origins::Origins;
pub(crate) use paths::{is_url, join, normal, percent_decode, relative, split, stem};
pub(crate) use pointer::{child, value_at};
pub(crate) use search::{locate, scalars};
pub use source::Source;
