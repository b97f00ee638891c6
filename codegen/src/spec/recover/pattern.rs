//! Patterns between slashes, as JavaScript writes them in programs.

use super::Part;
use crate::diagnostics::messages;

/// The flags of JavaScript.
const FLAGS: &str = "dgimsuvy";

/// Reads a pattern without what only JavaScript has around it: with it, no value would be valid.
pub(super) fn mend(part: &mut Part<'_>) {
    let Some(pattern) = part.text("pattern").and_then(literal) else { return };
    let message = messages::pattern_literal(&pattern);
    part.set("pattern", pattern);
    part.note("pattern", message);
}

/// The pattern within a literal. Slashes alone make none, as patterns may be of paths: an end or
/// a beginning of the text beside them, where nothing can be before or behind it, does.
fn literal(text: &str) -> Option<String> {
    let (inner, flags) = text.trim().strip_prefix('/')?.rsplit_once('/')?;
    let is_literal = (inner.starts_with('^') || inner.ends_with('$'))
        && flags.chars().all(|flag| FLAGS.contains(flag));
    // The flags that regular expressions have within the pattern, too.
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
    fn only_what_is_certainly_a_literal_is_read_as_one() {
        for (text, wanted) in [
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
            assert_eq!(literal(text).as_deref(), wanted, "{text}");
        }
    }
}
