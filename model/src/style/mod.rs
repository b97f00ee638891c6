//! Parameters, headers and forms.
//!
//! | module | responsibility |
//! |---|---|
//! | `parameter` | encoding of path, query, header and cookie parameters |
//! | `decode` | decoding of parameters |
//! | `deep` | the style `deepObject` |
//! | `headers` | typed headers of responses |
//! | `form` | forms |

pub mod decode;
mod deep;
pub mod form;
mod headers;
mod parameter;

pub use deep::plain;
pub use headers::{HeaderFormat, Headers};
pub use parameter::{Style, cookie, header, not_json, path, query, query_reserved};
