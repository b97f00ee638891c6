//! What handlers return, and how it is sent.
//!
//! | module | responsibility |
//! |---|---|
//! | `response` | a typed response with headers, and the request it belongs to |
//! | `stream` | responses that are sent in parts |
//! | `reply` | a response as it is sent |

mod reply;
mod response;
mod stream;

pub use reply::Reply;
pub use response::{Call, Response};
pub use stream::{EventStream, JsonLines};
