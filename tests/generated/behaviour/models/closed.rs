//! Objects without other properties: others are kept, and violations.

use generated_fixtures::{additional_forbidden, additional_forbidden_siblings};
use serde::Serialize;
use serde::de::DeserializeOwned;
use specwright_runtime::{ValidationError, Violation};

use crate::support::json::unchanged;

/// Decodes a value, checks that it is equal after encoding, and returns the pointers of its
/// violations.
fn forbidden<T: DeserializeOwned + Serialize>(
    json: &str,
    validate: fn(&T) -> Result<(), ValidationError>,
) -> Vec<String> {
    let Err(error) = validate(&unchanged(json)) else { return Vec::new() };
    let at = |violation: &Violation| {
        assert_eq!(violation.message, "is not allowed");
        violation.pointer.clone()
    };
    error.violations().iter().map(at).collect()
}

#[test]
fn forbidden_properties_are_kept_and_reported() {
    use additional_forbidden::models::Strict;

    let json = r#"{"other":{"a":[1,"]",1.50]},"team":"x","more":null}"#;
    assert_eq!(forbidden(json, Strict::validate), ["/other", "/more"]);
    assert_eq!(forbidden(r#"{"team":"x"}"#, Strict::validate), [""; 0]);
    let built = Strict::builder().team("x").build().unwrap();
    assert_eq!(built, unchanged(r#"{"team":"x"}"#));
}

#[test]
fn forbidden_properties_are_kept_in_each_position() {
    use additional_forbidden::models::Offices;

    for (json, pointer) in [
        (r#"{"direct":{"team":"x","new":1}}"#, "/direct/new"),
        (r#"{"inline":{"new":[]}}"#, "/inline/new"),
        (r#"{"each":[{},{"size":1,"new":"a"}]}"#, "/each/1/new"),
        (r#"{"by_name":{"a/b":{"new":{}}}}"#, "/by_name/a~1b/new"),
        (r#"{"renamed":{"new":0.10}}"#, "/renamed/new"),
        (r#"{"teams":[{"new":true}]}"#, "/teams/0/new"),
        (r#"{"absent":{"new":null}}"#, "/absent/new"),
        (r#"{"merged":{"team":"x","size":1,"new":1}}"#, "/merged/new"),
        (r#"{"empty":{"new":1}}"#, "/empty/new"),
        (r#"{"mapped":{"kind":"square","radius":1}}"#, "/mapped/radius"),
        (r#"{"tagged":{"new":1,"type":"removed"}}"#, "/tagged/new"),
        (r#"{"present":{"number":1,"new":1}}"#, "/present/new"),
        // Open objects have other properties.
        (r#"{"present":{"letter":"a","new":1}}"#, ""),
        (r#"{"new":1}"#, ""),
    ] {
        let expected: &[&str] = if pointer.is_empty() { &[] } else { &[pointer] };
        assert_eq!(forbidden(json, Offices::validate), expected, "{json}");
    }
}

#[test]
fn closed_variants_are_decided_by_their_tag() {
    use additional_forbidden::models::{Mapped, Present, Tagged};

    assert!(matches!(unchanged(r#"{"kind":"square","new":1}"#), Mapped::Square(_)));
    assert!(matches!(unchanged(r#"{"kind":"oval","new":1}"#), Mapped::Unknown(_)));
    assert!(matches!(unchanged(r#"{"new":1,"type":"removed"}"#), Tagged::Removed(_)));
    // Without a tag, an open variant is preferred.
    assert!(matches!(unchanged(r#"{"number":1}"#), Present::Numbered(_)));
    assert!(matches!(unchanged(r#"{"number":1,"new":1}"#), Present::Numbered(_)));
    assert!(matches!(unchanged(r#"{"number":1,"letter":"a"}"#), Present::Lettered(_)));
    assert!(matches!(unchanged(r#"{"letter":"a","new":1}"#), Present::Lettered(_)));
}

#[test]
fn forbidden_properties_are_kept_in_each_notation() {
    use additional_forbidden_siblings::models::Forms;

    for (json, pointer) in [
        (r#"{"or_null":{"new":1}}"#, "/or_null/new"),
        (r#"{"typed":{"team":"x","new":1}}"#, "/typed/new"),
        (r#"{"narrowed":{"team":"x","new":1}}"#, "/narrowed/new"),
        (r#"{"unevaluated":{"team":"x","new":1}}"#, "/unevaluated/new"),
        (r#"{"never":{"team":"x","new":1}}"#, "/never/new"),
        (r#"{"prefixed":{"team":"x","x-a":1,"new":1}}"#, "/prefixed/new"),
    ] {
        assert_eq!(forbidden(json, Forms::validate), [pointer], "{json}");
        let allowed = json.replace(",\"new\":1", "").replace("\"new\":1", "");
        assert_eq!(forbidden(&allowed, Forms::validate), [""; 0], "{allowed}");
    }
}
