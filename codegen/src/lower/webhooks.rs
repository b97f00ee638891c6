//! Webhooks and callbacks: each a name with the type of what is sent.

use openapiv3::{ReferenceOr, RequestBody};
use serde_json::Value;

use super::Lower;
use super::schema::At;
use crate::diagnostics::{Location, alternatives, messages};
use crate::ir::{Api, Shape, Type, Webhook};
use crate::names::{Scope, type_name};
use crate::select::{SelectedWebhook, resolve, typed};
use crate::text::child;

impl Lower<'_> {
    pub(super) fn webhooks(&mut self, selected: Vec<SelectedWebhook>, api: &mut Api) {
        let mut variants = Scope::with(&["Self"]);
        for webhook in selected {
            let mark = (self.diagnostics.savepoint(), self.types.len(), self.pending.len());
            let lowered = self.webhook(&webhook, &mut variants, &api.webhooks);
            self.read_types();
            if self.config.skip_unsupported && self.diagnostics.has_error_since(mark.0) {
                self.diagnostics.downgrade_since(mark.0);
                self.types.truncate(mark.1);
                self.uses.truncate(mark.1);
                self.pending.truncate(mark.2, mark.1);
            } else {
                api.webhooks.push(lowered);
            }
        }
    }

    fn webhook(
        &mut self,
        selected: &SelectedWebhook,
        variants: &mut Scope,
        known: &[Webhook],
    ) -> Webhook {
        let id = free_id(selected, known);
        let name = variants.free_type(&type_name(&id));
        let of = |key: &str| -> Option<String> {
            let text = self.document.get(&child(&selected.pointer, key))?.as_str()?;
            Some(text.to_owned())
        };
        let (summary, docs) = (of("summary"), of("description"));
        let deprecated = self.document.get(&child(&selected.pointer, "deprecated"));
        let deprecated = deprecated.and_then(Value::as_bool).unwrap_or(false);
        let body = self.webhook_body(selected, &format!("{} body", name.0));
        let method = selected.method.to_uppercase();
        let callback = selected.callback.clone();
        Webhook { id, name, summary, docs, deprecated, method, callback, body }
    }

    /// The type of what is sent, if it is JSON.
    fn webhook_body(&mut self, selected: &SelectedWebhook, suggested: &str) -> Option<Type> {
        let pointer = child(&selected.pointer, "requestBody");
        self.document.get(&pointer)?;
        let item: ReferenceOr<RequestBody> = typed(self.document, &pointer, self.diagnostics)?;
        let (body, pointer) = resolve(self.document, item, &pointer, self.diagnostics)?;
        let content = child(&pointer, "content");
        let Some((media, described)) = body.content.iter().find(|(media, _)| is_json(media)) else {
            if !body.content.is_empty() {
                let media_types = alternatives(body.content.keys().map(String::as_str));
                let message = messages::untyped_webhook(&selected.name, media_types);
                self.diagnostics.report(Location::Pointer(content), message);
            }
            return None;
        };
        let at = child(&child(&content, media), "schema");
        Some(match &described.schema {
            Some(schema) => self.type_of(schema, At { pointer: &at, suggested }),
            None => Type::plain(Shape::Json),
        })
    }
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") || essence == "*/*"
}

/// A name that no other has: that of the description, alone or with what tells it apart.
fn free_id(selected: &SelectedWebhook, known: &[Webhook]) -> String {
    let SelectedWebhook { name, method, callback, .. } = selected;
    let of_operation = callback.as_ref().map(|(id, _)| format!("{id} {name}"));
    let with_method = format!("{} {method}", of_operation.as_ref().unwrap_or(name));
    let numbered = (2_usize..).map(|n| format!("{with_method} {n}"));
    let first = [Some(name.clone()), of_operation, Some(with_method.clone())];
    let mut candidates = first.into_iter().flatten().chain(numbered);
    candidates.find(|id| known.iter().all(|webhook| webhook.id != *id)).unwrap_or_default()
}
