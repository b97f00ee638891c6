//! Characters that a reader would not see. The compiler rejects some of them in comments, and a
//! terminal acts on others.

use std::borrow::Cow;

/// Replaces invisible characters by their escapes in Rust.
pub(crate) fn visible(string: &str) -> Cow<'_, str> {
    if !string.contains(is_invisible) {
        return string.into();
    }
    let mut shown = String::with_capacity(string.len() + 8);
    for c in string.chars() {
        match is_invisible(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown.into()
}

/// Replaces invisible characters in each line.
#[cfg(any(feature = "files", test))]
pub(crate) fn visible_lines(string: &str) -> Cow<'_, str> {
    let is_hidden = |c| c != '\n' && is_invisible(c);
    if !string.contains(is_hidden) {
        return string.into();
    }
    string.split('\n').map(visible).collect::<Vec<_>>().join("\n").into()
}

/// Returns whether a character is a control, a line separator, or changes the direction
/// of string. Tabs and joiners are part of ordinary string.
pub(crate) fn is_invisible(c: char) -> bool {
    match c {
        ' '..='~' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' => true,
        '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_lines};

    #[test]
    fn invisible_characters_are_shown() {
        for (string, expected) in [
            ("plain\ttext", "plain\ttext"),
            ("é\u{200d}日本\u{1f600}\u{fe0f}", "é\u{200d}日本\u{1f600}\u{fe0f}"),
            ("a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}"),
            ("\u{0}\r\n\u{7f}\u{85}\u{feff}", "\\u{0}\\r\\n\\u{7f}\\u{85}\\u{feff}"),
        ] {
            assert_eq!(visible(string), expected);
        }
        assert_eq!(visible_lines("a\n\r\u{1b}[2J\n"), "a\n\\r\\u{1b}[2J\n");
    }
}
