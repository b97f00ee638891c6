//! What to look at when the parser of YAML stops. It names what it expected, not what is wrong.

/// Parts of error messages, each with the usual mistake.
const HINTS: [(&str, &str); 14] = [
    (
        "mapping values are not allowed",
        "put a value that contains `: ` in quotes, and indent the keys of an object equally",
    ),
    (
        "did not find expected key",
        "check the indentation and the quotes of this line and of the one above it",
    ),
    ("did not find expected '-'", "indent the elements of a list equally, each with `- `"),
    ("did not find expected ','", "check for a missing comma or bracket on this line and above it"),
    (
        "found character that cannot start any token",
        "indent with spaces instead of tabs, and put a value that starts with `@`, `%` or a backtick in quotes",
    ),
    ("found unexpected end of stream", "close the quote or bracket that is still open"),
    ("EOF while parsing", "close the quote or bracket that is still open"),
    (
        "could not find expected ':'",
        "write `: ` after each key, and `|` before a string of several lines",
    ),
    ("block sequence entries are not allowed", "begin a list on a line of its own"),
    (
        "did not find expected node content",
        "put a value that starts with a special character in quotes",
    ),
    ("did not find expected alphabetic", "put a value that starts with `*` or `&` in quotes"),
    ("unknown anchor", "define the anchor with `&` above its use, or put the value in quotes"),
    ("did not find expected whitespace", "put a value that starts with `!` in quotes"),
    ("control characters are not allowed", "remove the control character"),
];

/// Returns what to look at, as a part of the message.
pub(super) fn hint(message: &str) -> String {
    let hint = HINTS.iter().find(|(part, _)| message.contains(part));
    hint.map_or(String::new(), |(_, hint)| format!("; {hint}"))
}
