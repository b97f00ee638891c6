//! Removes credentials from strings that are shown.

use std::cmp::Reverse;
use std::ops::Range;

use specwright_model::credential::REDACTED;

/// Shorter credentials are not removed: they would occur in any string by chance.
const MIN_LENGTH: usize = 4;

/// Shorter credentials are removed only as words: where no letter, digit, `_` or `-` is next to them.
const MIN_INSIDE: usize = 8;

/// The longest run of backslashes that may precede an escaped character, from quoting JSON in JSON.
const MAX_BACKSLASHES: usize = 16;

/// The most bytes that an encoded byte of a credential takes, such as `\\\u0041`, apart from longer
/// runs of backslashes.
const MAX_ENCODED: usize = 9;

/// The credentials of a client, in all forms in which a server may quote them.
///
/// A credential is also found where it is encoded: as in JSON (`\u0041`, `\/`), as in a URL (`%41`)
/// and as in HTML (`&#65;`), in all or in some of its characters. A credential of fewer than 4
/// characters is not removed, and one of fewer than 8 only as a word of its own.
#[derive(Default)]
pub(crate) struct Redactor {
    /// Without duplicates, longest first. All are ASCII, as header values are.
    forms: Vec<Vec<u8>>,
    /// The bytes at which a form or the marker can begin.
    first: [u64; 4],
}

impl Redactor {
    /// Creates a redactor of these forms.
    pub(crate) fn new(forms: impl IntoIterator<Item = String>) -> Self {
        let mut forms: Vec<_> = forms.into_iter().map(String::into_bytes).collect();
        forms.retain(|form| form.len() >= MIN_LENGTH && form.is_ascii());
        forms.sort_by(|a, b| (Reverse(a.len()), a).cmp(&(Reverse(b.len()), b)));
        forms.dedup();
        let mut first = [0_u64; 4];
        for byte in forms.iter().map(|form| form[0]).chain(*br"\%&+<") {
            first[usize::from(byte / 64)] |= 1 << (byte % 64);
        }
        Self { forms, first }
    }

    /// Replaces all credentials in a string, in one pass. Markers that it already has stay as they are.
    pub(crate) fn redact(&self, string: &str) -> String {
        let mut output = String::new();
        let mut copied = 0;
        self.find(string, |found| {
            output.push_str(&string[copied..found.start]);
            output.push_str(REDACTED);
            copied = found.end;
        });
        output.push_str(&string[copied..]);
        output
    }

    /// Like [`redact`](Self::redact), without a copy if there is nothing to replace.
    pub(crate) fn redact_owned(&self, string: String) -> String {
        let mut is_found = false;
        self.find(&string, |_| is_found = true);
        if is_found { self.redact(&string) } else { string }
    }

    /// Returns the most bytes that a credential takes in a string.
    pub(crate) fn longest(&self) -> usize {
        self.forms.first().map_or(0, |form| form.len() * MAX_ENCODED)
    }

    fn find(&self, string: &str, mut found: impl FnMut(Range<usize>)) {
        let bytes = string.as_bytes();
        let mut at = 0;
        while !self.forms.is_empty() && at < bytes.len() {
            let byte = bytes[at];
            if self.first[usize::from(byte / 64)] & (1 << (byte % 64)) == 0 {
                at += 1;
            } else if bytes[at..].starts_with(REDACTED.as_bytes()) {
                at += REDACTED.len();
            } else if let Some(length) = self.forms.iter().find_map(|form| matched(bytes, at, form))
            {
                found(at..at + length);
                at += length;
            } else {
                at += 1;
            }
        }
    }
}

/// Returns the length of a form at a position of a string, if it is there.
fn matched(string: &[u8], at: usize, form: &[u8]) -> Option<usize> {
    let rest = &string[at..];
    let length = if rest.starts_with(form) { form.len() } else { decoded(rest, form)? };
    let is_word = || {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let after = rest.get(length).is_some_and(is_part);
        // The letter of an escape such as `\n` is not part of a word.
        let is_escape = at >= 2 && string[at - 2] == b'\\';
        let before = at > 0 && is_part(&string[at - 1]) && !is_escape;
        !after && !before
    };
    (form.len() >= MIN_INSIDE || is_word()).then_some(length)
}

/// Returns the length of an encoded form at the start of a string. At the end of the string, half of the
/// form is enough, because the string may have been cut off there.
fn decoded(string: &[u8], form: &[u8]) -> Option<usize> {
    let mut length = 0;
    for (index, wanted) in form.iter().enumerate() {
        let rest = &string[length..];
        if rest.is_empty() {
            let is_most = form.len() >= MIN_INSIDE && index >= form.len() / 2;
            return is_most.then_some(length);
        }
        length += encoded(rest, *wanted)?;
    }
    Some(length)
}

/// Returns the length of a character at the start of a string, encoded or not.
fn encoded(string: &[u8], wanted: u8) -> Option<usize> {
    let escape = match string[0] {
        b'\\' => escaped(string, wanted),
        b'%' => (hexadecimal(string.get(1..3)?) == Some(u32::from(wanted))).then_some(3),
        b'+' => (wanted == b' ').then_some(1),
        b'&' => entity(string, wanted),
        _ => None,
    };
    escape.or((string[0] == wanted).then_some(1))
}

