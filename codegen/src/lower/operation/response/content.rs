//! The content of responses by media type: JSON, strings, bytes, or a stream of values.

use crate::diagnostics::{Location, messages};
use crate::ir::{Content, Framing, Shape, Type, TypeName};
use crate::lower::context::combinations::SchemaPart;
use crate::lower::context::state::Context;
use crate::lower::media::{essence, framing, is_json, is_json_or_any, is_streamed};
use crate::lower::operation::response::facts::{SchemaFacts, is_structured, schema_facts};
use crate::lower::operation::response::item::{has_item_schema, item_type};
use crate::lower::operation::sequence::response_parts;
use crate::lower::schema::type_of::secrets::hide_parts;
use crate::lower::schema::type_of::type_of_media_type;
use crate::text::child;
use openapiv3::{MediaType, ReferenceOr, Response, Schema};

/// Returns the contents of a response with their media types. JSON of one schema is one content with
/// all of its media types. If the same schema is available as JSON and in another format, only JSON
/// is used.
pub(crate) fn contents_of(
    context: &mut Context<'_>,
    response: &Response,
    pointer: &str,
    request: &TypeName,
    is_error: bool,
) -> Vec<(Content, Vec<String>)> {
    let prefix = context.types.base(pointer, || request.0.clone());
    let kind = if is_error { "error" } else { "response" };
    let name = context.types.base(pointer, || format!("{} {kind}", request.0));
    let pointer = child(pointer, "content");
    let mut contents: Vec<(Content, Vec<String>)> = Vec::new();
    // The schemas of those contents that are JSON.
    let mut schemas = Vec::new();
    for (media, spec) in &response.content {
        let at = child(&pointer, media);
        let facts = schema_facts(context, &child(&at, "schema"));
        let is_structured = is_structured(context, &child(&at, "schema"));
        let kind = match framing(media).or_else(|| parts_framing(context, media, &at)) {
            Some(framing) => ContentKind::Values(framing),
            None => content_kind(&essence(media), &facts, is_structured),
        };
        // Errors are not streamed.
        let is_stream = matches!(kind, ContentKind::Events | ContentKind::Values(_));
        let kind = if is_error && is_stream { ContentKind::PlainText } else { kind };
        let has_json = response.content.iter().any(|(other, known)| {
            let is_json = is_json(&essence(other)) && !is_streamed(other);
            other != media && is_json && known.schema == spec.schema
        });
        let is_range = media.contains('*') && !is_json(&essence(media));
        let is_other_format = match kind {
            ContentKind::Json => is_range,
            ContentKind::Events => false,
            _ => facts.is_structured(),
        };
        if has_json && is_other_format {
            continue;
        }
        if kind == ContentKind::Json {
            let known = schemas.iter().find(|(_, schema)| *schema == &spec.schema);
            let known = known.map(|(index, _): &(usize, _)| *index);
            if let Some((_, all)) = known.and_then(|index| contents.get_mut(index)) {
                all.push(media.clone());
                continue;
            }
            schemas.push((contents.len(), &spec.schema));
        }
        let content = content_of(context, kind, spec, &at, [&name, &prefix]);
        let is_untyped = matches!(content, Content::PlainText(_) | Content::Bytes);
        // Clients keep every error that is not JSON as a string.
        let has_structure = facts.is_structured() && (is_structured || !is_range);
        if is_untyped && !is_error && (has_structure || has_item_schema(context, &at)) {
            let message = messages::untyped_response(media);
            context.diagnostics.report(Location::Pointer(at), message);
        }
        contents.push((content, vec![media.clone()]));
    }
    contents
}

/// Returns the content of responses without content (RFC 9110, 6.4.1): responses to HEAD, and 204
/// and 205. HEAD still sends an `Accept` header, so its media types are kept.
pub(crate) fn ignored_contents(
    context: &mut Context<'_>,
    response: &Response,
    pointer: &str,
    is_head: bool,
) -> Vec<(Content, Vec<String>)> {
    let content = |media: &String| match is_json(&essence(media)) {
        true => Content::Json(Type::plain(Shape::Json)),
        false => Content::Bytes,
    };
    if is_head {
        let media = response.content.keys();
        return media.map(|media| (content(media), vec![media.clone()])).collect();
    }
    if !response.content.is_empty() {
        let location = Location::Pointer(child(pointer, "content"));
        context.diagnostics.report(location, messages::content_without_body());
    }
    Vec::new()
}

