//! Documentation of operations, their parameters and bodies.

use quote::quote;

use super::comment::{Docs, comment, docs_or, first_paragraph, wire_name};
use super::markdown::code;
use super::spans::escape;
use crate::emit::rust::attribute;
use crate::ir::{Body, BodyEncoding, Operation, Parameter, ParameterLocation};

/// Returns the documentation of a parameter.
pub(in crate::emit) fn parameter(parameter: &Parameter) -> Docs {
    described_parameter(parameter, &format!("The parameter {}.", code(&parameter.wire)))
}

/// Returns the documentation of the setter of a parameter.
pub(in crate::emit) fn parameter_setter(parameter: &Parameter) -> Docs {
    described_parameter(parameter, &format!("Sets the parameter {}.", code(&parameter.wire)))
}

fn described_parameter(parameter: &Parameter, fallback: &str) -> Docs {
    let docs = docs_or(parameter.docs.as_deref(), fallback);
    let default = parameter.default.as_ref();
    let default = default.map(|default| format!("Defaults to {} on the server.", code(default)));
    let location = match parameter.location {
        ParameterLocation::Path => "Path parameter",
        ParameterLocation::Query => "Query parameter",
        ParameterLocation::QueryString => "The whole query",
        ParameterLocation::Header => "Header",
        ParameterLocation::Cookie => "Cookie",
    };
    let wire = wire_name(location, &parameter.name, &parameter.wire).filter(|_| docs != fallback);
    let more = [default.as_deref(), wire.as_deref()].into_iter().flatten();
    comment([docs].into_iter().chain(more)).deprecated(parameter.deprecated)
}

/// Returns the documentation of the body of a request.
pub(in crate::emit) fn body(body: &Body) -> Docs {
    described_body(body, "The request body.")
}

/// Returns the documentation of the setter of the body.
pub(in crate::emit) fn body_setter(body: &Body) -> Docs {
    described_body(body, "Sets the request body.")
}

fn described_body(body: &Body, fallback: &str) -> Docs {
    let docs = docs_or(body.docs.as_deref(), fallback);
    let media_types = media_types(body);
    comment([docs].into_iter().chain(media_types.as_deref()))
}

/// Returns a sentence about the media types of a binary body.
fn media_types(body: &Body) -> Option<String> {
    let media = body.only()?;
    let is_blob = media.formats.iter().all(|format| matches!(format.encoding, BodyEncoding::Blob));
    let names: Vec<_> = media.formats.iter().map(|format| code(&format.media_type)).collect();
    is_blob.then(|| format!("Sent as {}.", names.join(" or ")))
}

/// Returns the documentation of an operation, for an item with this name.
pub(in crate::emit) fn request(operation: &Operation, name: &str) -> Docs {
    described(operation, name).deprecated(operation.deprecated)
}

/// Returns the documentation of the client method that creates a request.
pub(in crate::emit) fn method(operation: &Operation) -> Docs {
    deprecated(described(operation, &operation.name.0), operation)
}

fn described(operation: &Operation, name: &str) -> Docs {
    let call = code(&format!("{} {}", operation.method, operation.path));
    let unstable = operation.unstable.as_ref().map(|why| format!("**Unstable.** {why}"));
    let summary = operation.summary.as_deref().map(sentence);
    let paragraphs =
        [summary.as_deref(), unstable.as_deref(), operation.docs.as_deref(), Some(call.as_str())];
    let docs = comment(paragraphs.into_iter().flatten());
    // rustdoc shows `r#move` as `move`.
    let is_name = operation.id == name.trim_start_matches("r#");
    if is_name { docs } else { docs.alias(&operation.id) }
}

/// Returns the documentation of the blocking client's method, which refers to the async one.
pub(in crate::emit) fn blocking_method(operation: &Operation) -> Docs {
    let name = operation.name.0.trim_start_matches("r#");
    let summary = operation.summary.as_deref().map(sentence);
    let mut docs = comment(summary.as_deref());
    if summary.is_some() {
        docs.0.extend(Docs::lines([""]).0);
    }
    docs.0.extend(Docs::lines([format!("See [`Client::{name}`](super::Client::{name}).")]).0);
    deprecated(docs, operation)
}

/// Adds `#[deprecated]`, with the reason if the OpenAPI document has one. Generated code never
/// calls these methods.
fn deprecated(mut docs: Docs, operation: &Operation) -> Docs {
    if operation.deprecated {
        docs.0.push(match deprecation_note(operation) {
            // rustdoc renders the note as Markdown.
            Some(note) => attribute::list("deprecated", quote!(note = #note)),
            None => attribute::word("deprecated"),
        });
    }
    docs
}

/// Returns the sentence that gives the reason of a deprecation, or the replacement.
fn deprecation_note(operation: &Operation) -> Option<String> {
    const MAX_LENGTH: usize = 300;
    let docs = [&operation.docs, &operation.summary].into_iter().flatten();
    let paragraphs =
        docs.flat_map(|docs| docs.split("\n\n").map(first_paragraph).collect::<Vec<_>>());
    let sentences = paragraphs.flat_map(|paragraph| {
        let sentences = paragraph.split_inclusive(". ");
        sentences.map(|sentence| sentence.trim().to_owned()).collect::<Vec<_>>()
    });
    let is_note = |sentence: &String| {
        let sentence = sentence.to_lowercase();
        let is_relevant = sentence.contains("deprecat") || sentence.contains(" instead");
        is_relevant && sentence.split_whitespace().count() > 1 && sentence.len() <= MAX_LENGTH
    };
    let note = sentences.into_iter().find(is_note)?.replace("**", "");
    Some(escape(note.trim_start_matches(['>', ' ']), false))
}

/// Returns a summary with a full stop.
fn sentence(summary: &str) -> String {
    let summary = summary.trim();
    match summary.ends_with(['.', '!', '?', ':']) {
        true => summary.to_owned(),
        false => format!("{summary}."),
    }
}
