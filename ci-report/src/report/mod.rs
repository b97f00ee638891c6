//! Runs and their parts, as they are known between processes.
//!
//! | module | responsibility |
//! |---|---|
//! | `id` | ids of runs and scopes, and of traces |
//! | `level` | levels and statuses |
//! | `ci_system` | facts from the variables of a CI system |
//! | `location` | what is open where a process runs, and the variables of its children |
//! | `record` | what is known of a scope that has started |
//! | `opening` | what a new scope starts with |
//! | `emit` | the events of a scope |
//! | `end` | ends scopes, so that a killed process loses no end |
//! | `state` | the file with the open scopes of a run |

mod ci_system;
mod emit;
mod end;
pub(crate) mod id;
mod level;
mod location;
mod opening;
mod record;
mod state;

pub(crate) use ci_system::{CiFacts, parse_time, since_1970};
pub(crate) use emit::{Emitter, Ending, print_message};
pub(crate) use end::end;
pub(crate) use level::{Level, Status};
pub(crate) use location::Location;
pub(crate) use opening::{New, Session};
pub(crate) use record::{Changes, Fault, Record};
pub(crate) use state::{Content, State, clean, unreadable};
