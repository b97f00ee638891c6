//! From the document to the [`ir`](crate::ir): first the selected operations and webhooks with all
//! types that they reach, then passes over the whole API.
//!
//! | module | responsibility |
//! |---|---|
//! | `context` | the state that lowering shares |
//! | `media` | kinds and names of media types |
//! | `schema` | from schemas to types |
//! | `operation` | from operations, webhooks and servers to those of the API |
//! | `passes` | passes over the whole API, listed in order with their reasons |

mod context;
mod media;
mod operation;
mod passes;
mod schema;

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::ir::Api;
use crate::select::Selection;
use crate::spec::Document;
use context::state::Context;
use context::user_types::configure;

pub(crate) use context::uses::TypeUses;
pub(crate) use media::{is_json_or_any, is_stream};

/// Lowers the selected operations and webhooks, and all types that they reach.
pub(crate) fn lower(
    document: &Document,
    selection: Selection,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Api {
    lower_with_uses(document, selection, config, diagnostics, TypeUses::ignored()).0
}

/// As [`lower`], and returns the types of schemas by their pointers.
pub(crate) fn lower_with_uses(
    document: &Document,
    selection: Selection,
    config: &Config,
    diagnostics: &mut Diagnostics,
    uses: TypeUses,
) -> (Api, TypeUses) {
    let mut context = Context::new(document, config, diagnostics, uses);
    let mut api = lower_document(selection, &mut context);
    // A misspelled reference is the reason, not the options for the schema that it does not reach.
    let has_unresolved = context.diagnostics.has_unresolved();
    configure(
        &mut api,
        config,
        |key| has_unresolved && context.types.is_defined(key),
        context.diagnostics,
    );
    passes::run(&mut api, &mut context);
    count(&mut api);
    context.types.report_unused(&api.types, context.diagnostics);
    let has_unresolved = context.diagnostics.has_unresolved();
    let (types, options) = (&context.types, &context.options);
    options.report_unused(
        &api,
        config,
        |key| has_unresolved && types.is_defined(key),
        context.diagnostics,
    );
    (api, context.types.uses)
}

fn lower_document(selection: Selection, context: &mut Context<'_>) -> Api {
    let (server, more_servers) = operation::servers::document_servers(context);
    let mut api = Api {
        has_secrets: context.index.has_secrets,
        title: title(context.document),
        version: version(context.document),
        docs: docs(context.document),
        server,
        more_servers,
        ..Api::default()
    };
    api.counts.operations_defined = selection.defined;
    api.counts.operations_selected = selection.selected;
    operation::path::report_shadowed(context, &selection.operations);
    operation::operations::lower_operations(selection.operations, &mut api, context);
    operation::webhooks::lower_webhooks(selection.webhooks, &mut api, context);
    api.types = context.types.take();
    api.nesting = context.deepest;
    if context.document.is_exhausted() {
        let message = messages::too_large("references are followed");
        context.diagnostics.report(Location::pointer(""), message);
    }
    api
}

fn count(api: &mut Api) {
    api.counts.schemas = api.types.len();
    api.counts.operations = api.operations.len();
    api.counts.webhooks = api.webhooks.len();
}

/// Returns the title on one line.
fn title(document: &Document) -> String {
    let title = string_at(document, "/info/title").unwrap_or_default();
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the version of the API, which some documents write as a number.
fn version(document: &Document) -> String {
    let value = document.get("/info/version");
    let version =
        value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    version.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the documentation of an API, which begins with its summary.
fn docs(document: &Document) -> Option<String> {
    let docs = ["/info/summary", "/info/description"].map(|at| string_at(document, at));
    let docs: Vec<String> = docs.into_iter().flatten().collect();
    (!docs.is_empty()).then(|| docs.join("\n\n"))
}

fn string_at(document: &Document, pointer: &str) -> Option<String> {
    document.get(pointer)?.as_str().map(str::to_owned)
}