fn content_of(
    context: &mut Context<'_>,
    kind: ContentKind,
    spec: &MediaType,
    at: &str,
    [name, prefix]: [&str; 2],
) -> Content {
    let suggested = |suffix: &str| format!("{prefix} {suffix}");
    match kind {
        ContentKind::Json => Content::Json(type_of_media_type(context, spec, at, name)),
        ContentKind::PlainText => Content::PlainText(string_type(context, at)),
        ContentKind::Bytes => Content::Bytes,
        ContentKind::Events => {
            Content::Events(item_type(context, spec, at, &suggested("event"), true))
        }
        ContentKind::Values(framing) => {
            let item = item_type(context, spec, at, &suggested("item"), false);
            Content::Values(item.unwrap_or(Type::plain(Shape::Json)), framing)
        }
    }
}

/// Returns how the parts of a response without names are separated, if their values can be read.
fn parts_framing(context: &mut Context<'_>, media_type: &str, at: &str) -> Option<Framing> {
    let essence = essence(media_type);
    if !essence.starts_with("multipart/") || essence == "multipart/form-data" {
        return None;
    }
    let schema = schema_facts(context, &child(at, "schema"));
    let is_list = schema.typ.as_deref() == Some("array");
    let items = child(&schema.pointer, "items");
    let own = [child(at, "itemSchema"), items];
    let own = own.into_iter().find(|at| context.document.get(at).is_some())?;
    let prefix = child(&schema.pointer, "prefixItems");
    if is_list && context.document.get(&prefix).is_some() {
        return None;
    }
    let facts = schema_facts(context, &own);
    (!facts.is_binary()).then(|| response_parts(context, at, facts.is_string()))
}

/// Returns the type of a string, which its schema may make secret.
fn string_type(context: &mut Context<'_>, at: &str) -> Type {
    let mut ty = Type::plain(Shape::String);
    let pointer = child(at, "schema");
    if let Some(schema) = context.typed::<ReferenceOr<Schema>>(&pointer) {
        hide_parts(context, &[SchemaPart::new(schema, pointer)], &mut ty);
    }
    ty
}

/// The kind of content of a response.
#[derive(Debug, PartialEq)]
enum ContentKind {
    Json,
    PlainText,
    Bytes,
    Events,
    Values(Framing),
}

fn content_kind(essence: &str, facts: &SchemaFacts, is_structured: bool) -> ContentKind {
    let family = essence.split('/').next().unwrap_or_default();
    let is_plain_text = ["+xml", "+yaml"].iter().any(|end| essence.ends_with(end))
        || family == "text"
        || matches!(
            essence,
            "application/xml"
                | "application/yaml"
                | "application/x-yaml"
                | "application/toml"
                | "application/csv"
                | "application/javascript"
                | "application/graphql"
                | "application/sdp"
                | "application/jwt"
                | "application/x-www-form-urlencoded"
                | "application/x-pem-file"
        );
    match essence {
        "text/event-stream" => ContentKind::Events,
        _ if facts.is_binary() => ContentKind::Bytes,
        _ if is_json(essence) => ContentKind::Json,
        "*/*" | "application/*" if is_structured => ContentKind::Json,
        // The string of a number or a boolean is its JSON.
        "text/plain" | "text/*" if facts.is_scalar() => ContentKind::Json,
        _ if is_plain_text => ContentKind::PlainText,
        _ => ContentKind::Bytes,
    }
}

/// Returns the content at a pointer that is JSON. Any content is only JSON if it is structured.
pub(crate) fn json_content<'a>(
    context: &Context<'_>,
    content: impl IntoIterator<Item = (&'a String, &'a MediaType)>,
    pointer: &str,
) -> Option<(&'a str, &'a MediaType)> {
    let mut content = content.into_iter();
    let is_json = |media_type: &str| {
        let schema = child(&child(pointer, media_type), "schema");
        is_json_or_any(media_type)
            && (is_json(&essence(media_type)) || is_structured(context, &schema))
    };
    let (media_type, schema) = content.find(|(media_type, _)| is_json(media_type))?;
    Some((media_type, schema))
}
