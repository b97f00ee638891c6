//! The entry points of the generator.
//!
//! | module | responsibility |
//! |---|---|
//! | `stack` | work on a large stack |
//! | `generate` | from an input to a set of files |
//! | `bundle` | the document in one file |
//! | `diff` | the changes between two documents |
//! | `inspect` | what would be generated, and the types of examples |
//! | `files` | reading input files and writing generated files |

mod bundle;
mod diff;
#[cfg(feature = "files")]
pub mod files;
mod generate;
mod inspect;
mod stack;

pub use bundle::{Bundle, bundle};
pub use diff::{
    ApiChange, Change, ChangeKind, DiffError, Difference, Direction, Ignored, Release, Wire, diff,
};
pub use generate::{Output, generate};
pub use inspect::{
    Blame, Census, DecisionMethod, Example, Examples, InspectedBody, InspectedKind,
    InspectedOperation, InspectedParameter, InspectedResponse, InspectedRule, InspectedType,
    Inspection, Untyped, UntypedReason, examples, inspect, untyped,
};
