//! Bodies with many values: server-sent events and sequences of JSON values.

mod json_lines;
mod parts;
mod sse;

pub use json_lines::{Framing, Splitter};
pub use sse::{Decoder, RawEvent, ServerSentEvent, TooLong, write_event};

/// The default maximum size of an event or a value in bytes: 16 MiB.
pub const MAX_SIZE: usize = 16 << 20;
