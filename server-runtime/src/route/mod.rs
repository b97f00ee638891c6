//! Operations, and which one handles a request.
//!
//! | module | responsibility |
//! |---|---|
//! | `operation` | an operation as data, and the trait of the generated handlers |
//! | `template` | paths with parameters |
//! | `routes` | finding the operation of a request |

mod operation;
mod routes;
mod template;

pub use operation::{Handler, Operation};
pub use routes::Routes;
