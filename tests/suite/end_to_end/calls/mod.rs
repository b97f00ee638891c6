//! Calls to the scripted server.
//!
//! | module | responsibility |
//! |---|---|
//! | `failures` | failures that the intake cannot cause |
//! | `garbage` | undocumented and invalid responses |
//! | `paging` | listings of several pages |
//! | `reading` | operations that read |
//! | `sending` | operations that send |

mod failures;
mod garbage;
mod paging;
mod reading;
mod sending;
