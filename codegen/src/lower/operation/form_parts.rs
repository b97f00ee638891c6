//! `encoding`: how the properties of a form are serialized.

use crate::diagnostics::{Location, messages};
use crate::ir::{Part, Style};
use crate::lower::context::files::follow;
use crate::lower::context::state::Context;
use crate::lower::media::{essence, is_json};
use crate::lower::operation::delimiters::delimited_at;
use crate::lower::schema::classify::any_schema;
use crate::text::child;
use crate::text::media_type::is_valid;
use openapiv3::Header;
use openapiv3::{Encoding, MediaType, ParameterSchemaOrContent, QueryStyle, ReferenceOr};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the encoding of the form properties that have an explicit one.
pub(crate) fn form_parts(
    context: &mut Context<'_>,
    pointer: &str,
    media_type: &MediaType,
    is_multipart: bool,
) -> Vec<Part> {
    let encodings = child(pointer, "encoding");
    let properties = form_properties(context, pointer);
    let content_types = match is_multipart {
        true => content_types(context, pointer),
        false => BTreeMap::new(),
    };
    let mut parts = Vec::new();
    for (name, encoding) in &media_type.encoding {
        let at = child(&encodings, name);
        if properties.as_ref().is_some_and(|properties| !properties.contains(name)) {
            let message = messages::encoding_without_property(name);
            context.diagnostics.report(Location::Pointer(at), message);
            continue;
        }
        let headers = match is_multipart {
            true => headers_of_part(context, encoding, &child(&at, "headers")),
            false => Vec::new(),
        };
        let media_type = media_type_of_part(context, name, encoding, pointer, is_multipart);
        let own = || content_types.get(name).filter(|_| encoding.content_type.is_none()).cloned();
        let part = Part {
            wire: name.clone(),
            media_type: media_type.or_else(own),
            style: style_of_part(context, encoding, &at),
            headers,
        };
        // Default encodings are omitted.
        let default_part =
            Part { media_type: None, style: None, headers: Vec::new(), ..part.clone() };
        if part != default_part {
            parts.push(part);
        }
    }
    let others = content_types.iter().filter(|(name, _)| !media_type.encoding.contains_key(*name));
    parts.extend(others.map(|(name, media_type)| Part {
        wire: name.clone(),
        media_type: Some(media_type.clone()),
        style: None,
        headers: Vec::new(),
    }));
    parts
}

/// Returns the media types of properties that their schemas specify, which are those of parts of a
/// multipart form: `contentMediaType`, and bytes for encoded strings.
fn content_types(context: &Context<'_>, media_type: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![child(media_type, "schema")];
    let mut seen = BTreeSet::new();
    while let Some(at) = open.pop() {
        let Some(at) = follow(context.document, &at).filter(|at| seen.insert(at.clone())) else {
            continue;
        };
        let properties = child(&at, "properties");
        for name in context.document.keys(&properties) {
            if let Some(media_type) = content_type(context, &child(&properties, name)) {
                found.entry(name.to_owned()).or_insert(media_type);
            }
        }
        let members = child(&at, "allOf");
        let count = context.document.get(&members).and_then(Value::as_array).map_or(0, Vec::len);
        open.extend((0..count).map(|i| child(&members, i)));
    }
    found
}

pub(super) fn content_type(context: &Context<'_>, property: &str) -> Option<String> {
    let own = |at: &str| {
        let schema = context.document.get(at)?;
        let declared = schema.get("contentMediaType").and_then(Value::as_str);
        let encoded = schema.get("format").and_then(Value::as_str);
        let encoded = encoded.filter(|format| matches!(*format, "byte" | "base64" | "base64url"));
        // JSON in base64 is not written as JSON.
        let is_written = |media_type: &&str| encoded.is_none() || !is_json(&essence(media_type));
        let declared = declared.filter(|media_type| is_valid(media_type)).filter(is_written);
        declared.or(encoded.map(|_| "application/octet-stream")).map(str::to_owned)
    };
    let at = follow(context.document, property)?;
    // Each element of an array is a part.
    own(&at).or_else(|| own(&follow(context.document, &child(&at, "items"))?))
}

