//! What is wrong with a request, and the response for it.
//!
//! | module | responsibility |
//! |---|---|
//! | `rejection` | a status and the problems of a request |
//! | `body` | the body of the response, where the OpenAPI document has none |

mod body;
mod rejection;

pub use body::RejectionBody;
pub(crate) use rejection::insert;
pub use rejection::{Problem, Rejection};
