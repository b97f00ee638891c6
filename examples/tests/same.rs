//! The build script and the macro generate the same client, with the overlay applied.

use specwright_examples::{built, expanded};

const JSON: &str = r#"{"celsius":21.5,"at":"2024-05-01T10:00:00Z"}"#;

#[test]
fn both_clients_decode_and_encode_the_same() {
    let one: built::models::Reading = serde_json::from_str(JSON).unwrap();
    let other: expanded::models::Reading = serde_json::from_str(JSON).unwrap();
    // The overlay makes this a timestamp instead of a string.
    assert_eq!(one.at.as_ref().unwrap(), other.at.as_ref().unwrap());
    assert_eq!(serde_json::to_string(&one).unwrap(), JSON);
    assert_eq!(serde_json::to_string(&other).unwrap(), JSON);
}

#[test]
fn both_clients_have_the_selected_operations() {
    let one = built::Client::builder().build().unwrap().get_reading("a");
    let other = expanded::Client::builder().build().unwrap().get_reading("a");
    assert_eq!(one.id, other.id);
}
