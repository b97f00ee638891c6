//! The names of events and of places in a listing, as clients see them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The name of an event: base64url without padding, and meaningless to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct EventId {
    /// When the run began, in nanoseconds since 1970.
    pub(super) start: i64,
    /// Its place among all events.
    pub(super) number: u32,
}

impl EventId {
    pub(super) fn text(self) -> String {
        let mut bytes = [0_u8; 16];
        bytes[..8].copy_from_slice(&self.start.to_be_bytes());
        bytes[8..].copy_from_slice(&u64::from(self.number).to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(super) fn of(text: &str) -> Option<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let [start, number] = [0, 8].map(|at| {
            bytes[at..at + 8].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        });
        Some(Self { start: start.cast_signed(), number: number.try_into().ok()? })
    }
}

/// The cursor of the page behind an event.
#[must_use]
pub fn cursor(after: &str) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::json!({ "after": after }).to_string())
}

/// The event that a cursor goes on behind.
#[must_use]
pub fn after(cursor: &str) -> Option<String> {
    let text = URL_SAFE_NO_PAD.decode(cursor.trim_end_matches('=')).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Some(value.get("after")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{EventId, after, cursor};

    #[test]
    fn event_ids_are_base64url_without_padding() {
        for id in [
            EventId { start: 1_724_351_789_000_000_000, number: 0 },
            EventId { start: -1, number: u32::MAX },
        ] {
            let text = id.text();
            let is_url_safe = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            assert!(text.chars().all(is_url_safe), "{text}");
            assert_eq!(EventId::of(&text), Some(id));
        }
        assert_eq!(["", "AAAA", "!", "é"].map(EventId::of), [None; 4]);
    }

    #[test]
    fn a_cursor_is_the_last_event_in_base64url() {
        let text = URL_SAFE_NO_PAD.decode(cursor("AbC-_1")).unwrap();
        assert_eq!(text, br#"{"after":"AbC-_1"}"#);
        assert_eq!(after(&cursor("AbC-_1")).as_deref(), Some("AbC-_1"));
        assert_eq!(["", "bm90IGpzb24", "e30", "???"].map(after), [const { None }; 4]);
    }
}
