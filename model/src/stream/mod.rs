//! Bodies of many values: server-sent events, and JSON values one behind the other.

mod json_lines;
mod sse;

pub use json_lines::{Framing, Splitter};
pub use sse::{Decoder, RawEvent, ServerSentEvent, TooLong, write_event};
