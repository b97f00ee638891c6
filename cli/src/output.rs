//! Prints to the terminal.

use std::env;
use std::io::{self, IsTerminal, Write};

/// Prints the result of a command. Ignores a pipe that was closed early.
pub(crate) fn print(message: &str) {
    let _ = writeln!(io::stdout(), "{}", harmless(message.trim_end()));
}

/// Prints errors or warnings. Ignores a pipe that was closed early.
pub fn print_error(message: &str) {
    let _ = writeln!(io::stderr(), "{}", harmless(message.trim_end()));
}

/// Returns whether errors and warnings are coloured: on a terminal, unless `NO_COLOR` is set.
pub(crate) fn use_colour() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Escapes what a terminal would act on, except for colours. Strings of a document can be part of
/// any message.
fn harmless(message: &str) -> String {
    let mut harmless = String::with_capacity(message.len());
    for (at, c) in message.char_indices() {
        let rest = message.get(at..).unwrap_or_default();
        match !acts(c) || is_colour(rest) {
            true => harmless.push(c),
            false => harmless.extend(c.escape_default()),
        }
    }
    harmless
}

/// Returns whether a terminal acts on a character: a control, or one that changes the direction.
fn acts(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}

/// Escapes what a terminal would act on, in strings of a document.
pub(crate) fn escape(string: &str) -> String {
    let escaped = |c: char| match acts(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    string.chars().map(escaped).collect()
}

/// Escapes what a terminal would act on, in JSON. Such a character is always in a string.
pub(crate) fn escape_json(json: &str) -> String {
    let escaped = |c: char| match acts(c) {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    json.chars().map(escaped).collect()
}

/// Returns whether a string starts with the escape sequence of a colour.
fn is_colour(string: &str) -> bool {
    string.strip_prefix("\u{1b}[").is_some_and(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
    })
}

#[cfg(test)]
mod tests {
    use super::{escape, escape_json, harmless};

    #[test]
    fn only_colours_reach_the_terminal() {
        for (message, expected) in [
            ("a\n\tb \u{1b}[1;31mc\u{1b}[0m", "a\n\tb \u{1b}[1;31mc\u{1b}[0m"),
            ("\u{1b}[2J\u{1b}]0;a\u{7}\r", "\\u{1b}[2J\\u{1b}]0;a\\u{7}\\r"),
            ("\u{9b}31m\u{202e}", "\\u{9b}31m\\u{202e}"),
        ] {
            assert_eq!(harmless(message), expected);
        }
    }

    #[test]
    fn strings_of_documents_have_no_colours() {
        let string = "a\n\u{1b}[8m\u{9b}31m\u{202e}é";
        assert_eq!(escape(string), "a\n\\u{1b}[8m\\u{9b}31m\\u{202e}é");
        let json = serde_json::json!([string]).to_string();
        let escaped = escape_json(&json);
        assert!(escaped.contains("\\u009b") && escaped.contains("\\u202e"), "{escaped}");
        let read: Vec<String> = serde_json::from_str(&escaped).unwrap_or_default();
        assert_eq!(read, [string]);
    }
}
