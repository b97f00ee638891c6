//! Markdown that rustdoc renders as intended.
//!
//! OpenAPI documents contain Markdown of varying quality, and some are hostile. rustdoc would run
//! code blocks as doctests, resolve brackets as links, and copy HTML to the page, so prose contains
//! none of them:
//!
//! - A code block is only written by [`CodeBlock`], in a language that rustdoc does not run. No line
//!   of prose starts with a fence or with four spaces after anything but a paragraph.
//! - No code span crosses the end of a block, where its content would no longer be code: headings
//!   and rows of tables are not wrapped, and spans with `|` in what could be a row are split.

use std::borrow::Cow;

use super::code_block::{CodeBlock, Fence};
use super::spans::escape;
use crate::text::visible;

/// The width of a doc comment, without its indentation.
const WIDTH: usize = 88;

/// A paragraph or list item.
struct Paragraph {
    /// The indentation of its first line.
    first: &'static str,
    /// The indentation of its other lines.
    rest: &'static str,
    content: String,
    is_one_line: bool,
    /// Whether it can be a row of a table, which ends a code span at `|`.
    is_row: bool,
}

/// Returns the lines of a comment, escaped and wrapped for rustdoc.
pub(super) fn safe(markdown: &str) -> Vec<String> {
    let markdown = unix_lines(markdown);
    let mut lines = Vec::new();
    let mut block: Option<CodeBlock<'_>> = None;
    // The current paragraph or list item.
    let mut open: Option<Paragraph> = None;
    let flush = |open: &mut Option<Paragraph>, lines: &mut Vec<String>| {
        if let Some(Paragraph { first, rest, content, is_row, .. }) = open.take() {
            wrap(&escape(&content, is_row), first, rest, lines);
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
        } else if let Some(paragraph) = &mut open
            && !begins_block(trimmed)
            && !paragraph.is_one_line
        {
            paragraph.content.push(' ');
            paragraph.content.push_str(trimmed);
        } else {
            let is_after_row = open.as_ref().is_some_and(|open| open.content.starts_with('|'));
            let is_begun = open.is_some();
            // What precedes a delimiter row is the head of a table, and what follows a row is one.
            let mut is_row = is_row_of_table(trimmed) || is_delimiter(trimmed);
            if let Some(before) = &mut open {
                before.is_row |= is_delimiter(trimmed);
                is_row |= before.is_row;
            }
            flush(&mut open, &mut lines);
            // Otherwise the paragraph before would be the head of the table.
            if is_begun && trimmed.starts_with('|') && !is_after_row {
                lines.push(String::new());
            }
            let is_item = trimmed.starts_with("- ") || trimmed.starts_with("* ");
            // Four spaces would start a code block; two keep a nested item nested.
            let first = if is_item && line.starts_with("  ") { "  " } else { "" };
            let rest = match (is_item, first) {
                (true, "  ") => "    ",
                (true, _) => "  ",
                (false, _) => "",
            };
            let (content, is_one_line) = (trimmed.to_owned(), is_one_line(trimmed));
            open = Some(Paragraph { first, rest, content, is_one_line, is_row });
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
    // A tab is not shown as one in code.
    let string = string.replace('\t', "\\t");
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

/// Whether a block ends with its line: a heading or a row of a table, in any list or quotation.
fn is_one_line(block: &str) -> bool {
    within(block).starts_with(['#', '|'])
}

/// Whether a line starts as a row of a table does, in any list or quotation.
fn is_row_of_table(line: &str) -> bool {
    within(line).starts_with('|')
}

/// Whether a line can be the delimiter row of a table, in any list or quotation.
fn is_delimiter(line: &str) -> bool {
    within(line).chars().all(|c| c.is_whitespace() || "|:-".contains(c))
}

/// Returns what is in the lists and quotations that begin in a line.
fn within(line: &str) -> &str {
    let is_container = |c: char| c.is_whitespace() || c.is_ascii_digit() || "-*+>.)".contains(c);
    line.trim_start_matches(is_container)
}

/// Whether Markdown could read a word at the start of a line as a marker, or as HTML even in code.
fn is_marker(word: &str) -> bool {
    word.starts_with(['-', '*', '+', '#', '>', '=', '|', ':', '_'])
        || (word.starts_with('<') && !word.starts_with("<http"))
        || word.starts_with("```")
        || word.starts_with("~~~")
        || word.starts_with("[^")
        || word.trim_end_matches(['.', ')']).parse::<u32>().is_ok()
}

/// Wraps a paragraph. A word that Markdown would read as a marker never starts a line, and no line
/// has only markers, since nothing could continue it.
fn wrap(paragraph: &str, first: &str, rest: &str, lines: &mut Vec<String>) {
    let mut line = first.to_owned();
    let (mut width, mut is_begun, mut is_prose) = (first.len(), false, false);
    let can_wrap = !is_one_line(paragraph);
    for word in paragraph.split_whitespace() {
        let is_marker = is_marker(word);
        let length = word.chars().count();
        if can_wrap && is_prose && width + 1 + length > WIDTH && !is_marker {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            (width, is_begun) = (rest.len(), false);
        }
        is_prose |= !is_marker;
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
            // Fences in containers, and on one line that is wrapped.
            ("> ~~~rust\n> a", "> \\~\\~\\~rust\n> a"),
            ("- ```rust a```\n+ ~~~", "- `rust a` + \\~\\~\\~"),
            // Code ends at the end of a heading and of a cell, so neither is wrapped.
            ("# a\nb\n|c|\n|`d|<e>`|", "# a\nb\n\n|c|\n|`d`\\|`<e>`|"),
            ("a `b|<c>`\n- - | -", "a `b`\\|`<c>`\n- - | -"),
            ("|a|b|\n|-|-|\n- `c|<d>`\n\n`e|<f>`", "|a|b|\n|-|-|\n- `c`\\|`<d>`\n\n`e|<f>`"),
            ("- `a|<b>`\n- `[c|d]`", "- `a|<b>`\n- `[c|d]`"),
            // Scripts and images are prose.
            ("[a](javascript:b//c) ![d](https://e)", "\\[a\\](javascript:b//c) \\![d](https://e)"),
            (
                "[a](x&colon;y/z) [b](./c) [d](//e) [f](#g)",
                "\\[a\\](x&colon;y/z) [b](./c) [d](//e) [f](#g)",
            ),
        ] {
            assert_eq!(safe(markdown).join("\n"), expected, "{markdown}");
        }
    }

    #[test]
    fn nothing_ends_code_that_is_wrapped() {
        let long = "word ".repeat(17);
        for part in [
            "<script>a",
            "___ ___ <b>",
            "<!-- a",
            "</div>",
            "*** <b>",
            "- <b>",
            "# <b>",
            "[^1]: <b>",
        ] {
            for line in safe(&format!("`{long}abc {part}`")) {
                let is_block = line.starts_with(['<', '_', '*', '-', '#', '[']);
                assert!(!is_block, "{line}");
            }
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
            ("\ta", "`\\ta`"),
        ] {
            assert_eq!(code(string), expected);
            // Three backticks would begin a code block at the start of a line.
            let expected = expected.replace("````", "`");
            assert_eq!(safe(&format!("The {expected}.")), [format!("The {expected}.")]);
        }
    }
}
