//! Webhooks and callbacks, read by their names.

use specwright::{Config, Input, Source};
use workspace_tests::webhooks_beside::webhooks::Webhook;
use workspace_tests::{webhooks_alone, webhooks_beside};

use super::fixture;

#[test]
fn a_webhook_is_read_by_its_name() -> Result<(), Box<dyn std::error::Error>> {
    let order = webhooks_beside::models::Order::builder().number(7).build()?;
    let read = |name: &str, body: &str| Webhook::read(name, body.as_bytes());
    let paid = read("orderPaid", r#"{"number": 7}"#)?;
    assert_eq!(paid, Webhook::OrderPaid(Box::new(order.clone())));
    assert_eq!(paid.name(), "orderPaid");
    let called_back = read("subscribe orderPaid", r#"{"number": 7}"#)?;
    assert_eq!(called_back, Webhook::SubscribeOrderPaid(Box::new(order)));
    assert_eq!(read("stock-changed", r#"["a"]"#)?, Webhook::StockChanged(vec!["a".to_owned()]));
    assert_eq!(read("heartbeat", "")?, Webhook::Heartbeat);
    for (name, body, expected) in [
        ("orderPaid", r#"{"next": {"number": "x"}}"#, "/next/number"),
        ("orderPaid", "", "EOF"),
        ("nothing", "{}", "no webhook or callback `nothing`"),
    ] {
        let error = read(name, body).err().ok_or("it was read")?.to_string();
        assert!(error.contains(expected), "{error}");
    }
    let names: Vec<_> = Webhook::NAMES.iter().filter_map(|name| read(name, "{}").ok()).collect();
    assert_eq!(names.len(), 3, "those without a body: {names:?}");
    Ok(())
}

#[test]
fn a_description_may_have_nothing_else() -> Result<(), Box<dyn std::error::Error>> {
    let read = webhooks_alone::webhooks::Webhook2::read("changed", br#"{"what": "all"}"#)?;
    assert_eq!(read.name(), "changed");
    Ok(())
}

#[test]
fn webhooks_are_counted_and_selected_as_operations_are() {
    let path = fixture::folder("generate").join("webhooks-beside.yaml");
    let output = fixture::generate(&path).unwrap();
    assert_eq!((output.counts.operations, output.counts.webhooks), (1, 7));
    let spec = fixture::input(&path).unwrap().spec;
    let mut config = Config::default();
    config.select_operation("subscribe");
    let output = specwright::generate(&Input::new(spec, config)).unwrap();
    // The callbacks go with their operation.
    assert_eq!((output.counts.operations, output.counts.webhooks), (1, 3));
}

#[test]
fn a_flaw_of_a_webhook_stops_only_what_is_not_to_go_on() {
    let spec = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\nwebhooks:\n  \
        a: { post: { requestBody: { content: { application/json: { schema: { $ref: 'no.yaml' } } } } } }\n  \
        b: { post: {} }\n";
    let generate = |config: &str| {
        let config = Config::parse(Source::new("config.toml", config)).unwrap();
        specwright::generate(&Input::new(Source::new("spec.yaml", spec), config))
    };
    let error = generate("").unwrap_err();
    assert_eq!(error.entries()[0].code.id, "external-ref");
    assert_eq!(generate("skip-unsupported = true").unwrap().counts.webhooks, 1);
}
