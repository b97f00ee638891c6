//! Reading a body within limits.
//!
//! | module | responsibility |
//! |---|---|
//! | `incoming` | a body that is not read yet |
//! | `encoding` | `Content-Encoding` |
//! | `limiter` | limits of size and time |

mod encoding;
mod incoming;
mod limiter;

pub use incoming::IncomingBody;
pub use limiter::{BodyLimiter, FullBody};
