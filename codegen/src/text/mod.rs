//! Named input files, positions in them, and origins of the parts of a tree.
//!
//! | module | responsibility |
//! |---|---|
//! | `source` | named input files |
//! | `pointer` | JSON pointers |
//! | `paths` | names of files, and references to them |
//! | `characters` | characters that YAML forbids |
//! | `positions` | positions of JSON pointers in a source |
//! | `origins` | origins of the parts of a merged tree |

mod characters;
mod origins;
mod paths;
pub(crate) mod pointer;
mod positions;
mod source;

pub(crate) use characters::replaced;
pub(crate) use origins::Origins;
pub(crate) use paths::{is_address, join, normal, percent_decode, split, stem};
pub(crate) use pointer::child;
pub(crate) use positions::locate;
pub use source::Source;
