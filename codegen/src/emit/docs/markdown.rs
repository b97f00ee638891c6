//! Markdown that rustdoc renders as intended.
//!
//! OpenAPI documents contain Markdown of varying quality. rustdoc would run indented lines as
//! doctests and resolve brackets as links, so both are escaped.

use std::borrow::Cow;

use super::code_block::{CodeBlock, Fence};
use super::visible::visible;

/// The width of a doc comment, without its indentation.
const WIDTH: usize = 88;

/// Returns the lines of a comment, escaped and wrapped for rustdoc.
pub(super) fn safe(markdown: &str) -> Vec<String> {
    let markdown = unix_lines(markdown);
    let mut lines = Vec::new();
    let mut block: Option<CodeBlock<'_>> = None;
    // The current paragraph or list item: indentation of its first and other lines, and content.
    let mut open: Option<(&str, &str, String)> = None;
    let flush = |open: &mut Option<(&str, &str, String)>, lines: &mut Vec<String>| {
        if let Some((first, rest, paragraph)) = open.take() {
            wrap(&escape(&paragraph), first, rest, lines);
        }
    };
    for line in markdown.trim().lines() {
        let trimmed = line.trim();
        if let Some(current) = &mut block {
            if current.fence.is_closed_by(trimmed) {
                current.write(&mut lines);
                block = None;
            } else {
                current.lines.push(line.trim_end());
            }
        } else if let Some(fence) = Fence::open(trimmed) {
            flush(&mut open, &mut lines);
            block = Some(CodeBlock { fence, lines: Vec::new() });
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
    if let Some(block) = block {
        block.write(&mut lines);
    }
    lines
}

/// Returns a string whose lines end with `\n` alone.
fn unix_lines(string: &str) -> Cow<'_, str> {
    match string.contains('\r') {
        true => string.replace("\r\n", "\n").replace('\r', "\n").into(),
        false => string.into(),
    }
}

/// Returns a string of the OpenAPI document as code.
pub(in crate::emit) fn code(string: &str) -> String {
    let string = if string.is_empty() { "\"\"".into() } else { visible(string) };
    let runs = string.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default() + 1);
    let pad = if string.starts_with('`') || string.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{string}{pad}{fence}")
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
            || word.starts_with("```")
            || word.starts_with("~~~")
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

/// Escapes brackets and angle brackets, and turns bare URLs into links. Code in backticks is
/// unchanged.
pub(super) fn escape(prose: &str) -> String {
    if !prose.contains(['`', '[', ']', '<', '\\']) && !prose.contains("http") {
        return prose.to_owned();
    }
    let mut escaped = String::with_capacity(prose.len() + 16);
    add(prose, false, &mut escaped);
    escaped
}

/// Adds escaped prose, or the label of a link, in which no other link can be.
fn add(prose: &str, is_label: bool, escaped: &mut String) {
    let mut rest = prose;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '`' => code_span(rest, escaped),
            '[' if !is_label => link(rest, escaped),
            '<' if !is_label => angle(rest, escaped),
            'h' if !is_label => url(rest, escaped),
            // A character that the document escapes is not escaped again.
            '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                escaped.push_str(&rest[..2]);
                2
            }
            '[' | ']' | '<' => {
                escaped.extend(['\\', c]);
                1
            }
            c => {
                escaped.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
}

/// Adds the code at the start of `rest`, or its backticks if none close it. Returns their length.
fn code_span(rest: &str, escaped: &mut String) -> usize {
    let after = rest.trim_start_matches('`');
    let fence = rest.len() - after.len();
    let mut open = after;
    while let Some(at) = open.find('`') {
        let closing = &open[at..];
        let next = closing.trim_start_matches('`');
        if closing.len() - next.len() == fence {
            let length = rest.len() - next.len();
            escaped.push_str(&rest[..length]);
            return length;
        }
        open = next;
    }
    escaped.push_str(&"\\`".repeat(fence));
    fence
}

/// Adds the link at the start of `rest`, or a bracket. Returns the length of what was added.
fn link(rest: &str, escaped: &mut String) -> usize {
    let Some((label, target, length)) = link_parts(rest) else {
        escaped.push_str("\\[");
        return 1;
    };
    escaped.push('[');
    add(label, true, escaped);
    escaped.extend(["](", target, ")"]);
    length
}

/// Returns the label, target and length of the link `[label](target)`, if rustdoc would not take
/// the target for the path of an item.
fn link_parts(rest: &str) -> Option<(&str, &str, usize)> {
    let (label, after) = rest.strip_prefix('[')?.split_once(']')?;
    let after = after.strip_prefix('(')?;
    let mut depth = 0_usize;
    let end = after.find(|c: char| {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            _ => {}
        }
        c.is_whitespace() || "<>`\\\"".contains(c)
    })?;
    let target = &after[..end];
    let is_outside =
        target.starts_with('#') || target.starts_with("mailto:") || target.contains('/');
    let is_link = after[end..].starts_with(')') && is_outside && !label.contains('[');
    let length = rest.len() - after.len() + end + 1;
    is_link.then_some((label, target, length))
}

