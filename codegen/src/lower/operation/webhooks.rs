//! Webhooks and callbacks: the name of each, and the type of its body.

use crate::diagnostics::{Location, alternatives, messages};
use crate::ir::{Api, Shape, Type, Webhook};
use crate::lower::context::state::Context;
use crate::lower::media::is_json_or_any;
use crate::lower::schema::at::At;
use crate::lower::schema::define::read_types;
use crate::lower::schema::type_of::type_of;
use crate::names::{Scope, type_name};
use crate::select::SelectedWebhook;
use crate::text::child;
use openapiv3::{ReferenceOr, RequestBody};
use serde_json::Value;

pub(crate) fn lower_webhooks(
    selected: Vec<SelectedWebhook>,
    api: &mut Api,
    context: &mut Context<'_>,
) {
    let mut variants = Scope::with(&["Self"]);
    for webhook in selected {
        let checkpoint = context.checkpoint();
        let lowered = lower_webhook(context, &webhook, &mut variants, &api.webhooks);
        read_types(context);
        if !context.undo_failed(checkpoint) {
            api.webhooks.push(lowered);
        }
    }
}

fn lower_webhook(
    context: &mut Context<'_>,
    selected: &SelectedWebhook,
    variants: &mut Scope,
    known: &[Webhook],
) -> Webhook {
    let id = free_id(selected, known);
    let name = variants.free_type(&type_name(&id));
    let string = |key: &str| -> Option<String> {
        let value = context.document.get(&child(&selected.pointer, key))?.as_str()?;
        Some(value.to_owned())
    };
    let (summary, docs) = (string("summary"), string("description"));
    let deprecated = context.document.get(&child(&selected.pointer, "deprecated"));
    let deprecated = deprecated.and_then(Value::as_bool).unwrap_or(false);
    let body = webhook_body(context, selected, &format!("{} body", name.0));
    let method = selected.method.clone();
    let callback = selected.callback.clone();
    let pointer = selected.pointer.clone();
    Webhook { id, pointer, name, summary, docs, deprecated, method, callback, body }
}

/// Returns the type of a JSON body.
fn webhook_body(
    context: &mut Context<'_>,
    selected: &SelectedWebhook,
    suggested: &str,
) -> Option<Type> {
    let pointer = child(&selected.pointer, "requestBody");
    context.document.get(&pointer)?;
    let item: ReferenceOr<RequestBody> = context.typed(&pointer)?;
    let (body, pointer) = context.resolve(item, &pointer)?;
    let content = child(&pointer, "content");
    let Some((media, media_type)) = body.content.iter().find(|(media, _)| is_json_or_any(media))
    else {
        if !body.content.is_empty() {
            let media_types = alternatives(body.content.keys().map(String::as_str));
            let message = messages::untyped_webhook(&selected.name, media_types);
            context.diagnostics.report(Location::Pointer(content), message);
        }
        return None;
    };
    let at = child(&child(&content, media), "schema");
    Some(match &media_type.schema {
        Some(schema) => type_of(context, schema, At { pointer: &at, suggested }),
        None => Type::plain(Shape::Json),
    })
}

/// Returns a unique id: the name in the document, extended if necessary.
fn free_id(selected: &SelectedWebhook, known: &[Webhook]) -> String {
    let SelectedWebhook { name, method, callback, .. } = selected;
    let with_operation = callback.as_ref().map(|(id, _)| format!("{id} {name}"));
    let with_method =
        format!("{} {}", with_operation.as_ref().unwrap_or(name), method.to_lowercase());
    let numbered = (2_usize..).map(|n| format!("{with_method} {n}"));
    let first = [Some(name.clone()), with_operation, Some(with_method.clone())];
    let mut candidates = first.into_iter().flatten().chain(numbered);
    candidates.find(|id| known.iter().all(|webhook| webhook.id != *id)).unwrap_or_default()
}
