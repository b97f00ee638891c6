//! Server-sent events, encoded and decoded as the HTML standard specifies.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// A server-sent event. It dereferences to its data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerSentEvent<T> {
    /// The event ID, or that of the last event before it that has one.
    pub id: Option<String>,
    /// The event name (`event:`). Without one, the name is `message`.
    pub event: Option<String>,
    /// The data.
    pub data: T,
}

impl<T> ServerSentEvent<T> {
    /// Creates an event without ID and name.
    pub fn new(data: T) -> Self {
        Self { id: None, event: None, data }
    }

    /// Sets the ID.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the name.
    #[must_use]
    pub fn with_event(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }
}

impl<T> Deref for ServerSentEvent<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

/// Encodes an event. Line breaks in the ID and the name are removed.
pub fn write_event(id: Option<String>, event: Option<String>, data: &str) -> Bytes {
    let mut string = String::with_capacity(data.len() + 16);
    let mut field = |name: &str, value: &str| {
        string.push_str(name);
        string.push_str(": ");
        string.push_str(value);
        string.push('\n');
    };
    let plain = |value: String| value.replace(['\r', '\n'], "");
    if let Some(id) = id {
        // An ID with this character is ignored, so that it is not sent in a header.
        field("id", &plain(id).replace('\0', ""));
    }
    if let Some(event) = event {
        field("event", &plain(event));
    }
    let data = data.replace("\r\n", "\n").replace('\r', "\n");
    data.split('\n').for_each(|line| field("data", line));
    string.push('\n');
    Bytes::from(string)
}

/// An event as it was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawEvent {
    /// The event ID, or that of the last event before it that has one. Events share it: a copy per
    /// event would let a server with a long ID and many short events fill the memory.
    pub id: Option<Arc<str>>,
    /// The event name.
    pub event: Option<String>,
    /// The data.
    pub data: String,
}

/// Decodes chunks of any size into events.
#[derive(Debug)]
pub struct Decoder {
    /// The complete events.
    pub events: VecDeque<RawEvent>,
    /// The reconnection delay that the server asks for.
    pub retry: Option<Duration>,
    /// The ID of the last complete event that has one. It applies to all events after it. It never
    /// belongs to an incomplete event, because the server continues after it.
    pub last_id: Option<Arc<str>>,
    /// The maximum size of an event in bytes.
    pub max_size: usize,
    line: Vec<u8>,
    /// Whether a line has ended with a carriage return, which a line feed may follow.
    after_return: bool,
    /// Whether the first line is not complete, which may start with a byte order mark.
    is_first: bool,
    /// The ID of the event that is not complete.
    id: Option<Arc<str>>,
    event: Option<String>,
    data: Option<String>,
}

/// The event exceeds the maximum size.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

impl Decoder {
    /// Creates a decoder that accepts events of at most this many bytes.
    #[must_use]
    pub fn new(max_size: usize) -> Self {
        Self {
            events: VecDeque::new(),
            retry: None,
            last_id: None,
            max_size,
            line: Vec::new(),
            after_return: false,
            is_first: true,
            id: None,
            event: None,
            data: None,
        }
    }

