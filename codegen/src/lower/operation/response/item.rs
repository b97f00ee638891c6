//! The type of each value of a stream.

use crate::ir::Type;
use crate::lower::context::state::Context;
use crate::lower::operation::response::facts::{SchemaFacts, schema_facts};
use crate::lower::schema::at::At;
use crate::lower::schema::type_of::{type_of, type_of_media_type};
use crate::text::child;
use openapiv3::{MediaType, ReferenceOr, Schema};

/// Returns whether a media type has the schema of an item.
pub(crate) fn has_item_schema(context: &Context<'_>, pointer: &str) -> bool {
    let keys = ["itemSchema", "x-item-schema", "x-itemSchema"];
    keys.iter().any(|key| context.document.get(&child(pointer, key)).is_some())
}

/// Returns the type of each item of a stream: the item schema of OpenAPI 3.2, or else the schema,
/// or the items of its array.
pub(crate) fn item_type(
    context: &mut Context<'_>,
    spec: &MediaType,
    at: &str,
    suggested: &str,
    is_event: bool,
) -> Option<Type> {
    // The data of an event may be a plain string instead of JSON.
    let is_typed = |facts: &SchemaFacts| !is_event || facts.is_structured();
    let explicit = ["itemSchema", "x-item-schema", "x-itemSchema"].into_iter();
    let explicit = explicit.map(|key| child(at, key)).find(|at| context.document.get(at).is_some());
    // In OpenAPI 3.2, an item schema describes all fields of an event; the schema of the data is
    // nested.
    let explicit = explicit.map(|pointer| {
        let data = child(&child(&schema_facts(context, &pointer).pointer, "properties"), "data");
        let content = child(&data, "contentSchema");
        let inner = [content, data].into_iter().find(|at| context.document.get(at).is_some());
        inner.filter(|_| is_event).unwrap_or(pointer)
    });
    let array_items = || {
        let facts = schema_facts(context, &child(at, "schema"));
        let items = child(&facts.pointer, "items");
        let is_list = facts.typ.as_deref() == Some("array");
        (is_list && context.document.get(&items).is_some()).then_some(items)
    };
    if let Some(pointer) = explicit.or_else(array_items) {
        let facts = schema_facts(context, &pointer);
        let schema: ReferenceOr<Schema> = context.typed(&pointer)?;
        let at = At { pointer: &pointer, suggested };
        return is_typed(&facts).then(|| type_of(context, &schema, at));
    }
    let facts = schema_facts(context, &child(at, "schema"));
    (spec.schema.is_some() && is_typed(&facts))
        .then(|| type_of_media_type(context, spec, at, suggested))
}
