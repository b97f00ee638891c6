//! Doc comments. Descriptions are CommonMark of any quality, and rustdoc runs indented
//! text as tests and takes brackets for links, so the text is made safe first.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Attribute;

use super::body;
use super::syntax::item::{attribute, attribute_list, attribute_word};
use crate::ir::{Body, Field, Name, Operation, Parameter, ParameterLocation, Presence, TypeDef};

/// What stands above an item: its doc comment, and attributes that say more of it.
pub(super) struct Docs(pub Vec<Attribute>);

impl Docs {
    /// Of lines that are safe.
    pub(super) fn lines<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Self {
        let attribute = |line: L| match line.as_ref() {
            "" => attribute("doc", ""),
            line => attribute("doc", &format!(" {line}")),
        };
        Self(lines.into_iter().map(attribute).collect())
    }

    /// Says what the description advises against. Not `#[deprecated]`: generated code itself
    /// must use it without warnings.
    pub(super) fn deprecated(self, is: bool) -> Self {
        self.note(is, "**Deprecated** by the description.")
    }

    /// Adds a paragraph of one line, which is safe, where something is so.
    pub(super) fn note(mut self, is: bool, line: &str) -> Self {
        if is {
            self.0.extend(Self::lines(["", line]).0);
        }
        self
    }