    /// Adds a chunk. Events before one that is too long are complete.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), TooLong> {
        while let Some(first) = bytes.first() {
            if std::mem::take(&mut self.after_return) && *first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            let so_far = self.line.len() + self.data.as_ref().map_or(0, String::len);
            if so_far.saturating_add(part.len()) > self.max_size {
                return Err(TooLong);
            }
            self.line.extend_from_slice(part);
            if let Some((end, rest)) = rest.split_first() {
                self.after_return = *end == b'\r';
                self.end_line();
                bytes = rest;
            } else {
                bytes = rest;
            }
        }
        Ok(())
    }

    /// Ends the stream. An event without a blank line after it is complete then.
    pub fn finish(&mut self) {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.end_event();
    }

    /// Continues with another connection after an interruption.
    pub fn restart(&mut self) {
        self.line.clear();
        self.id.clone_from(&self.last_id);
        (self.event, self.data) = (None, None);
        (self.after_return, self.is_first) = (false, true);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if std::mem::take(&mut self.is_first) {
            line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        }
        if line.is_empty() {
            return self.end_event();
        }
        let string = String::from_utf8_lossy(line);
        let (name, value) = string.split_once(':').unwrap_or((&string, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => self.event = Some(value.to_owned()).filter(|name| !name.is_empty()),
            "id" if !value.contains('\0') => {
                self.id = Some(value).filter(|id| !id.is_empty()).map(Arc::from);
            }
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // Comments, which have no name, and unknown fields are ignored.
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let event = self.event.take();
        self.last_id.clone_from(&self.id);
        if let Some(data) = self.data.take() {
            self.events.push_back(RawEvent { id: self.last_id.clone(), event, data });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(string: &[u8], size: usize) -> Decoder {
        let mut decoder = Decoder::new(1000);
        for chunk in string.chunks(size) {
            decoder.feed(chunk).expect("no event is too long");
        }
        decoder.finish();
        decoder
    }

    fn event(id: Option<&str>, event: Option<&str>, data: &str) -> RawEvent {
        let string = |string: Option<&str>| string.map(str::to_owned);
        RawEvent { id: id.map(Arc::from), event: string(event), data: data.to_owned() }
    }

    /// Everything in the standard, with each kind of line break.
    #[test]
    fn events_do_not_depend_on_line_breaks_and_chunks() {
        let string = "\u{FEFF}: a comment\nid: 1\nevent: add\ndata: first\ndata:  second é\n\n\
                    id\ndata\n\nretry: 250\nretry: soon\nother: x\n\nevent: lost\n\n\
                    id: a\0b\ndata:x:y\n\n\ndata: last";
        let expected = [
            event(Some("1"), Some("add"), "first\n second é"),
            event(None, None, ""),
            event(None, None, "x:y"),
            event(None, None, "last"),
        ];
        for end in ["\n", "\r", "\r\n"] {
            let string = string.replace('\n', end);
            for size in 1..string.len() {
                let decoder = decode(string.as_bytes(), size);
                assert_eq!(decoder.events, expected, "{end:?} {size}");
                assert_eq!(decoder.retry, Some(Duration::from_millis(250)));
            }
        }
    }

    #[test]
    fn an_id_applies_to_later_events() {
        let decoder = decode(b"id: 7\ndata: a\n\ndata: b\n\nid: 8\n\n", 3);
        assert_eq!(decoder.events, [event(Some("7"), None, "a"), event(Some("7"), None, "b")]);
        assert_eq!(decoder.last_id.as_deref(), Some("8"));
    }

    #[test]
    fn events_before_one_that_is_too_long_are_kept() {
        let mut decoder = Decoder::new(16);
        assert_eq!(decoder.feed(b"data: a\n\ndata: 0123456789"), Ok(()));
        assert_eq!(decoder.feed(b"0"), Err(TooLong));
        assert_eq!(decoder.events, [event(None, None, "a")]);
        let mut decoder = Decoder::new(16);
        assert_eq!(decoder.feed(b"data: 01234567\ndata: 01"), Ok(()));
        assert_eq!(decoder.feed(b"2"), Err(TooLong), "over several lines, too");
    }

    #[test]
    fn a_restart_drops_the_incomplete_event_and_keeps_the_id() {
        let mut decoder = Decoder::new(100);
        decoder.feed(b"id: 1\ndata: a\n\nid: 2\ndata: b\nda").expect("short");
        decoder.restart();
        assert_eq!(decoder.last_id.as_deref(), Some("1"), "the second event has not come");
        decoder.feed("\u{FEFF}data: c\n\n".as_bytes()).expect("short");
        assert_eq!(decoder.events, [event(Some("1"), None, "a"), event(Some("1"), None, "c")]);
    }

    #[test]
    fn line_breaks_in_fields_do_not_end_an_event() {
        let some = |string: &str| Some(string.to_owned());
        assert_eq!(write_event(None, None, "a"), "data: a\n\n");
        assert_eq!(
            write_event(some("1\n2"), some("add"), "a\r\nb\r\n\rc"),
            "id: 12\nevent: add\ndata: a\ndata: b\ndata: \ndata: c\n\n"
        );
        assert_eq!(write_event(some("1\0"), some("a\0"), "\0"), "id: 1\nevent: a\0\ndata: \0\n\n");
    }
}
