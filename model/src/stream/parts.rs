//! The parts of a `multipart` body as they arrive.

use std::collections::VecDeque;

use crate::media_type::is_json;

/// The maximum size of the headers of a part.
const MAX_HEAD: usize = 16 * 1024;

/// Splits chunks of any size into the JSON of parts.
#[derive(Debug)]
pub(super) struct Parts {
    /// The boundary, with the line break and the dashes before it.
    delimiter: Vec<u8>,
    /// Whether parts of other media types than JSON are strings.
    are_strings: bool,
    /// What was received and does not belong to a complete part. It starts with a line break, as if
    /// one were before the first boundary.
    buffer: Vec<u8>,
    /// The number of bytes in the buffer that contain no delimiter.
    searched: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Preamble,
    Part,
    Ended,
}

impl Parts {
    pub(super) fn new(boundary: &str, are_strings: bool) -> Self {
        Self {
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            are_strings,
            buffer: b"\r\n".to_vec(),
            searched: 0,
            state: State::Preamble,
        }
    }

    /// Adds a chunk. Returns `false` if a part is too long.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        max_size: usize,
        whole: &mut VecDeque<Vec<u8>>,
    ) -> bool {
        if self.state == State::Ended {
            return true;
        }
        self.buffer.extend_from_slice(bytes);
        let mut start = 0;
        while let Some(at) = find(&self.buffer, &self.delimiter, self.searched.max(start)) {
            let after = at + self.delimiter.len();
            // The next two bytes decide whether it is the last boundary.
            let Some(next) = self.buffer.get(after..after + 2) else {
                self.searched = at;
                self.buffer.drain(..start);
                self.searched -= start;
                return true;
            };
            let is_last = next == b"--";
            if self.state == State::Part {
                let part = self.buffer.get(start..at).unwrap_or_default();
                if part.len() > max_size.saturating_add(MAX_HEAD) {
                    return false;
                }
                let Some(json) =
                    self.json(part).filter(|json| json.len() <= max_size.saturating_mul(6))
                else {
                    return false;
                };
                whole.push_back(json);
            }
            start = after;
            self.searched = after;
            self.state = if is_last { State::Ended } else { State::Part };
            if is_last {
                self.buffer.clear();
                return true;
            }
        }
        self.buffer.drain(..start);
        // A delimiter may begin in the last bytes.
        self.searched = self.buffer.len().saturating_sub(self.delimiter.len());
        let is_too_long = self.buffer.len() > max_size.saturating_add(2 * MAX_HEAD);
        if is_too_long && self.state == State::Preamble {
            // Nothing of the preamble is used.
            self.buffer.drain(..self.searched);
            self.searched = 0;
            return true;
        }
        !is_too_long
    }

    /// Returns whether the last boundary has arrived.
    pub(super) fn has_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Returns the JSON of a part, which starts after its boundary. Returns none if its headers are
    /// too long.
    fn json(&self, part: &[u8]) -> Option<Vec<u8>> {
        // The rest of the line of the boundary.
        let line = find(part, b"\r\n", 0)?;
        let part = part.get(line..)?;
        let (head, content) = match find(part, b"\r\n\r\n", 0) {
            Some(at) => (part.get(..at)?, part.get(at + 4..)?),
            None => (&b""[..], part.get(2..)?),
        };
        if head.len() > MAX_HEAD {
            return None;
        }
        let head = String::from_utf8_lossy(head);
        let media_type = head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
        });
        if !self.are_strings || media_type.is_some_and(|media_type| is_json(&media_type)) {
            return Some(content.to_vec());
        }
        match std::str::from_utf8(content) {
            Ok(string) => serde_json::to_vec(string).ok(),
            // Reported as bytes that are not UTF-8.
            Err(_) => Some(content.to_vec()),
        }
    }
}

/// Finds bytes, from an offset on.
fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| Some(byte) == wanted.first())?;
        if bytes.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(are_strings: bool, body: &str, size: usize) -> Vec<String> {
        let mut parts = Parts::new("B", are_strings);
        let mut whole = VecDeque::new();
        for chunk in body.as_bytes().chunks(size) {
            assert!(parts.feed(chunk, 100, &mut whole));
        }
        assert!(parts.has_ended());
        whole.into_iter().map(|part| String::from_utf8(part).unwrap()).collect()
    }

    #[test]
    fn parts_do_not_depend_on_chunks() {
        let body = "before\r\n--B \r\nContent-Type: application/json\r\n\r\n{\"a\":\r\n1}\r\n--B\r\n\r\n2\r\n\
                    --B\r\nX: 1\r\n\r\n\r\n--B--\r\nafter\r\n--B\r\n\r\n3\r\n--B--";
        for size in 1..body.len() {
            assert_eq!(split(false, body, size), ["{\"a\":\r\n1}", "2", ""], "{size}");
            assert_eq!(split(true, body, size), ["{\"a\":\r\n1}", "\"2\"", "\"\""], "{size}");
        }
    }

    #[test]
    fn parts_are_bounded() {
        let mut parts = Parts::new("B", false);
        let mut whole = VecDeque::new();
        assert!(parts.feed(b"--B\r\n\r\n1\r\n--B\r\n\r\n", 100, &mut whole));
        let mut total = 0;
        while parts.feed(&[b'x'; 1000], 100, &mut whole) {
            total += 1000;
            assert!(total < 100_000, "not bounded");
        }
        assert_eq!(whole, [b"1"]);
    }
}
