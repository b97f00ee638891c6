//! Problems of an input: collected, and shown together, each with its location.
//!
//! | module | responsibility |
//! |---|---|
//! | `code` | kinds of diagnostics: code, severity, help, documentation |
//! | `table` | every diagnostic, with the templates of its messages |
//! | `location` | locations in the input |
//! | `report` | the list of diagnostics of one input |
//! | `listing` | names in messages |
//! | `position` | positions of parts of the document |
//! | `render` | rendering in the style of rustc |
//! | `excerpt` | positions and lines of a source |

mod code;
mod excerpt;
mod listing;
mod location;
mod position;
mod render;
mod report;
mod table;

pub(crate) use code::Message;
pub use code::{Code, Severity};
pub(crate) use listing::{alternatives, conjunction};
pub use location::Location;
pub use position::Position;
pub(crate) use report::Savepoint;
pub use report::{Diagnostic, Diagnostics};
pub(crate) use table::messages;