    /// The name in the description, for those who search for it. rustdoc refuses some characters.
    fn alias(mut self, name: &str) -> Self {
        let usable = !name.is_empty()
            && name.trim() == name
            && !name.contains(['"', '\''])
            && !name.contains(char::is_whitespace);
        if usable {
            self.0.push(attribute_list("doc", quote!(alias = #name)));
        }
        self
    }
}

impl ToTokens for Docs {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.iter().for_each(|attribute| attribute.to_tokens(tokens));
    }
}

/// A doc comment of paragraphs, each made safe.
pub(super) fn comment<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Docs {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs.into_iter().filter(|text| !text.trim().is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(safe(paragraph));
    }
    Docs::lines(lines)
}

/// A doc comment of the module that it stands in.
pub(super) fn inner_comment(text: &str) -> TokenStream {
    let line = |line: String| if line.is_empty() { line } else { format!(" {line}") };
    let lines = safe(text).into_iter().map(line);
    quote!(#(#![doc = #lines])*)
}

/// The first paragraph of a text, on one line.
pub(super) fn line(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of the description or, where that has none or a blank one, another.
pub(super) fn text_or<'a>(text: Option<&'a str>, otherwise: &'a str) -> &'a str {
    text.filter(|text| !text.trim().is_empty()).unwrap_or(otherwise)
}

/// The doc comment and attributes of a type.
pub(super) fn of_type(def: &TypeDef) -> Docs {
    let upstream = def.schema_name.as_deref();
    let fallback = format!("`{}` of the description.", upstream.unwrap_or(&def.pointer));
    let docs = comment([text_or(def.docs.as_deref(), &fallback)]);
    match upstream.filter(|name| *name != def.name.0) {
        Some(name) => docs.alias(name),
        None => docs,
    }
    .deprecated(def.deprecated)
}

/// The doc comment of a property. One that is only a reference is described at its type.
pub(super) fn of_field(field: &Field, inherited: Option<&str>) -> Docs {
    let fallback = format!("The property `{}`.", field.wire);
    let docs = text_or(field.docs.as_deref(), text_or(inherited, &fallback));
    let is_optional = field.presence == Presence::Optional && field.constant.is_none();
    let default = field
        .default
        .as_ref()
        .filter(|_| is_optional)
        .map(|default| format!("The API takes `{default}` if it is absent."));
    let wire = wire("In JSON", &field.name, &field.wire).filter(|_| docs != fallback);
    let more = [default.as_deref(), wire.as_deref()].into_iter().flatten();
    comment([docs].into_iter().chain(more)).deprecated(field.deprecated)
}

/// The doc comment of a parameter.
pub(super) fn of_parameter(parameter: &Parameter) -> Docs {
    let fallback = format!("The parameter `{}`.", parameter.wire);
    let docs = text_or(parameter.docs.as_deref(), &fallback);
    let default = parameter
        .default
        .as_ref()
        .map(|default| format!("The API takes `{default}` if it is not given."));
    let place = match parameter.location {
        ParameterLocation::Path => "In the path",
        ParameterLocation::Query => "In the query",
        ParameterLocation::Header => "In the header",
        ParameterLocation::Cookie => "In the cookie",
    };
    let wire = wire(place, &parameter.name, &parameter.wire).filter(|_| docs != fallback);
    let more = [default.as_deref(), wire.as_deref()].into_iter().flatten();
    comment([docs].into_iter().chain(more)).deprecated(parameter.deprecated)
}

/// What something is called where it is sent, if its name does not say that.
pub(super) fn wire(place: &str, name: &Name, wire: &str) -> Option<String> {
    let is_odd = wire.contains('`') || wire.contains(char::is_control) || wire.trim().is_empty();
    (!is_odd && !name.says(wire)).then(|| format!("{place}: `{wire}`."))
}

/// The doc comment of the body of a request.
pub(super) fn of_body(body: &Body) -> Docs {
    let docs = text_or(body.docs.as_deref(), "The body of the request.");
    let media_types = body::media_types(body);
    comment([docs].into_iter().chain(media_types.as_deref()))
}

/// The doc comment of an operation, above something with this name.
pub(super) fn of_operation(operation: &Operation, name: &str) -> Docs {
    described(operation, name).deprecated(operation.deprecated)
}

/// What stands above the method of a client that begins a request.
pub(super) fn of_method(operation: &Operation) -> Docs {
    advised_against(described(operation, &operation.name.0), operation)
}

fn described(operation: &Operation, name: &str) -> Docs {
    let call = format!("`{} {}`", operation.method, operation.path);
    let unstable = operation.unstable.as_ref().map(|why| format!("**Unstable.** {why}"));
    let summary = operation.summary.as_deref().map(sentence);
    let paragraphs =
        [summary.as_deref(), unstable.as_deref(), operation.docs.as_deref(), Some(call.as_str())];
    let docs = comment(paragraphs.into_iter().flatten());
    // To rustdoc, `r#move` is called `move`.
    let is_name = operation.id == name.trim_start_matches("r#");
    if is_name { docs } else { docs.alias(&operation.id) }
}

/// The doc comment of another way to make the same call.
pub(super) fn of_call(operation: &Operation) -> Docs {
    let name = operation.name.0.trim_start_matches("r#");
    let summary = operation.summary.as_deref().map(sentence);
    let mut docs = comment(summary.as_deref());
    if summary.is_some() {
        docs.0.extend(Docs::lines([""]).0);
    }
    docs.0.extend(Docs::lines([format!("See [`Client::{name}`](super::Client::{name}).")]).0);
    advised_against(docs, operation)
}

/// Has the compiler warn who calls what the description advises against, in its own words where
/// it has some. Generated code itself begins no request.
fn advised_against(mut docs: Docs, operation: &Operation) -> Docs {
    if operation.deprecated {
        docs.0.push(match advice(operation) {
            // rustdoc reads it as it reads a comment.
            Some(note) => attribute_list("deprecated", quote!(note = #note)),
            None => attribute_word("deprecated"),
        });
    }
    docs
}

/// The sentence that says why an operation is deprecated, or what to use instead.
fn advice(operation: &Operation) -> Option<String> {
    const LONG: usize = 300;
    let texts = [&operation.docs, &operation.summary].into_iter().flatten();
    let paragraphs = texts.flat_map(|text| text.split("\n\n").map(line).collect::<Vec<_>>());
    let sentences = paragraphs.flat_map(|paragraph| {
        paragraph.split_inclusive(". ").map(|text| text.trim().to_owned()).collect::<Vec<_>>()
    });
    let says_more = |text: &String| {
        let text = text.to_lowercase();
        let is_about_it = text.contains("deprecat") || text.contains(" instead");
        is_about_it && text.split_whitespace().count() > 1 && text.len() <= LONG
    };
    let note = sentences.into_iter().find(says_more)?.replace("**", "");
    Some(escape(note.trim_start_matches(['>', ' '])))
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// How wide a doc comment is, without what stands in front of it.
const WIDTH: usize = 88;

/// The lines of a text, without what rustdoc would stumble over.
fn safe(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fenced = false;
    // The paragraph or list item that is being read, with its indentation.
    let mut open: Option<(&str, &str, String)> = None;
    let flush = |open: &mut Option<(&str, &str, String)>, lines: &mut Vec<String>| {
        if let Some((first, rest, text)) = open.take() {
            wrap(&escape(&text), first, rest, lines);
        }
    };
    for line in text.trim().lines() {
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
        } else if let Some((.., text)) = &mut open
            && !begins_block(trimmed)
        {
            text.push(' ');
            text.push_str(trimmed);
        } else {
            flush(&mut open, &mut lines);
            let is_item = trimmed.starts_with("- ") || trimmed.starts_with("* ");
            // Four spaces would make a code block; two keep an item below another.
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

/// Whether a line is not the continuation of the one before.
fn begins_block(line: &str) -> bool {
    let number = line.split(['.', ')']).next().unwrap_or_default();
    line.starts_with("- ")
        || line.starts_with("* ")
        || line.starts_with(['#', '|', '>'])
        || number.parse::<u32>().is_ok()
}

/// Breaks a line where it is too long, though never so that a word in front of a line would
/// begin something else in Markdown.
fn wrap(text: &str, first: &str, rest: &str, lines: &mut Vec<String>) {
    let mut line = first.to_owned();
    let (mut width, mut is_begun) = (first.len(), false);
    for word in text.split_whitespace() {
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

/// A line that opens or closes a block of code. Without a language, or as Rust, rustdoc would
/// compile and run the block.
fn fence(language: &str, closes: bool) -> String {
    match language {
        _ if closes => "```".to_owned(),
        "" | "rust" => "```text".to_owned(),
        other => format!("```{other}"),
    }
}

/// Escapes brackets and angle brackets, and makes bare addresses links; text in backticks
/// stays as it is.
fn escape(line: &str) -> String {
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
    // A lone backtick opens nothing.
    if line.matches('`').count() % 2 == 1
        && let Some(last) = escaped.rfind('`')
    {
        escaped.insert(last, '\\');
    }
    escaped
}

fn escape_prose(text: &str, escaped: &mut String) {
    if !text.contains(['[', ']', '<']) && !text.contains("http") {
        return escaped.push_str(text);
    }
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("http://") || rest.starts_with("https://") {
            let end = rest
                .find(|c: char| c.is_whitespace() || "<>()[]\"'".contains(c))
                .unwrap_or(rest.len());
            let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '*']);
            // The target of a link, or an address in angle brackets, is one already.
            if escaped.ends_with("](") || escaped.ends_with('<') {
                escaped.push_str(address);
            } else {
                escaped.extend(["<", address, ">"]);
            }
            rest = &rest[address.len()..];
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

/// Whether a text begins with `[words](target)`.
fn is_link(text: &str) -> bool {
    text.find(']')
        .is_some_and(|close| text[close..].starts_with("](") && !text[1..close].contains('['))
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nothing_is_left_that_rustdoc_would_stumble_over() {
        for (text, expected) in [
            ("See https://a.b/c?d=e.", "See <https://a.b/c?d=e>."),
            ("[docs](https://a.b)", "[docs](https://a.b)"),
            ("a [list] of <any-key> in `[x]<y>`", "a \\[list\\] of \\<any-key> in `[x]<y>`"),
            ("    let x = 1;", "let x = 1;"),
            ("- a\n  b\n- c\n\nd\ne", "- a b\n- c\n\nd e"),
            ("one ` backtick", "one \\` backtick"),
            ("```\ncode\n", "```text\ncode\n```"),
            ("```rust\ncode\n```", "```text\ncode\n```"),
        ] {
            assert_eq!(safe(text).join("\n"), expected, "{text}");
        }
    }
}
