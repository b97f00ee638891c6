//! The parts of an operation that clients and servers share.
//!
//! | module | responsibility |
//! |---|---|
//! | `metadata` | operations and credentials as static data |
//! | `parameter` | how parameters are encoded and checked |
//! | `body` | the types of request bodies, and how they are sent and checked |
//! | `statuses` | the statuses of responses that a server chooses |
//! | `response` | the types of response bodies |
//! | `headers` | the types of response headers |

pub(super) mod body;
pub(super) mod headers;
pub(super) mod metadata;
pub(super) mod parameter;
pub(super) mod response;
pub(super) mod statuses;
