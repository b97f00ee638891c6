//! Doc comments and the attributes next to them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Attribute;

use super::markdown::{code, safe};
use crate::emit::rust::attribute;
use crate::ir::Name;
use crate::text::{is_invisible, visible};

/// The doc comment of an item, and the attributes that belong to its documentation.
pub(in crate::emit) struct Docs(pub Vec<Attribute>);

impl Docs {
    /// Creates a doc comment from lines of Markdown that need no escaping.
    pub(in crate::emit) fn lines<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Self {
        let attribute = |line: L| attribute::name_value("doc", &written(line.as_ref()));
        Self(lines.into_iter().map(attribute).collect())
    }

    /// Adds a deprecation notice. Not `#[deprecated]`, since generated code uses the item itself
    /// and must compile without warnings.
    pub(in crate::emit) fn deprecated(self, is_deprecated: bool) -> Self {
        self.note(is_deprecated, "**Deprecated.**")
    }

    /// Adds a paragraph of one line that needs no escaping, if a condition holds.
    pub(in crate::emit) fn note(mut self, condition: bool, line: &str) -> Self {
        if condition {
            self.0.extend(Self::lines(["", line]).0);
        }
        self
    }

    /// Adds the name in the OpenAPI document as an alias for rustdoc's search, which rejects some
    /// characters.
    pub(super) fn alias(mut self, name: &str) -> Self {
        let is_rejected = |c: char| matches!(c, '"' | '\'') || c.is_whitespace() || is_invisible(c);
        let is_valid = !name.is_empty() && !name.contains(is_rejected);
        if is_valid {
            self.0.push(attribute::list("doc", quote!(alias = #name)));
        }
        self
    }
}

impl ToTokens for Docs {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.iter().for_each(|attribute| attribute.to_tokens(tokens));
    }
}

/// Creates a doc comment from Markdown paragraphs.
pub(in crate::emit) fn comment<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Docs {
    Docs::lines(comment_lines(paragraphs))
}

/// Returns the lines of a doc comment of Markdown paragraphs.
pub(super) fn comment_lines<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs.into_iter().filter(|paragraph| !paragraph.trim().is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(safe(paragraph));
    }
    lines
}

/// Creates the inner doc comment of a module from Markdown.
pub(in crate::emit) fn inner_comment(markdown: &str) -> TokenStream {
    inner_lines(safe(markdown))
}

/// Creates the inner doc comment of a module from lines that need no escaping.
pub(in crate::emit) fn inner_lines<L: AsRef<str>>(
    lines: impl IntoIterator<Item = L>,
) -> TokenStream {
    let lines = lines.into_iter().map(|line| written(line.as_ref()));
    quote!(#(#![doc = #lines])*)
}

/// Returns a line as it is after `///`.
fn written(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {}", visible(line)) }
}

/// Returns the first paragraph, on one line.
pub(in crate::emit) fn first_paragraph(markdown: &str) -> String {
    let paragraph = markdown.trim().split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the documentation of the OpenAPI document, or a fallback if it is absent or blank.
pub(in crate::emit) fn docs_or<'a>(docs: Option<&'a str>, fallback: &'a str) -> &'a str {
    docs.filter(|docs| !docs.trim().is_empty()).unwrap_or(fallback)
}

/// Returns a sentence about the name that is sent, if the Rust name does not show it.
pub(in crate::emit) fn wire_name(kind: &str, name: &Name, wire: &str) -> Option<String> {
    (!name.resembles(wire)).then(|| format!("{kind} {}.", code(wire)))
}
