//! Server-sent events, from bytes to events, as the HTML standard reads them.

use std::collections::VecDeque;
use std::ops::Deref;
use std::time::Duration;

use bytes::Bytes;

/// An event of a server. It dereferences to its data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerSentEvent<T> {
    /// Its id, or that of the last event before it that has one.
    pub id: Option<String>,
    /// Its name (`event:`); `message` is meant where it has none.
    pub event: Option<String>,
    /// Its data.
    pub data: T,
}

impl<T> ServerSentEvent<T> {
    /// An event without id and name.
    pub fn new(data: T) -> Self {
        Self { id: None, event: None, data }
    }

    /// The same event with an id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The same event with a name.
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

/// An event as it is sent. What would end a line in an id or a name is left out.
pub fn write_event(id: Option<String>, event: Option<String>, data: &str) -> Bytes {
    let mut text = String::with_capacity(data.len() + 16);
    let mut field = |name: &str, value: &str| {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push('\n');
    };
    let plain = |value: String| value.replace(['\r', '\n', '\0'], "");
    if let Some(id) = id {
        field("id", &plain(id));
    }
    if let Some(event) = event {
        field("event", &plain(event));
    }
    let data = data.replace("\r\n", "\n").replace('\r', "\n");
    data.split('\n').for_each(|line| field("data", line));
    text.push('\n');
    Bytes::from(text)
}

/// An event as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawEvent {
    /// Its id, or that of the last event before it that has one.
    pub id: Option<String>,
    /// Its name.
    pub event: Option<String>,
    /// Its data.
    pub data: String,
}

/// Takes bytes in pieces of any size, and gives whole events.
#[derive(Debug)]
pub struct Decoder {
    /// The events that are whole.
    pub events: VecDeque<RawEvent>,
    /// How long the server asks to wait before it is asked again.
    pub retry: Option<Duration>,
    /// The id of the last event that is whole and has one, which all events behind it have, too.
    /// A server that is asked again goes on behind it, so it is none of an event that was cut off.
    pub last_id: Option<String>,
    /// The most bytes that an event may have.
    pub most: usize,
    line: Vec<u8>,
    /// Whether a line has ended with a carriage return, which a line feed may follow.
    behind_return: bool,
    /// Whether the first line is still to come, which may begin with a byte order mark.
    is_first: bool,
    /// The id that the event has once it is whole.
    id: Option<String>,
    event: Option<String>,
    data: Option<String>,
}

/// An event is longer than may be.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

impl Decoder {
    /// Creates a decoder that accepts events of at most this many bytes.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            events: VecDeque::new(),
            retry: None,
            last_id: None,
            most,
            line: Vec::new(),
            behind_return: false,
            is_first: true,
            id: None,
            event: None,
            data: None,
        }
    }

    /// Takes the next bytes. The events in front of one that is too long are whole.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), TooLong> {
        while let Some(first) = bytes.first() {
            if std::mem::take(&mut self.behind_return) && *first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            let so_far = self.line.len() + self.data.as_ref().map_or(0, String::len);
            if so_far.saturating_add(part.len()) > self.most {
                return Err(TooLong);
            }
            self.line.extend_from_slice(part);
            if let Some((end, rest)) = rest.split_first() {
                self.behind_return = *end == b'\r';
                self.end_line();
                bytes = rest;
            } else {
                bytes = rest;
            }
        }
        Ok(())
    }

    /// The bytes have ended where they should: an event without the blank line behind it is one.
    pub fn finish(&mut self) {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.end_event();
    }

    /// The bytes were cut off, and begin anew elsewhere.
    pub fn begin_again(&mut self) {
        self.line.clear();
        self.id.clone_from(&self.last_id);
        (self.event, self.data) = (None, None);
        (self.behind_return, self.is_first) = (false, true);
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
        let text = String::from_utf8_lossy(line);
        let (name, value) = text.split_once(':').unwrap_or((&text, ""));
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
                self.id = Some(value.to_owned()).filter(|id| !id.is_empty());
            }
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // Comments, which have no name, and what is not in the standard.
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

    fn decode(text: &[u8], size: usize) -> Decoder {
        let mut decoder = Decoder::new(1000);
        for chunk in text.chunks(size) {
            decoder.feed(chunk).expect("no event is too long");
        }
        decoder.finish();
        decoder
    }

    fn event(id: Option<&str>, event: Option<&str>, data: &str) -> RawEvent {
        let text = |text: Option<&str>| text.map(str::to_owned);
        RawEvent { id: text(id), event: text(event), data: data.to_owned() }
    }

    /// All that the standard has, with each way to end a line.
    #[test]
    fn events_are_the_same_however_lines_end_and_bytes_are_cut() {
        let text = "\u{FEFF}: a comment\nid: 1\nevent: add\ndata: first\ndata:  second é\n\n\
                    id\ndata\n\nretry: 250\nretry: soon\nother: x\n\nevent: lost\n\n\
                    id: a\0b\ndata:x:y\n\n\ndata: last";
        let expected = [
            event(Some("1"), Some("add"), "first\n second é"),
            event(None, None, ""),
            event(None, None, "x:y"),
            event(None, None, "last"),
        ];
        for end in ["\n", "\r", "\r\n"] {
            let text = text.replace('\n', end);
            for size in 1..text.len() {
                let decoder = decode(text.as_bytes(), size);
                assert_eq!(decoder.events, expected, "{end:?} {size}");
                assert_eq!(decoder.retry, Some(Duration::from_millis(250)));
            }
        }
    }

    #[test]
    fn an_id_is_kept_for_the_events_behind_it() {
        let decoder = decode(b"id: 7\ndata: a\n\ndata: b\n\nid: 8\n\n", 3);
        assert_eq!(decoder.events, [event(Some("7"), None, "a"), event(Some("7"), None, "b")]);
        assert_eq!(decoder.last_id.as_deref(), Some("8"));
    }

    #[test]
    fn an_event_that_is_too_long_does_not_cost_those_before_it() {
        let mut decoder = Decoder::new(16);
        assert_eq!(decoder.feed(b"data: a\n\ndata: 0123456789"), Ok(()));
        assert_eq!(decoder.feed(b"0"), Err(TooLong));
        assert_eq!(decoder.events, [event(None, None, "a")]);
        let mut decoder = Decoder::new(16);
        assert_eq!(decoder.feed(b"data: 01234567\ndata: 01"), Ok(()));
        assert_eq!(decoder.feed(b"2"), Err(TooLong), "over several lines, too");
    }

    #[test]
    fn what_was_cut_off_is_forgotten_and_the_id_is_not() {
        let mut decoder = Decoder::new(100);
        decoder.feed(b"id: 1\ndata: a\n\nid: 2\ndata: b\nda").expect("short");
        decoder.begin_again();
        assert_eq!(decoder.last_id.as_deref(), Some("1"), "the second event has not come");
        decoder.feed("\u{FEFF}data: c\n\n".as_bytes()).expect("short");
        assert_eq!(decoder.events, [event(Some("1"), None, "a"), event(Some("1"), None, "c")]);
    }

    #[test]
    fn an_event_never_ends_before_its_end() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(write_event(None, None, "a"), "data: a\n\n");
        assert_eq!(
            write_event(some("1\n2"), some("add"), "a\r\nb\r\n\rc"),
            "id: 12\nevent: add\ndata: a\ndata: b\ndata: \ndata: c\n\n"
        );
    }
}
