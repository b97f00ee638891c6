//! Parameters, bodies and credentials of a request.
//!
//! | module | responsibility |
//! |---|---|
//! | `scheme` | security schemes |
//! | `credentials` | the credentials of a request |
//! | `body` | reading a body within limits |
//! | `content` | bodies of all media types, as JSON with files |
//! | `input` | the typed parts of a request, and all problems in them |

mod body;
mod content;
mod credentials;
mod input;
mod scheme;

pub use body::{BodyLimiter, FullBody, IncomingBody};
pub use content::{BodyFormat, Format, RawBody};
pub use credentials::Credentials;
pub use input::{Input, Parameter};
pub use scheme::Scheme;
pub use specwright_model::style::decode::Kind;
pub(crate) use specwright_model::style::decode::{Entry, percent_decoded, query_entries};