/// Returns the length of a character that is escaped as in JSON.
fn escaped(string: &[u8], wanted: u8) -> Option<usize> {
    let slashes = string.iter().take(MAX_BACKSLASHES).take_while(|byte| **byte == b'\\').count();
    let rest = &string[slashes..];
    match rest.first()? {
        b'u' if hexadecimal(rest.get(1..5)?) == Some(u32::from(wanted)) => Some(slashes + 5),
        b't' if wanted == b'\t' => Some(slashes + 1),
        byte @ (b'"' | b'/' | b'\'') if *byte == wanted => Some(slashes + 1),
        _ => (wanted == b'\\' && slashes >= 2).then_some(2),
    }
}

/// Returns the length of a character that is written as an entity of HTML.
fn entity(string: &[u8], wanted: u8) -> Option<usize> {
    let end = string.iter().take(12).position(|byte| *byte == b';')?;
    let name = &string[1..end];
    let value = match name {
        b"amp" => u32::from(b'&'),
        b"lt" => u32::from(b'<'),
        b"gt" => u32::from(b'>'),
        b"quot" => u32::from(b'"'),
        b"apos" => u32::from(b'\''),
        [b'#', b'x' | b'X', digits @ ..] => hexadecimal(digits)?,
        [b'#', digits @ ..] => std::str::from_utf8(digits).ok()?.parse().ok()?,
        _ => return None,
    };
    (value == u32::from(wanted)).then_some(end + 1)
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    // `from_str_radix` also accepts `+`.
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_plain.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(form: &str, string: &str) -> String {
        Redactor::new([form.to_owned()]).redact(string)
    }

    #[test]
    fn a_credential_is_removed_in_every_encoding() {
        let secret = r#"k3y/"a\b<c&d"#;
        for quoted in [
            secret,
            r#"k3y\/\"a\\b<c&d"#,
            r"\u006b3y\u002F\u0022a\u005cb\u003cc\u0026d",
            "k3y%2F%22a%5cb%3Cc%26d",
            "k3y/&quot;a\\b&lt;c&amp;d",
            "&#107;3y&#x2f;&#34;a\\b<c&d",
        ] {
            let shown = redact(secret, &format!("key `{quoted}`."));
            assert_eq!(shown, "key `<redacted>`.", "{quoted}");
        }
        // JSON in a string of JSON.
        assert_eq!(redact("k/\"<z", r#"\\/, k\\/\\\"\\u003cz"#), r"\\/, <redacted>");
        assert_eq!(redact("a string", "a+string, a%20string"), "<redacted>, <redacted>");
        // Not the same characters.
        for other in [r"k3y\u002f'a", "k3y%2", r"k3y\", "k3y&#+47;", "é\\u00"] {
            assert_eq!(redact(secret, other), other);
        }
    }

    #[test]
    fn a_marker_is_never_changed() {
        for form in ["redacted", "acte", "<redacted>", "edacted> "] {
            let once = redact(form, &format!("{form} <redacted> x"));
            assert_eq!(redact(form, &once), once);
            assert!(once.ends_with("<redacted> x") && !once.contains("<<"), "{once}");
        }
        // One form is in another, and one is in the marker of another.
        let both = Redactor::new(["redacted".to_owned(), "secret-redacted".to_owned()]);
        assert_eq!(both.redact("secret-redacted redacted"), "<redacted> <redacted>");
    }

    #[test]
    fn a_short_credential_is_removed_only_as_a_word() {
        assert_eq!(redact("key", "the key"), "the key");
        assert_eq!(redact("a", "a banana"), "a banana");
        assert_eq!(
            redact("test", "test the latest tests: \"test\""),
            "<redacted> the latest tests: \"<redacted>\""
        );
        assert_eq!(redact("test", r"bad\ntest"), r"bad\n<redacted>");
        assert_eq!(redact("local", "local_intake local-intake"), "local_intake local-intake");
        assert_eq!(redact("12345678", "x12345678x"), "x<redacted>x");
    }

    #[test]
    fn the_beginning_of_a_credential_at_the_end_is_removed() {
        assert_eq!(redact("0123456789abcdef", "key 0123456789ab"), "key <redacted>");
        assert_eq!(redact("0123456789abcdef", "key 0123456"), "key 0123456");
        assert_eq!(redact("0123456789abcdef", r"key 01234567\u003"), r"key 01234567\u003");
    }

    /// Whatever the string is, the credential is not in it afterwards, and it does not panic.
    #[test]
    fn nothing_remains_in_strings_of_fragments() {
        let secret = r"ab\u%41+x";
        let redactor = Redactor::new([secret.to_owned()]);
        let parts =
            ["ab", r"\", "u", "%", "41", "+", "x", "é", "&#", ";", secret, "<redacted>", "<"];
        for seed in 0..20_000_usize {
            let string: String =
                (0..6).map(|i| parts[(seed >> (2 * i)) * 7 % parts.len()]).collect();
            assert!(!redactor.redact(&string).contains(secret), "{string}");
        }
    }
}
