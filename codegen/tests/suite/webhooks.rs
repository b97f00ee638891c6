//! Webhooks and callbacks in counts, selections and diagnostics.

use specwright::{Config, Input, Source};

use crate::case::Case;

#[test]
fn webhooks_are_counted_and_selected_like_operations() {
    let case = Case::at("generate/webhooks-and-callbacks");
    let output = case.client().unwrap();
    assert_eq!((output.counts.operations, output.counts.webhooks), (1, 7));
    let spec = case.input().unwrap().spec;
    let mut config = Config::default();
    config.select_operation("subscribe");
    let output = specwright::generate(&Input::new(spec, config)).unwrap();
    // Callbacks are selected with their operation.
    assert_eq!((output.counts.operations, output.counts.webhooks), (1, 3));
}

#[test]
fn an_unsupported_webhook_is_an_error_unless_unsupported_items_are_skipped() {
    let spec = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\nwebhooks:\n  \
        a: { post: { requestBody: { content: { application/json: { schema: { $ref: 'no.yaml' } } } } } }\n  \
        b: { post: {} }\n";
    let generate = |config: &str| {
        let config = Config::parse(Source::new("config.toml", config)).unwrap();
        specwright::generate(&Input::new(Source::new("spec.yaml", spec), config))
    };
    let error = generate("").unwrap_err();
    assert_eq!(error.entries()[0].code.id, "unresolved-external-reference");
    assert_eq!(generate("skip-unsupported = true").unwrap().counts.webhooks, 1);
}
