//! Forms: an object as `multipart` or `application/x-www-form-urlencoded`.
//!
//! | module | responsibility |
//! |---|---|
//! | `fields` | the properties of a form, and how each is encoded |
//! | `urlencoded` | `application/x-www-form-urlencoded` |
//! | `multipart` | `multipart/form-data` and its relatives |

mod fields;
mod multipart;
#[cfg(test)]
mod tests;
mod urlencoded;

pub use fields::{Fields, Part};
pub use multipart::{PartsWriter, boundary, multipart};
pub use urlencoded::urlencoded;
