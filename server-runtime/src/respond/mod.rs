//! What handlers return, and how it is sent.
//!
//! | module | responsibility |
//! |---|---|
//! | `status` | a status that a handler chooses among several |
//! | `response` | a typed response with headers, and the request it belongs to |
//! | `stream` | responses that are sent in parts |
//! | `reply` | a response as it is sent |
//! | `error` | what the generated error types of operations have in common |

mod error;
mod reply;
mod response;
mod status;
mod stream;

pub use reply::Reply;
pub use response::{Call, Response};
pub use status::ResponseStatus;
pub use stream::{EventStream, JsonLines};
