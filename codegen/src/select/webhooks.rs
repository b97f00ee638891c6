//! Requests that the API sends: webhooks, and callbacks of operations.

use serde_json::Value;

use super::methods::methods_of;
use super::resolve::object_at;
use crate::diagnostics::Diagnostics;
use crate::spec::Document;
use crate::text::child;

/// A webhook, or a callback.
pub(crate) struct SelectedWebhook {
    /// Name in the document.
    pub(crate) name: String,
    /// The method as it is sent.
    pub(crate) method: String,
    /// JSON pointer of its operation object.
    pub(crate) pointer: String,
    /// Of a callback: the id of its operation, and its URL expression.
    pub(crate) callback: Option<(String, String)>,
}

/// Returns the webhooks of a document. OpenAPI 3.0 has a common extension for them.
pub(super) fn webhooks(
    document: &Document,
    mut is_selected: impl FnMut(&Value) -> bool,
    diagnostics: &mut Diagnostics,
) -> Vec<SelectedWebhook> {
    let mut found = Vec::new();
    for list in ["/webhooks", "/x-webhooks"] {
        for name in document.keys(list).filter(|name| !name.starts_with("x-")) {
            let Some(item) = object_at(document, &child(list, name), diagnostics) else { continue };
            let webhooks = methods_of_item(document, name, &item, None, diagnostics).into_iter();
            found
                .extend(webhooks.filter(|webhook| {
                    document.get(&webhook.pointer).is_some_and(&mut is_selected)
                }));
        }
    }
    found
}

/// The callbacks of an operation.
pub(super) fn callbacks(
    document: &Document,
    id: &str,
    operation: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<SelectedWebhook> {
    let mut found = Vec::new();
    let all = child(operation, "callbacks");
    for name in document.keys(&all).filter(|name| !name.starts_with("x-")) {
        let Some(callback) = object_at(document, &child(&all, name), diagnostics) else { continue };
        for expression in document.keys(&callback).filter(|key| !key.starts_with("x-")) {
            let pointer = child(&callback, expression);
            let Some(item) = object_at(document, &pointer, diagnostics) else { continue };
            let callback = (id.to_owned(), expression.to_owned());
            found.extend(methods_of_item(document, name, &item, Some(&callback), diagnostics));
        }
    }
    found
}

/// Returns a webhook for each method of a path item.
fn methods_of_item(
    document: &Document,
    name: &str,
    item: &str,
    callback: Option<&(String, String)>,
    diagnostics: &mut Diagnostics,
) -> Vec<SelectedWebhook> {
    let mut found = Vec::new();
    for method in methods_of(document, item, diagnostics) {
        let (method, pointer) = (method.wire, method.pointer);
        if !document.get(&pointer).is_some_and(Value::is_object) {
            continue;
        }
        // Only a reference without a target was not replaced.
        if object_at(document, &pointer, diagnostics).is_some_and(|at| at == pointer) {
            let (name, callback) = (name.to_owned(), callback.cloned());
            found.push(SelectedWebhook { name, method, pointer, callback });
        }
    }
    found
}
