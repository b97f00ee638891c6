//! Documentation runs no code and loads nothing: read with the parser of rustdoc.

use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use specwright::{Config, Input, Source};

use super::code;

/// Checks the Markdown of an item. Links to items of the generated code are allowed.
pub(super) fn check(markdown: &str) -> Result<(), String> {
    // The options of rustdoc.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                return Err("an indented code block is a doc test".to_owned());
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                let first = language.split([',', ' ', '{']).next().unwrap_or_default();
                if first.is_empty() || language.contains("rust") || language.contains([',', ' ']) {
                    return Err(format!("a code block in {language:?} is a doc test"));
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => return Err(format!("HTML {html:?}")),
            Event::Start(Tag::Image { dest_url, .. }) => {
                return Err(format!("an image from {dest_url:?}"));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let scheme = dest_url.split_once(':');
                let is_known = match scheme {
                    None => true,
                    Some(("http" | "https" | "mailto", _)) => true,
                    // A path of Rust, or a colon after the first segment of a path.
                    Some((scheme, rest)) => rest.starts_with(':') || scheme.contains(['/', '#']),
                };
                if !is_known {
                    return Err(format!("a link to {dest_url:?}"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Generates with a string as the documentation of several items.
fn checked(markdown: &str) -> Result<(), String> {
    let document = serde_json::json!({
        "openapi": "3.0.3",
        "info": { "title": markdown, "version": "1", "description": markdown },
        "tags": [{ "name": "a", "description": markdown }],
        "paths": { "/a": { "get": {
            "tags": ["a"],
            "operationId": "a",
            "summary": markdown,
            "description": markdown,
            "deprecated": true,
            "parameters": [{ "name": markdown, "in": "query", "description": markdown, "schema": { "type": "string", "default": markdown } }],
            "responses": { "404": { "description": markdown, "content": { "application/json": { "schema": {
                "type": "object",
                "description": markdown,
                "properties": { "b": { "type": "string", "description": markdown, "enum": [markdown, "a"] } },
            } } } } },
        } } },
    });
    let source = Source::new("a.json", document.to_string());
    let output = specwright::generate(&Input::new(source, Config::default()));
    output.map_err(|found| found.render(false)).and_then(|output| code::check(&output.files))
}

#[test]
fn the_check_finds_what_rustdoc_would_run_or_load() {
    for markdown in [
        "```\na\n```",
        "```rust\na\n```",
        "```rust,no_run\na\n```",
        "~~~\na\n~~~",
        "a\n\n    b",
        "> ~~~\n> a",
        "- * * *\n\n      a",
        "<b>",
        "a <!-- -->",
        "[a](javascript:b)",
        "[a](x&colon;b)",
        "[a]\n\n[a]: data:b",
        "<javascript:a>",
        "![a](b)",
    ] {
        assert!(check(markdown).is_err(), "{markdown}");
    }
    for markdown in ["```json\na\n```", "[a](crate::b) [`C`] `<b>`", "<https://a.b>", "[a](/b:c)"] {
        assert_eq!(check(markdown), Ok(()), "{markdown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    // Any sequence of what means something in Markdown, with words that fill lines.
    #[test]
    fn no_documentation_runs_code(
        parts in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    "```", "~~~", "`", "``", "````", "~", "\n", "\n", "\n\n", "    ", "  ", " ", "\t", "\r",
                    "- ", "* ", "+ ", "1. ", "2) ", "> ", "# ", "## ", "|", "|a|b|\n|-|-|\n", ":-|-:", "---", "===",
                    "* * *", "_ _ _", "- - -", "rust", "rust,no_run", "text", "<b>", "<script>", "<!--", "-->", "</a",
                    "[a]", "[a](b)", "](javascript:a//b)", "[a]: b", "![a](b/c)", "[^1]", "[^1]: ", "\\", "&lt;", "&#58;",
                    "https://a.b", "<https://a.b>", "<javascript:a>", "mailto:", "$", "$$", "{", "}", "fn main() {}",
                ]).prop_map(str::to_owned),
                "[a-z]{1,90}",
                "[ -~]{0,6}",
            ],
            0..24,
        )
    ) {
        let markdown = parts.concat();
        if let Err(problem) = checked(&markdown) {
            return Err(TestCaseError::fail(problem));
        }
    }
}
