//! Visible characters only, and columns of a fixed width.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Replaces characters that control a terminal or reorder characters by escape sequences, such as
/// `\u{1b}`. Line breaks and tabs become `\n`, `\r` and `\t`.
#[must_use]
pub fn visible(string: &str) -> Cow<'_, str> {
    if !string.chars().any(is_control) {
        return Cow::Borrowed(string);
    }
    let mut out = String::with_capacity(string.len() + 8);
    for c in string.chars() {
        if is_control(c) {
            // Writing to a string does not fail.
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Returns whether a character moves the cursor, changes a mode of the terminal, or changes the
/// direction of the characters after it.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns the number of columns that a string takes on a terminal.
#[must_use]
pub fn width(string: &str) -> usize {
    string.width()
}

/// Makes a string visible, and truncates or pads it to a number of columns.
#[must_use]
pub fn fit(string: &str, columns: usize) -> String {
    let string = visible(string);
    let taken = width(&string);
    if taken <= columns {
        return format!("{string}{}", " ".repeat(columns - taken));
    }
    let (mut out, mut taken) = (String::new(), 0);
    for c in string.chars() {
        let more = c.width().unwrap_or_default();
        // One column is for the ellipsis.
        if taken + more + 1 > columns {
            break;
        }
        out.push(c);
        taken += more;
    }
    if columns > 0 {
        out.push('…');
        taken += 1;
    }
    out.push_str(&" ".repeat(columns.saturating_sub(taken)));
    out
}

#[cfg(test)]
mod tests {
    use super::{fit, visible, width};

    #[test]
    fn strings_are_truncated_by_columns() {
        assert_eq!(fit("äöü", 5), "äöü  ");
        assert_eq!(fit("äöü", 3), "äöü");
        assert_eq!(fit("äöü", 2), "ä…");
        assert_eq!(fit("構築", 4), "構築");
        // A wide character does not fit into the last column.
        assert_eq!(fit("構築", 3), "構…");
        assert_eq!(fit("構築x", 4), "構… ");
        assert_eq!(fit("abc", 0), "");
        assert_eq!(width(&fit("構築 の テスト", 9)), 9);
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(visible("plain ✔"), "plain ✔");
        assert_eq!(visible("a\x1b[2J\nb\tc"), "a\\u{1b}[2J\\nb\\tc");
        // CSI as one character, and an override of the direction.
        assert_eq!(visible("\u{9b}31m \u{202e}"), "\\u{9b}31m \\u{202e}");
    }
}