/// Adds the URL in angle brackets at the start of `rest`, or a bracket. Returns the length of what
/// was added.
fn angle(rest: &str, escaped: &mut String) -> usize {
    let end = rest[1..].find(|c: char| c.is_whitespace() || "<>".contains(c)).map(|end| end + 1);
    match end {
        Some(end) if is_url(&rest[1..]) && rest[end..].starts_with('>') => {
            escaped.push_str(&rest[..=end]);
            end + 1
        }
        _ => {
            escaped.push_str("\\<");
            1
        }
    }
}

/// Adds the URL at the start of `rest` as a link, or one character. Returns the length of what was
/// added.
fn url(rest: &str, escaped: &mut String) -> usize {
    if !is_url(rest) {
        escaped.push('h');
        return 1;
    }
    let end = rest.find(|c: char| c.is_whitespace() || "<>()[]\"'`\\|".contains(c));
    let url = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '*']);
    escaped.extend(["<", url, ">"]);
    url.len()
}

fn is_url(string: &str) -> bool {
    string.starts_with("http://") || string.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::{code, safe};

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
            // Links to items, links in labels, and titles of links are prose.
            ("[Foo](Foo) [`a`](b) [c][d]", "\\[Foo\\](Foo) \\[`a`\\](b) \\[c\\]\\[d\\]"),
            ("[https://a.b](https://a.b/c_(d))", "[https://a.b](https://a.b/c_(d))"),
            ("[a`](#b) `](https://c.d)`", "[a\\`](#b) `](https://c.d)`"),
            ("[a](https://b.c \"d\")", "\\[a\\](<https://b.c> \"d\")"),
            ("<https://a.b> <https://a b> <b>", "<https://a.b> \\<<https://a> b> \\<b>"),
            // What the document escapes stays escaped.
            (r"\<b> \[c\] \` d\", r"\<b> \[c\] \` d\"),
            (r"\\<b>", r"\\\<b>"),
            ("``a ` <b>`` ``` <c>", "``a ` <b>`` \\`\\`\\` \\<c>"),
            ("a\rb\r\nc\r\rd", "a b c\n\nd"),
        ] {
            assert_eq!(safe(markdown).join("\n"), expected, "{markdown}");
        }
    }

    #[test]
    fn strings_are_shown_as_code() {
        for (string, expected) in [
            ("a", "`a`"),
            ("a`b", "``a`b``"),
            ("```", "```` ``` ````"),
            ("", "`\"\"`"),
            ("a\n\u{202e}<b>", "`a\\n\\u{202e}<b>`"),
        ] {
            assert_eq!(code(string), expected);
            assert_eq!(safe(&format!("The {expected}.")), [format!("The {expected}.")]);
        }
    }
}
