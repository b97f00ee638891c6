//! Event ids and cursors, as clients see them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The id of an event: opaque to clients, base64url without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct EventId {
    /// The start of the run, in nanoseconds since 1970.
    pub(super) start: i64,
    /// The position among all events, in the order of their first update.
    pub(super) number: u32,
}

impl EventId {
    pub(super) fn encode(self) -> String {
        let mut bytes = [0_u8; 16];
        bytes[..8].copy_from_slice(&self.start.to_be_bytes());
        bytes[8..].copy_from_slice(&u64::from(self.number).to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(super) fn parse(id: &str) -> Option<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
        let [start, number] = [0, 8].map(|at| {
            bytes[at..at + 8].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        });
        Some(Self { start: start.cast_signed(), number: number.try_into().ok()? })
    }
}

/// Returns the cursor of the page that follows an event.
pub(crate) fn cursor(last: &str) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::json!({ "after": last }).to_string())
}

/// Returns the id of the event that the page of a cursor follows.
pub(crate) fn last_event(cursor: &str) -> Option<String> {
    let json = URL_SAFE_NO_PAD.decode(cursor.trim_end_matches('=')).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&json).ok()?;
    Some(value.get("after")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{EventId, cursor, last_event};

    #[test]
    fn event_ids_are_base64url_without_padding() {
        for id in [
            EventId { start: 1_724_351_789_000_000_000, number: 0 },
            EventId { start: -1, number: u32::MAX },
        ] {
            let encoded = id.encode();
            let is_url_safe = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            assert!(encoded.chars().all(is_url_safe), "{encoded}");
            assert_eq!(EventId::parse(&encoded), Some(id));
        }
        assert_eq!(["", "AAAA", "!", "é"].map(EventId::parse), [None; 4]);
    }

    #[test]
    fn a_cursor_is_the_last_event_in_base64url() {
        let json = URL_SAFE_NO_PAD.decode(cursor("AbC-_1")).unwrap();
        assert_eq!(json, br#"{"after":"AbC-_1"}"#);
        assert_eq!(last_event(&cursor("AbC-_1")).as_deref(), Some("AbC-_1"));
        assert_eq!(["", "bm90IGpzb24", "e30", "???"].map(last_event), [const { None }; 4]);
    }
}
