//! Signs that no YAML may have, and JSON only in part, though texts have them.

use std::borrow::Cow;

/// What stands for a sign that cannot be read.
const UNKNOWN: char = '\u{fffd}';

/// A text in which every sign can be read: escaped pairs of surrogates are the characters that
/// they mean, and what means nothing is [`UNKNOWN`]. Also where the first of those stands.
pub(crate) fn replaced(text: &str) -> (Cow<'_, str>, Option<usize>) {
    let mut first = None;
    let mut result = String::new();
    let mut at = 0;
    while let Some(sign) = next(text, at) {
        result.push_str(&text[at..sign.at]);
        result.push(sign.meant.unwrap_or(UNKNOWN));
        if sign.meant.is_none() {
            first = first.or(Some(sign.at));
        }
        at = sign.at + sign.length;
    }
    (if at == 0 { text.into() } else { (result + &text[at..]).into() }, first)
}

/// A text of as many characters, in which what cannot be read is `?`: places stay where they are.
pub(crate) fn blanked(text: &str) -> Cow<'_, str> {
    let mut result = String::new();
    let mut at = 0;
    while let Some(sign) = next(text, at) {
        result.push_str(&text[at..sign.at]);
        let end = sign.at + sign.length;
        result.extend(text[sign.at..end].chars().map(|_| '?'));
        at = end;
    }
    if at == 0 { text.into() } else { (result + &text[at..]).into() }
}

struct Sign {
    at: usize,
    length: usize,
    /// The character that an escape means.
    meant: Option<char>,
}

/// The next sign from a place on that cannot be read.
fn next(text: &str, from: usize) -> Option<Sign> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| is_suspect(*byte))?;
        let rest = text.get(at..)?;
        let length = match bytes[at] {
            // Whatever is escaped by a backslash is no escape itself.
            b'\\' => match surrogates(rest) {
                Some((length, meant)) => return Some(Sign { at, length, meant }),
                None => {
                    at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                    continue;
                }
            },
            _ => rest.chars().next()?.len_utf8(),
        };
        if rest.chars().next().is_some_and(is_forbidden) {
            return Some(Sign { at, length, meant: None });
        }
        at += length;
    }
}

/// Whether a byte may begin a sign that cannot be read.
fn is_suspect(byte: u8) -> bool {
    matches!(byte, b'\\' | 0x7f | 0xc2 | 0xef)
        || byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// What YAML calls not printable.
fn is_forbidden(sign: char) -> bool {
    match sign {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        _ => sign.is_control(),
    }
}

/// An escaped surrogate at the beginning of a text, with the other of its pair if that follows.
fn surrogates(text: &str) -> Option<(usize, Option<char>)> {
    const ESCAPE: usize = "\\ud83d".len();
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(text).filter(|unit| (0xd800..0xe000).contains(unit))?;
    let pair = text
        .get(ESCAPE..)
        .and_then(unit)
        .and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    Some(pair.map_or((ESCAPE, None), |meant| (2 * ESCAPE, Some(meant))))
}

#[cfg(test)]
mod tests {
    use super::{blanked, replaced};

    #[test]
    fn what_cannot_be_read_is_replaced_and_all_else_stays() {
        for (text, wanted, first) in [
            ("a\tb\r\nü…\u{85}\u{a0}\u{1f600}", "a\tb\r\nü…\u{85}\u{a0}\u{1f600}", None),
            ("a\u{7f}b\u{80}\u{1}", "a\u{fffd}b\u{fffd}\u{fffd}", Some(1)),
            (r"x\ud83d\ude00y", "x\u{1f600}y", None),
            (r"\ud83d \ude00\uD83D\u0041", "\u{fffd} \u{fffd}\u{fffd}\\u0041", Some(0)),
            (r"\\ud83d\n\", r"\\ud83d\n\", None),
            (r"\u00e4\ud8", r"\u00e4\ud8", None),
        ] {
            let (read, at) = replaced(text);
            assert_eq!((read.as_ref(), at), (wanted, first), "{text:?}");
            let blank = blanked(text);
            assert_eq!(blank.chars().count(), text.chars().count(), "{text:?}");
            assert_eq!(replaced(&blank).1, None, "{text:?}");
        }
    }
}
