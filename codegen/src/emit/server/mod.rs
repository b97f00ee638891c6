//! Server code: a trait to implement, typed requests, and routes. It uses the models of a client.
//!
//! | module | responsibility |
//! |---|---|
//! | `output` | the output of an operation, and the title of the API |
//! | `kind` | what a parameter consists of |
//! | `formats` | the formats of bodies |
//! | `read` | extraction of requests |
//! | `reply` | encoding of responses and rejections |
//! | `errors` | the error type of an operation |
//! | `operation` | the file of an operation |
//! | `api` | the trait |
//! | `routes` | the routes |
//! | `file` | the files of a server |

mod api;
mod errors;
mod file;
mod formats;
mod kind;
mod operation;
mod output;
mod read;
mod reply;
mod routes;

pub(crate) use file::File;
pub(super) use file::files;
