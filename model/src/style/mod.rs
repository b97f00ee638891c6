//! Parameters, headers and forms.
//!
//! | module | responsibility |
//! |---|---|
//! | `parameter` | encoding of path, query, header and cookie parameters |
//! | `decode` | decoding of parameters |
//! | `ordered` | values between their type and their encoding |
//! | `deep` | the style `deepObject` |
//! | `parts` | styles, and the components of a value in a style |
//! | `headers` | typed headers of responses |
//! | `form` | forms |

pub mod decode;
mod deep;
pub mod form;
mod headers;
mod ordered;
mod parameter;
mod parts;

pub use headers::{HeaderFormat, Headers};
pub use ordered::{Ordered, plain};
pub use parameter::{cookie, header, path, query, query_reserved};
pub use parts::{Style, not_json};
