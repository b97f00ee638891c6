//! Schemas without a type, with the option `exact-types`: values of all types are accepted.

use generated_fixtures::exact_types::models::{Note, NoteObject, NoteObjectClosed};
use specwright_runtime::Number;

use crate::models::constraints::violations;
use crate::support::json::{decode_error, read, unchanged};

/// Decodes a note with a property, and checks that it is encoded as it came.
fn note(property: &str) -> NoteObject {
    let json = format!(r#"{{"text":"a",{property}}}"#);
    assert!(matches!(read::<Note>(&json), Note::Object(_)));
    let note = read::<NoteObject>(&json);
    assert_eq!(serde_json::to_string(&note).ok(), Some(json));
    note
}

#[test]
fn values_that_are_not_objects_are_kept() {
    for json in ["null", "true", "1.50", "\"a\"", "[{}]"] {
        let Note::Unknown(kept) = read::<Note>(json) else { panic!("not an object: {json}") };
        assert_eq!(kept.as_str(), json);
        for name in ["inner", "closed", "merged", "list", "map", "pair", "either"] {
            if json != "null" && !(json.starts_with('[') && ["list", "pair"].contains(&name)) {
                let kept = note(&format!("\"{name}\":{json}"));
                assert_eq!(violations(kept.validate()), [""; 0], "{name}: {json}");
            }
        }
    }
    decode_error::<Note>("{}");
    decode_error::<Note>(r#"{"text":"a","typed":1}"#);
}

#[test]
fn objects_have_their_type() {
    let note = note(r#""inner":{"text":"long"},"closed":{"a":1,"b":2},"merged":{"a":"x","b":"y"}"#);
    let Some(NoteObjectClosed::Object(closed)) = &note.closed else { panic!("an object") };
    assert_eq!(closed.a, Some(1));
    assert_eq!(
        violations(note.validate()),
        ["/inner/text must have at most 3 characters, has 4", "/closed/b is not allowed"]
    );
}

#[test]
fn lists_and_maps_are_checked() {
    assert_eq!(
        violations(note(r#""list":["a"],"pair":["a",1],"map":{"a":"b"}"#).validate()),
        [""; 0]
    );
    assert_eq!(
        violations(note(r#""list":["a",1],"pair":[1],"map":{"a":1}"#).validate()),
        [
            "/list/1 must be of type `string`",
            "/pair/0 must be of type `string`",
            "/map/a must be of type `string`",
        ]
    );
}

#[test]
fn integers_have_any_number_of_digits() {
    for integer in ["123456789012345678901", "-1e400", "1.0", "7"] {
        let read = note(&format!(r#""number":{integer},"half":{integer}"#));
        assert_eq!(read.number, integer.parse::<Number>().ok());
        assert_eq!(violations(read.validate()), [""; 0], "{integer}");
    }
    assert_eq!(
        violations(note(r#""number":0.5,"half":1.5"#).validate()),
        ["/number must be a multiple of 1, is 0.5", "/half must be a multiple of 1, is 1.5"]
    );
    let bounded: NoteObject = unchanged(r#"{"text":"a","small":9,"large":9223372036854775807}"#);
    assert_eq!((bounded.small, bounded.large), (Some(9), Some(i64::MAX)));
}
