//! Methods, parameters, headers and forms.
//!
//! | module | responsibility |
//! |---|---|
//! | `method` | HTTP methods |
//! | `parameter` | encoding of path, query, header and cookie parameters |
//! | `decode` | decoding of parameters |
//! | `ordered` | values between their type and their encoding |
//! | `deep` | the style `deepObject` |
//! | `parts` | styles, and the components of a value in a style |
//! | `headers` | typed headers of responses |
//! | `form` | forms |
//! | `sequence` | bodies of several values |

#[cfg(feature = "parameters")]
pub mod decode;
mod deep;
#[cfg(feature = "forms")]
pub mod form;
mod headers;
mod method;
mod ordered;
mod parameter;
mod parts;
#[cfg(feature = "streams")]
pub mod sequence;

pub use headers::{HeaderFormat, Headers};
pub use method::Method;
pub use ordered::{Ordered, plain};
pub use parameter::{
    cookie, header, path, path_reserved, plain_cookie, query, query_reserved, query_string,
};
pub use parts::{Style, not_json};
