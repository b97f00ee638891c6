//! Characters and escapes that YAML forbids, but that documents contain. JSON allows some of them.
//!
//! | module | responsibility |
//! |---|---|
//! | `visible` | characters that are not shown |

mod visible;

#[cfg(feature = "files")]
pub(crate) use visible::visible_lines;
pub(crate) use visible::{is_invisible, visible};

use std::borrow::Cow;

/// Replaces a forbidden character.
const REPLACEMENT: char = '\u{fffd}';

/// Replaces escaped surrogate pairs by the characters that they encode, and other forbidden
/// characters by U+FFFD. Also returns the byte offset of the first forbidden character.
pub(crate) fn replaced(source: &str) -> (Cow<'_, str>, Option<usize>) {
    let mut first = None;
    let mut result = String::new();
    let mut at = 0;
    while let Some(found) = next(source, at) {
        result.push_str(&source[at..found.at]);
        result.push(found.encoded.unwrap_or(REPLACEMENT));
        if found.encoded.is_none() {
            first = first.or(Some(found.at));
        }
        at = found.at + found.length;
    }
    (if at == 0 { source.into() } else { (result + &source[at..]).into() }, first)
}

/// Replaces forbidden characters by as many `?`, so that positions in characters do not change.
pub(crate) fn blanked(source: &str) -> Cow<'_, str> {
    let mut result = String::new();
    let mut at = 0;
    while let Some(found) = next(source, at) {
        result.push_str(&source[at..found.at]);
        let end = found.at + found.length;
        result.extend(source[found.at..end].chars().map(|_| '?'));
        at = end;
    }
    if at == 0 { source.into() } else { (result + &source[at..]).into() }
}

/// A forbidden character or escape.
struct Forbidden {
    at: usize,
    length: usize,
    /// The character that an escape encodes.
    encoded: Option<char>,
}

/// Returns the next forbidden character or escape.
fn next(source: &str, from: usize) -> Option<Forbidden> {
    let bytes = source.as_bytes();
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| is_candidate(*byte))?;
        let rest = source.get(at..)?;
        let length = match bytes[at] {
            b'\\' => match surrogates(rest) {
                Some((length, encoded)) => return Some(Forbidden { at, length, encoded }),
                // The escaped character can be a backslash, which starts no escape then.
                None => {
                    at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                    continue;
                }
            },
            _ => rest.chars().next()?.len_utf8(),
        };
        if rest.chars().next().is_some_and(is_forbidden) {
            return Some(Forbidden { at, length, encoded: None });
        }
        at += length;
    }
}

/// Returns whether a byte can start a forbidden character or escape.
fn is_candidate(byte: u8) -> bool {
    matches!(byte, b'\\' | 0x7f | 0xc2 | 0xef)
        || byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Returns whether YAML calls a character not printable.
fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        _ => character.is_control(),
    }
}

/// Decodes an escaped surrogate at the start of a string, together with the other of its pair if that
/// follows. Returns the length of the escapes and the character.
fn surrogates(rest: &str) -> Option<(usize, Option<char>)> {
    const ESCAPE: usize = "\\ud83d".len();
    let unit = |rest: &str| {
        let digits = rest.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(rest).filter(|unit| (0xd800..0xe000).contains(unit))?;
    let pair = rest
        .get(ESCAPE..)
        .and_then(unit)
        .and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    Some(pair.map_or((ESCAPE, None), |encoded| (2 * ESCAPE, Some(encoded))))
}

#[cfg(test)]
mod tests {
    use super::{blanked, replaced};

    #[test]
    fn only_forbidden_characters_are_replaced() {
        for (source, expected, first) in [
            ("a\tb\r\nü…\u{85}\u{a0}\u{1f600}", "a\tb\r\nü…\u{85}\u{a0}\u{1f600}", None),
            ("a\u{7f}b\u{80}\u{1}", "a\u{fffd}b\u{fffd}\u{fffd}", Some(1)),
            (r"x\ud83d\ude00y", "x\u{1f600}y", None),
            (r"\ud83d \ude00\uD83D\u0041", "\u{fffd} \u{fffd}\u{fffd}\\u0041", Some(0)),
            (r"\\ud83d\n\", r"\\ud83d\n\", None),
            (r"\u00e4\ud8", r"\u00e4\ud8", None),
        ] {
            let (result, at) = replaced(source);
            assert_eq!((result.as_ref(), at), (expected, first), "{source:?}");
            let blank = blanked(source);
            assert_eq!(blank.chars().count(), source.chars().count(), "{source:?}");
            assert_eq!(replaced(&blank).1, None, "{source:?}");
        }
    }
}