/// Returns the explicit media type of a property. If an object has a media type that cannot be
/// written (XML), it is written as JSON or as form entries, and the media type is dropped.
fn media_type_of_part(
    context: &mut Context<'_>,
    name: &str,
    encoding: &Encoding,
    media_type: &str,
    is_multipart: bool,
) -> Option<String> {
    let wanted = encoding.content_type.as_deref().and_then(first_media_type)?;
    let essence = essence(&wanted);
    // JSON is valid content for these media types.
    let may_be_json = is_json(&essence)
        || essence.contains('*')
        || matches!(essence.as_str(), "text/plain" | "application/octet-stream");
    let is_object = || {
        let schema = follow(context.document, &child(media_type, "schema"))?;
        let property = follow(context.document, &child(&child(&schema, "properties"), name))?;
        // Each element of an array is a part.
        let item = follow(context.document, &child(&property, "items"));
        let schema = context.document.get(item.as_ref().unwrap_or(&property))?;
        let is_object = schema.get("type").is_some_and(|ty| *ty == "object");
        let object_keywords = ["properties", "additionalProperties", "allOf"];
        Some(is_object || object_keywords.iter().any(|key| schema.get(key).is_some()))
    };
    if !may_be_json && is_object() == Some(true) {
        let message = match is_multipart {
            true => messages::encoded_as_json(name, wanted),
            false => messages::encoded_as_fields(name, wanted),
        };
        let at = child(&child(&child(media_type, "encoding"), name), "contentType");
        context.diagnostics.report(Location::Pointer(at), message);
        return None;
    }
    Some(wanted)
}

/// Returns the names of a form's properties, or `None` if it may have others.
fn form_properties(context: &Context<'_>, media_type: &str) -> Option<Vec<String>> {
    let at = follow(context.document, &child(media_type, "schema"))?;
    let schema = context.document.get(&at)?;
    let is_incremental = ["allOf", "anyOf", "oneOf"].iter().any(|key| schema.get(key).is_some())
        || schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false));
    let properties = child(&at, "properties");
    (!is_incremental).then(|| context.document.keys(&properties).map(str::to_owned).collect())
}

/// Returns the explicit style of a property. A property without `style` and `explode` has no style:
/// in a multipart form, each element is a part.
fn style_of_part(context: &Context<'_>, encoding: &Encoding, at: &str) -> Option<Style> {
    let has = |key: &str| context.document.get(&child(at, key)).is_some();
    if let Some(style) = delimited_at(context, at) {
        return Some(style);
    }
    if !has("style") && !has("explode") {
        return None;
    }
    let explode = match encoding.style {
        Some(QueryStyle::Form) | None => !has("explode") || encoding.explode,
        _ => encoding.explode,
    };
    Some(match &encoding.style {
        None | Some(QueryStyle::Form) if explode => Style::FormExploded,
        None | Some(QueryStyle::Form) => Style::Form,
        Some(QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited) if explode => {
            Style::FormExploded
        }
        Some(QueryStyle::SpaceDelimited) => Style::SpaceDelimited,
        Some(QueryStyle::PipeDelimited) => Style::PipeDelimited,
        Some(QueryStyle::DeepObject) => Style::DeepObject,
    })
}

/// Returns the headers of a part that have a fixed value. Callers can set other headers on files.
pub(super) fn headers_of_part(
    context: &mut Context<'_>,
    encoding: &Encoding,
    pointer: &str,
) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, header) in &encoding.headers {
        let at = child(pointer, name);
        if name.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let found: Option<(Header, String)> = context.resolve(header.clone(), &at);
        let Some((header, _)) = found else { continue };
        match only_value(&header) {
            Some(value) => headers.push((name.clone(), value)),
            None => {
                let message = messages::header_of_part(name);
                context.diagnostics.report(Location::Pointer(at), message);
            }
        }
    }
    headers
}

/// Returns the fixed value of a header: its default, or its only enum value.
fn only_value(header: &Header) -> Option<String> {
    let ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) = &header.format else {
        return None;
    };
    let default = schema.schema_data.default.clone();
    let plain = any_schema(&schema.schema_kind);
    let only = || match plain.enumeration.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    match default.or_else(only)? {
        Value::String(value) => Some(value),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// Returns the first valid media type in a list without wildcards; otherwise the first range.
pub(super) fn first_media_type(media_types: &str) -> Option<String> {
    let all: Vec<_> = media_types.split(',').map(str::trim).filter(|one| is_valid(one)).collect();
    let concrete = all.iter().find(|media_type| !media_type.contains('*'));
    concrete.or(all.first()).map(|media_type| (*media_type).to_owned())
}
