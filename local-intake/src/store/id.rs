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
        encode([self.start.cast_unsigned(), self.number.into()])
    }

    pub(super) fn parse(id: &str) -> Option<Self> {
        let [start, number] = decode(id)?;
        Some(Self { start: start.cast_signed(), number: number.try_into().ok()? })
    }

    /// Parses the id of an event, or of a position after it.
    pub(super) fn parse_position(id: &str) -> Option<Self> {
        let [start, number] = decode(id)?;
        Some(Self { start: start.cast_signed(), number: (number & EVENT) as u32 })
    }
}

/// The bits of an id that have the number of the event. Those above count the empty pages after it.
const EVENT: u64 = 0xffff_ffff;

/// Returns the id of the position after an empty page, given the one before it.
pub(crate) fn position_after(id: &str) -> Option<String> {
    let [start, number] = decode(id)?;
    Some(encode([start, number.wrapping_add(EVENT + 1)]))
}

fn encode(numbers: [u64; 2]) -> String {
    URL_SAFE_NO_PAD.encode(numbers.map(u64::to_be_bytes).as_flattened())
}

fn decode(id: &str) -> Option<[u64; 2]> {
    let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
    Some(
        [0, 8].map(|at| {
            bytes[at..at + 8].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        }),
    )
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

    use super::{EventId, cursor, last_event, position_after};

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
    fn positions_after_empty_pages_differ_and_have_the_same_event() {
        let event = EventId { start: -5, number: u32::MAX };
        let mut seen = vec![event.encode()];
        for _ in 0..3 {
            let next = position_after(seen.last().unwrap()).unwrap();
            assert_eq!(EventId::parse_position(&next), Some(event));
            assert_eq!(EventId::parse(&next), None);
            assert!(!seen.contains(&next));
            seen.push(next);
        }
        assert_eq!(position_after("no id"), None);
    }

    #[test]
    fn a_cursor_is_the_last_event_in_base64url() {
        let json = URL_SAFE_NO_PAD.decode(cursor("AbC-_1")).unwrap();
        assert_eq!(json, br#"{"after":"AbC-_1"}"#);
        assert_eq!(last_event(&cursor("AbC-_1")).as_deref(), Some("AbC-_1"));
        assert_eq!(["", "bm90IGpzb24", "e30", "???"].map(last_event), [const { None }; 4]);
    }
}
