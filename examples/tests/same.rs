//! The build script and the macro generate the same client, with the overlay applied.

use specwright_examples::{built, expanded, outer};

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
fn the_generated_code_works_at_any_depth() {
    let one: outer::inner::built::models::Reading = serde_json::from_str(JSON).unwrap();
    assert_eq!(serde_json::to_string(&one).unwrap(), JSON);
    let request = outer::inner::built::Client::builder().build().unwrap().get_reading("a");
    assert_eq!(request.id, "a");
    // Each module has types of its own, and the server has those of the client next to it.
    let name = std::any::type_name_of_val(&one);
    assert!(name.contains("outer::inner::built::models"), "{name}");
    let name = std::any::type_name::<outer::inner::served::operations::GetReading>();
    assert!(name.contains("outer::inner::served::operations"), "{name}");
}

#[test]
fn both_clients_have_the_selected_operations() {
    let one = built::Client::builder().build().unwrap().get_reading("a");
    let other = expanded::Client::builder().build().unwrap().get_reading("a");
    assert_eq!(one.id, other.id);
}
