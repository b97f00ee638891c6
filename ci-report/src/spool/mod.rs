//! Events on disk that are not yet delivered: one file per event. A process records an event by
//! creating a file, so it needs no lock and no database; any process delivers what it finds.
//!
//! | module | responsibility |
//! |---|---|
//! | `store` | the directories and their files |
//! | `pass` | delivers what waits, once |
//! | `flush` | delivers until a deadline |
//! | `background` | delivers while a command runs |

mod background;
mod flush;
mod pass;
mod store;

pub(crate) use background::Background;
pub(crate) use flush::{Flushed, flush, flush_if_up};
pub(crate) use store::{Entry, Prepared, Spool, Store};
