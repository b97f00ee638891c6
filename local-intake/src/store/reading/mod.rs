//! Reading events while others arrive: no lock is held for longer than about a millisecond.
//!
//! | module | responsibility |
//! |---|---|
//! | `input` | what the critical path of a run is computed from |
//! | `paths` | critical paths, which are computed when events are read |
//! | `scan` | reading in slices |

mod input;
mod paths;
mod scan;

pub(super) use paths::Paths;
pub(super) use scan::Scan;
