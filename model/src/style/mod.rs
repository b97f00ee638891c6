//! Parameters, headers and forms.

pub mod decode;
pub mod form;
mod headers;
mod parameter;

pub use headers::{HeaderFormat, Headers};
pub use parameter::{Style, cookie, header, not_json, path, query, query_reserved};
