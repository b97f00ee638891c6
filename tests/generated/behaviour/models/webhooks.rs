//! Webhooks and callbacks, decoded by name.

use generated_fixtures::webhooks_and_callbacks::webhooks::Webhook;
use generated_fixtures::{webhooks_and_callbacks, webhooks_only};

#[test]
fn webhooks_are_decoded_by_name() -> Result<(), Box<dyn std::error::Error>> {
    let order = webhooks_and_callbacks::models::Order::builder().number(7).build()?;
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
        ("nothing", "{}", "unknown webhook or callback `nothing`"),
    ] {
        let error = read(name, body).err().ok_or("it was decoded")?.to_string();
        assert!(error.contains(expected), "{error}");
    }
    let names: Vec<_> = Webhook::NAMES.iter().filter_map(|name| read(name, "{}").ok()).collect();
    assert_eq!(names.len(), 3, "webhooks without a body: {names:?}");
    Ok(())
}

#[test]
fn a_document_may_have_only_webhooks() -> Result<(), Box<dyn std::error::Error>> {
    let read = webhooks_only::webhooks::Webhook2::read("changed", br#"{"what": "all"}"#)?;
    assert_eq!(read.name(), "changed");
    Ok(())
}
