//! Markdown that rustdoc renders as intended.
//!
//! OpenAPI documents contain Markdown of varying quality. rustdoc would run indented lines as
//! doctests and resolve brackets as links, so both are escaped.

/// The width of a doc comment, without its indentation.
const WIDTH: usize = 88;

/// Returns the lines of a comment, escaped and wrapped for rustdoc.
pub(super) fn safe(markdown: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fenced = false;
    // The current paragraph or list item: indentation of its first and other lines, and content.
    let mut open: Option<(&str, &str, String)> = None;
    let flush = |open: &mut Option<(&str, &str, String)>, lines: &mut Vec<String>| {
        if let Some((first, rest, paragraph)) = open.take() {
            wrap(&escape(&paragraph), first, rest, lines);
        }
    };
    for line in markdown.trim().lines() {
        let trimmed = line.trim();
        if let Some(language) = trimmed.strip_prefix("```") {
            flush(&mut open, &mut lines);
            lines.push(fence(language.trim(), fenced));
            fenced = !fenced;
        } else if fenced {
            // A bare carriage return is an error in a comment.
            lines.push(line.trim_end().replace('\r', ""));
        } else if trimmed.is_empty() {
            flush(&mut open, &mut lines);
            lines.push(String::new());
        } else if let Some((.., paragraph)) = &mut open
            && !begins_block(trimmed)
        {
            paragraph.push(' ');
            paragraph.push_str(trimmed);
        } else {
            flush(&mut open, &mut lines);
            let is_item = trimmed.starts_with("- ") || trimmed.starts_with("* ");
            // Four spaces would start a code block; two keep a nested item nested.
            let first = if is_item && line.starts_with("  ") { "  " } else { "" };
            let rest = match (is_item, first) {
                (true, "  ") => "    ",
                (true, _) => "  ",
                (false, _) => "",
            };
            open = Some((first, rest, trimmed.to_owned()));
        }
    }
    flush(&mut open, &mut lines);
    if fenced {
        lines.push("```".to_owned());
    }
    lines
}

/// Whether a line starts a new block, and does not continue the previous line.
fn begins_block(line: &str) -> bool {
    let number = line.split(['.', ')']).next().unwrap_or_default();
    line.starts_with("- ")
        || line.starts_with("* ")
        || line.starts_with(['#', '|', '>'])
        || number.parse::<u32>().is_ok()
}

/// Wraps a paragraph. A word that Markdown would read as a marker never starts a line.
fn wrap(paragraph: &str, first: &str, rest: &str, lines: &mut Vec<String>) {
    let mut line = first.to_owned();
    let (mut width, mut is_begun) = (first.len(), false);
    for word in paragraph.split_whitespace() {
        let is_marker = word.starts_with(['-', '*', '+', '#', '>', '='])
            || word.trim_end_matches(['.', ')']).parse::<u32>().is_ok();
        let length = word.chars().count();
        if is_begun && width + 1 + length > WIDTH && !is_marker {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            (width, is_begun) = (rest.len(), false);
        }
        if is_begun {
            line.push(' ');
            width += 1;
        }
        line.push_str(word);
        width += length;
        is_begun = true;
    }
    lines.push(line.trim_end().to_owned());
}

/// Returns the line that opens or closes a code block. rustdoc would compile and run a block
/// in Rust or without a language, so its language becomes `text`.
fn fence(language: &str, is_closing: bool) -> String {
    match language {
        _ if is_closing => "```".to_owned(),
        "" | "rust" => "```text".to_owned(),
        other => format!("```{other}"),
    }
}

/// Escapes brackets and angle brackets, and turns bare URLs into links. Code in backticks is
/// unchanged.
pub(super) fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for (i, part) in line.split('`').enumerate() {
        if i > 0 {
            escaped.push('`');
        }
        if i % 2 == 1 && line.matches('`').count() > i {
            escaped.push_str(part);
        } else {
            escape_prose(part, &mut escaped);
        }
    }
    // An unpaired backtick is not code.
    if line.matches('`').count() % 2 == 1
        && let Some(last) = escaped.rfind('`')
    {
        escaped.insert(last, '\\');
    }
    escaped
}

fn escape_prose(prose: &str, escaped: &mut String) {
    if !prose.contains(['[', ']', '<']) && !prose.contains("http") {
        return escaped.push_str(prose);
    }
    let mut rest = prose;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("http://") || rest.starts_with("https://") {
            let end = rest
                .find(|c: char| c.is_whitespace() || "<>()[]\"'".contains(c))
                .unwrap_or(rest.len());
            let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '*']);
            // The target of a link, or a URL in angle brackets, is a link already.
            if escaped.ends_with("](") || escaped.ends_with('<') {
                escaped.push_str(url);
            } else {
                escaped.extend(["<", url, ">"]);
            }
            rest = &rest[url.len()..];
            continue;
        }
        match c {
            '[' if !is_link(rest) => escaped.push_str("\\["),
            ']' if !rest.starts_with("](") => escaped.push_str("\\]"),
            '<' if !rest.starts_with("<http") => escaped.push_str("\\<"),
            _ => escaped.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// Whether the prose starts with `[label](target)`.
fn is_link(prose: &str) -> bool {
    prose
        .find(']')
        .is_some_and(|close| prose[close..].starts_with("](") && !prose[1..close].contains('['))
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn markdown_is_escaped_for_rustdoc() {
        for (markdown, expected) in [
            ("See https://a.b/c?d=e.", "See <https://a.b/c?d=e>."),
            ("[docs](https://a.b)", "[docs](https://a.b)"),
            ("a [list] of <any-key> in `[x]<y>`", "a \\[list\\] of \\<any-key> in `[x]<y>`"),
            ("    let x = 1;", "let x = 1;"),
            ("- a\n  b\n- c\n\nd\ne", "- a b\n- c\n\nd e"),
            ("one ` backtick", "one \\` backtick"),
            ("```\ncode\n", "```text\ncode\n```"),
            ("```rust\ncode\n```", "```text\ncode\n```"),
        ] {
            assert_eq!(safe(markdown).join("\n"), expected, "{markdown}");
        }
    }
}
