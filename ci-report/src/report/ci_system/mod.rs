//! Facts about the run from the variables of a CI system, apart from the commit.
//!
//! | module | responsibility |
//! |---|---|
//! | `template` | values from variables |
//! | `table` | the CI systems and their variables |
//! | `facts` | the facts of a run |

mod facts;
mod table;
mod template;

pub(crate) use facts::{CiFacts, parse_time, since_1970};
