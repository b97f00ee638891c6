//! Both ways give the same client, which the overlay has repaired.

use specwright_examples::{built, expanded};

const TEXT: &str = r#"{"celsius":21.5,"at":"2024-05-01T10:00:00Z"}"#;

#[test]
fn both_ways_give_types_that_read_and_write_the_same() {
    let one: built::models::Reading = serde_json::from_str(TEXT).unwrap();
    let other: expanded::models::Reading = serde_json::from_str(TEXT).unwrap();
    // An instant, not a text: the overlay says so.
    assert_eq!(one.at.unwrap(), other.at.unwrap());
    assert_eq!(serde_json::to_string(&one).unwrap(), TEXT);
    assert_eq!(serde_json::to_string(&other).unwrap(), TEXT);
}

#[test]
fn both_ways_give_a_client_with_the_selected_operations() {
    let one = built::Client::builder().build().unwrap().get_reading("a");
    let other = expanded::Client::builder().build().unwrap().get_reading("a");
    assert_eq!(one.id, other.id);
}
