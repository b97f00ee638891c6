//! Bodies of all media types, as JSON with files. So forms are decoded and validated like JSON.
//!
//! | module | responsibility |
//! |---|---|
//! | `require` | bodies that have to be JSON |
//! | `fields` | the fields of a form, by their names |
//! | `format` | formats of bodies, and which one a media type selects |
//! | `urlencoded` | `application/x-www-form-urlencoded` forms |
//! | `multipart` | the parts of a `multipart` body |
//! | `parts` | `multipart` forms |
//! | `raw` | a body that is not decoded yet |

mod fields;
mod format;
mod multipart;
mod parts;
mod raw;
mod require;
mod urlencoded;

pub use format::{BodyFormat, Format};
pub(crate) use raw::Interpretation;
pub use raw::RawBody;
pub(crate) use require::require_json;
pub(crate) use urlencoded::decode_form;
