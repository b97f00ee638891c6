//! Request bodies of several values: sequences of JSON values, events, and parts without names.

use crate::ir::{BodyEncoding, Framing, Part, Shape, Type};
use crate::lower::context::files::follow;
use crate::lower::context::state::Context;
use crate::lower::media::{essence, framing};
use crate::lower::operation::form_parts::{content_type, first_media_type, headers_of_part};
use crate::lower::operation::response::item::{has_item_schema, item_type};
use crate::lower::schema::type_of::type_of_media_type;
use crate::text::child;
use openapiv3::{Encoding, MediaType};
use serde_json::Value;

/// Returns the encoding of a body that is a sequence: its media type is one, and it has the schema of
/// an item or of an array.
pub(crate) fn sequence_encoding(
    context: &mut Context<'_>,
    media_type: &str,
    pointer: &str,
) -> Option<BodyEncoding> {
    if !is_list(context, pointer) && !has_item_schema(context, pointer) {
        return None;
    }
    let essence = essence(media_type);
    if let Some(framing) = framing(media_type) {
        return Some(BodyEncoding::Values(framing));
    }
    match essence.as_str() {
        "text/event-stream" => Some(BodyEncoding::Events),
        // The parts of a form have names.
        "multipart/form-data" => None,
        _ if essence.starts_with("multipart/") => Some(parts(context, pointer)),
        _ => None,
    }
}

/// Returns the type of a sequence: a list, or a tuple.
pub(crate) fn sequence_type(
    context: &mut Context<'_>,
    schema: &MediaType,
    pointer: &str,
    suggested: &str,
) -> Type {
    if is_list(context, pointer) {
        return type_of_media_type(context, schema, pointer, suggested);
    }
    let suggested = format!("{suggested} item");
    let item = item_type(context, schema, pointer, &suggested, false);
    Type::plain(Shape::List(Box::new(item.unwrap_or(Type::plain(Shape::Json)))))
}

/// Returns whether the schema of a media type is that of an array.
fn is_list(context: &Context<'_>, pointer: &str) -> bool {
    follow(context.document, &child(pointer, "schema"))
        .and_then(|at| context.document.get(&at))
        .is_some_and(|schema| {
            schema.get("type").is_some_and(|ty| *ty == "array")
                || schema.get("prefixItems").is_some()
        })
}

/// Returns the encoding of parts without names.
fn parts(context: &mut Context<'_>, pointer: &str) -> BodyEncoding {
    let prefix = child(pointer, "prefixEncoding");
    let declared = context.document.get(&prefix).and_then(Value::as_array).map_or(0, Vec::len);
    let schema = follow(context.document, &child(pointer, "schema")).unwrap_or_default();
    let items = child(&schema, "prefixItems");
    let described = context.document.get(&items).and_then(Value::as_array).map_or(0, Vec::len);
    let first = (0..declared.max(described)).map(|i| {
        let encoding = if i < declared { Some(child(&prefix, i)) } else { None };
        let encoding = encoding.or_else(|| Some(child(pointer, "itemEncoding")));
        part(context, encoding, &child(&items, i))
    });
    let first = first.collect();
    let own = [child(&schema, "items"), child(pointer, "itemSchema")];
    let own = own.into_iter().find(|at| context.document.get(at).is_some()).unwrap_or_default();
    let rest = part(context, Some(child(pointer, "itemEncoding")), &own);
    BodyEncoding::Parts { prefix: first, rest: Box::new(rest) }
}

/// Returns the encoding of a part: its own, or that of its schema.
fn part(context: &mut Context<'_>, encoding: Option<String>, schema: &str) -> Part {
    let mut part = Part { wire: String::new(), media_type: None, style: None, headers: Vec::new() };
    if let Some(at) = encoding.filter(|at| context.document.get(at).is_some())
        && let Some(encoding) = context.typed::<Encoding>(&at)
    {
        part.media_type = encoding.content_type.as_deref().and_then(first_media_type);
        part.headers = headers_of_part(context, &encoding, &child(&at, "headers"));
    }
    part.media_type = part.media_type.or_else(|| content_type(context, schema));
    part
}

/// Returns the media type of the parts of a response, and whether they are strings.
pub(crate) fn response_parts(context: &mut Context<'_>, pointer: &str, is_string: bool) -> Framing {
    let BodyEncoding::Parts { rest, .. } = parts(context, pointer) else { return Framing::Lines };
    let default = if is_string { "text/plain; charset=utf-8" } else { "application/json" };
    let declared = rest.media_type.filter(|media_type| !media_type.contains('*'));
    let media_type = declared.unwrap_or_else(|| default.to_owned());
    Framing::Parts { media_type, is_string }
}
