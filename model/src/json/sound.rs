//! Whether JSON that is kept can be processed later.

use super::scan::next_special;

/// The depth up to which serde_json decodes.
const MAX_DEPTH: usize = 127;

/// Returns whether valid JSON can be decoded: it is not nested too deeply, and its surrogate pairs
/// are complete.
#[must_use]
pub fn is_sound(json: &str) -> bool {
    let bytes = json.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => match sound_string_end(json, at) {
                Some(end) => at = end,
                None => return false,
            },
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return false;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

/// Returns the position after a string whose content begins at a position, unless it has half of a
/// surrogate pair or does not end.
fn sound_string_end(json: &str, mut at: usize) -> Option<usize> {
    let bytes = json.as_bytes();
    let unit = |at: usize| {
        let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    loop {
        at = next_special(bytes, at);
        if *bytes.get(at)? == b'"' {
            return Some(at + 1);
        }
        at += match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => return None,
            _ => 2,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_serde_json_decodes_is_sound() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        for json in [
            r#""\ud83d\ude00 \u00fc \\ud800""#.to_owned(),
            r#"["\ud800"]"#.to_owned(),
            r#""\ude00\ud83d""#.to_owned(),
            r#""\ud83d\u0041""#.to_owned(),
            r#"{"[\"{": "\\"}"#.to_owned(),
            deep(127),
            deep(128),
        ] {
            let is_decoded = serde_json::from_str::<serde_json::Value>(&json).is_ok();
            assert_eq!(is_sound(&json), is_decoded, "{json}");
        }
    }
}
