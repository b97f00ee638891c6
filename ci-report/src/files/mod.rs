//! Events from files.
//!
//! | module | responsibility |
//! |---|---|
//! | `input` | reads a file or stdin |
//! | `events` | events in JSON, and what is wrong with them |
//! | `deliver` | sends events, or prints what would be sent |
//! | `send` | `send` |
//! | `import` | `import`: a whole run from a timeline |
//! | `junit` | test reports |

mod deliver;
mod events;
pub(crate) mod import;
mod input;
pub(crate) mod junit;
pub(crate) mod send;
