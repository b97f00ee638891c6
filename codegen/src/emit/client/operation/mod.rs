//! The operations of a client: a file per operation.
//!
//! | module | responsibility |
//! |---|---|
//! | `names` | the names, types and required arguments of an operation |
//! | `paging` | pagination |
//! | `assemble` | how a request is assembled |
//! | `responses` | how responses are decoded |
//! | `send` | how a request is sent |
//! | `method` | the methods of a client that create a request |
//! | `request` | the type of a request, and its setters |
//! | `blocking` | requests of the blocking client |
//! | `file` | the file of an operation |
//! | `index` | the modules that list operations |

mod assemble;
mod blocking;
mod file;
mod index;
mod method;
pub(super) mod names;
mod paging;
mod request;
mod responses;
mod send;

pub(super) use file::operation;
pub(super) use index::{modules, root, tag_modules};
pub(super) use method::{blocking_method, method};
