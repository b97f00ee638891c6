//! JSON values one behind the other, from bytes to values and back.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::Serialize;

/// How the values of an answer are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A line each, as in `application/x-ndjson` and `application/jsonl`.
    Lines,
    /// A record separator before each, as in `application/json-seq` (RFC 7464).
    Sequence,
}

impl Framing {
    /// A value with what tells it from the others.
    ///
    /// # Errors
    /// Fails where the value has no JSON form.
    pub fn write(self, value: &impl Serialize) -> Result<Bytes, serde_json::Error> {
        let mut line = match self {
            Self::Lines => Vec::new(),
            Self::Sequence => vec![0x1E],
        };
        // JSON never breaks a line.
        serde_json::to_writer(&mut line, value)?;
        line.push(b'\n');
        Ok(line.into())
    }
}

/// Takes bytes in pieces of any size, and gives whole values.
#[derive(Debug)]
pub struct Splitter {
    framing: Framing,
    /// The most bytes that a value may have.
    pub most: usize,
    line: Vec<u8>,
    /// The values that are whole.
    pub whole: VecDeque<Vec<u8>>,
}

impl Splitter {
    /// Nothing has come yet.
    #[must_use]
    pub fn new(framing: Framing, most: usize) -> Self {
        Self { framing, most, line: Vec::new(), whole: VecDeque::new() }
    }

    /// Takes the next bytes, unless a value is too long.
    pub fn feed(&mut self, mut bytes: &[u8]) -> bool {
        let separator = match self.framing {
            Framing::Lines => b'\n',
            Framing::Sequence => 0x1E,
        };
        loop {
            let end = bytes.iter().position(|byte| *byte == separator);
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            if self.line.len().saturating_add(part.len()) > self.most {
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

    /// What has come is a value, unless it is blank.
    pub fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        // A stray byte order mark or record separator means nothing.
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

    fn split(framing: Framing, text: &[u8], size: usize) -> Vec<String> {
        let mut splitter = Splitter::new(framing, 100);
        for chunk in text.chunks(size) {
            assert!(splitter.feed(chunk));
        }
        splitter.end();
        let text = |line: Vec<u8>| String::from_utf8(line).expect("text").trim().to_owned();
        splitter.whole.into_iter().map(text).collect()
    }

    #[test]
    fn values_are_the_same_however_bytes_are_cut() {
        let lines = "\u{FEFF}{\"a\":1}\r\n\n  \n\"é\"\n3";
        let sequence = "\u{1E}{\"a\":\n1}\n\u{1E}\u{1E}\"é\"\n\u{1E}3\n";
        for size in 1..lines.len() {
            assert_eq!(split(Framing::Lines, lines.as_bytes(), size), ["{\"a\":1}", "\"é\"", "3"]);
            let found = split(Framing::Sequence, sequence.as_bytes(), size);
            assert_eq!(found, ["{\"a\":\n1}", "\"é\"", "3"]);
        }
    }

    #[test]
    fn a_value_that_is_too_long_does_not_cost_those_before_it() {
        let mut splitter = Splitter::new(Framing::Lines, 4);
        assert!(splitter.feed(b"1234\n123"));
        assert!(!splitter.feed(b"45"));
        assert_eq!(splitter.whole, [b"1234"]);
    }
}
