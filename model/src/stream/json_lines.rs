//! Sequences of JSON values: encoding and decoding.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::Serialize;

use super::parts::Parts;

/// How the values of a body are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// One value per line, as in `application/x-ndjson` and `application/jsonl`.
    Lines,
    /// One value per line, with the media type of a single value: `application/json;stream=watch`.
    JsonLines,
    /// A record separator before each value, as in `application/json-seq` (RFC 7464).
    Sequence,
    /// The parts of a `multipart` body, each with one value as JSON.
    Parts,
    /// The parts of a `multipart` body, each with one string.
    StringParts,
}

impl Framing {
    /// Encodes a value with its separator.
    ///
    /// # Errors
    /// Returns an error if the value cannot be represented as JSON.
    pub fn write(self, value: &impl Serialize) -> Result<Bytes, serde_json::Error> {
        let mut line = match self {
            Self::Sequence => vec![0x1E],
            _ => Vec::new(),
        };
        // serde_json writes no line breaks.
        serde_json::to_writer(&mut line, value)?;
        line.push(b'\n');
        Ok(line.into())
    }
}

/// Splits chunks of any size into values.
#[derive(Debug)]
pub struct Splitter {
    framing: Framing,
    /// The maximum size of a value in bytes.
    pub max_size: usize,
    line: Vec<u8>,
    parts: Option<Parts>,
    /// The complete values.
    pub whole: VecDeque<Vec<u8>>,
}

impl Splitter {
    /// Creates an empty splitter.
    #[must_use]
    pub fn new(framing: Framing, max_size: usize) -> Self {
        Self { framing, max_size, line: Vec::new(), parts: None, whole: VecDeque::new() }
    }

    /// Creates an empty splitter for the parts of a `multipart` body.
    #[must_use]
    pub fn of_parts(framing: Framing, boundary: &str, max_size: usize) -> Self {
        let parts = Parts::new(boundary, framing == Framing::StringParts);
        Self { parts: Some(parts), ..Self::new(framing, max_size) }
    }

    /// Adds a chunk. Returns `false` if a value is too long.
    pub fn feed(&mut self, mut bytes: &[u8]) -> bool {
        if let Some(parts) = &mut self.parts {
            return parts.feed(bytes, self.max_size, &mut self.whole);
        }
        let separator = match self.framing {
            Framing::Sequence => 0x1E,
            _ => b'\n',
        };
        loop {
            let end = bytes.iter().position(|byte| *byte == separator);
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            if self.line.len().saturating_add(part.len()) > self.max_size {
                return false;
            }
            self.line.extend_from_slice(part);
            match rest.split_first() {
                Some((_, rest)) => {
                    self.end();
                    bytes = rest;
                }
                None => return true,
            }
        }
    }

    /// Returns whether all of the body has arrived, as far as the framing shows.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.parts.as_ref().is_none_or(Parts::has_ended)
    }

    /// Ends a value, unless it is blank.
    pub fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        // A stray byte order mark or record separator is ignored.
        let line = line.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(line);
        let line = line.strip_prefix(b"\x1E").map(<[u8]>::to_vec).unwrap_or(line);
        if !line.trim_ascii().is_empty() {
            self.whole.push_back(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(framing: Framing, string: &[u8], size: usize) -> Vec<String> {
        let mut splitter = Splitter::new(framing, 100);
        for chunk in string.chunks(size) {
            assert!(splitter.feed(chunk));
        }
        splitter.end();
        let string = |line: Vec<u8>| String::from_utf8(line).expect("text").trim().to_owned();
        splitter.whole.into_iter().map(string).collect()
    }

    #[test]
    fn values_do_not_depend_on_chunks() {
        let lines = "\u{FEFF}{\"a\":1}\r\n\n  \n\"é\"\n3";
        let sequence = "\u{1E}{\"a\":\n1}\n\u{1E}\u{1E}\"é\"\n\u{1E}3\n";
        for size in 1..lines.len() {
            assert_eq!(split(Framing::Lines, lines.as_bytes(), size), ["{\"a\":1}", "\"é\"", "3"]);
            let found = split(Framing::Sequence, sequence.as_bytes(), size);
            assert_eq!(found, ["{\"a\":\n1}", "\"é\"", "3"]);
        }
    }

    #[test]
    fn values_before_one_that_is_too_long_are_kept() {
        let mut splitter = Splitter::new(Framing::Lines, 4);
        assert!(splitter.feed(b"1234\n123"));
        assert!(!splitter.feed(b"45"));
        assert_eq!(splitter.whole, [b"1234"]);
    }
}
