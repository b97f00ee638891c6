//! Whether JSON that is kept can be processed later.

/// The depth up to which serde_json decodes.
const MAX_DEPTH: usize = 127;

/// Returns whether valid JSON can be decoded: it is not nested too deeply, and its surrogate pairs
/// are complete.
#[must_use]
pub fn is_sound(json: &str) -> bool {
    let bytes = json.as_bytes();
    let (mut depth, mut at, mut is_string) = (0_usize, 0, false);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => is_string = !is_string,
            b'\\' if bytes.get(at) == Some(&b'u') => {
                let unit = |at: usize| {
                    let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
                    u16::from_str_radix(digits, 16).ok()
                };
                at += 5;
                match unit(at - 6) {
                    Some(0xD800..=0xDBFF) if matches!(unit(at), Some(0xDC00..=0xDFFF)) => at += 6,
                    Some(0xD800..=0xDFFF) => return false,
                    _ => {}
                }
            }
            b'\\' => at += 1,
            b'[' | b'{' if !is_string => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return false;
                }
            }
            b']' | b'}' if !is_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
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
