//! Bytes that are sent as they are: in memory, or as a stream.
//!
//! | module | responsibility |
//! |---|---|
//! | `content` | bytes in memory, or a stream |
//! | `file` | the public type: content with a file name, a media type and headers |
//! | `reader` | anything that can be read, as a stream |
//! | `placeholder` | files inside of JSON |

mod content;
mod file;
mod placeholder;
mod reader;

pub use content::{Chunks, Content, StreamError, Streamed};
pub use file::{Blob, BlobStream};
#[cfg(feature = "forms")]
pub(crate) use placeholder::{collect_files, index};
pub use placeholder::{lost_files, placeholder, with_files};
