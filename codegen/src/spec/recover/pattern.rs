//! Regular expressions in the syntax of JavaScript literals: `/^a$/i`.

use super::part::Part;
use crate::diagnostics::messages;

/// The flags of JavaScript.
const FLAGS: &str = "dgimsuvy";

/// Removes the delimiters and flags of a literal. With them, no value would match.
pub(super) fn recover(part: &mut Part<'_>) {
    let Some(pattern) = part.string("pattern").and_then(literal) else { return };
    let message = messages::pattern_literal(&pattern);
    part.set("pattern", pattern);
    part.note_field("pattern", message);
}

/// Returns the pattern in a literal. Slashes alone do not make a literal, because a pattern can
/// match paths. With `^` after the first slash, or `$` before the last one, nothing else is possible.
fn literal(pattern: &str) -> Option<String> {
    let (inner, flags) = pattern.trim().strip_prefix('/')?.rsplit_once('/')?;
    let is_literal = (inner.starts_with('^') || inner.ends_with('$'))
        && flags.chars().all(|flag| FLAGS.contains(flag));
    // Only these flags can be written in the pattern, too.
    let kept: String = flags.chars().filter(|flag| "ims".contains(*flag)).collect();
    is_literal.then(|| match kept.as_str() {
        "" => inner.to_owned(),
        kept => format!("(?{kept}){inner}"),
    })
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn only_unambiguous_literals_are_recognised() {
        for (pattern, expected) in [
            ("/^[0-9]{5}$/", Some("^[0-9]{5}$")),
            ("/^[a-z]+/gi", Some("(?i)^[a-z]+")),
            ("/a/b$/s", Some("(?s)a/b$")),
            ("/^a$/q", None),
            ("/a/b/", None),
            ("^/a/b$", None),
            ("/^a$", None),
            ("//", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(literal(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
