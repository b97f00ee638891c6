//! Structs, enums and scalars in JSON.

use generated_fixtures::{
    additional_typed, all_of, constant, dates, free_form, names_properties,
    names_reserved_numbered, nullable, numbers, recursive, string_enum, three_state,
};
use serde_json::json;
use specwright_runtime::{Nullable, jiff};

use crate::support::json::{decode_error, read, unchanged, written};

#[test]
fn a_three_state_property_is_absent_null_or_a_value() {
    use three_state::models::Update;

    for (json, nick) in [
        ("{}", Nullable::Absent),
        (r#"{"nick":null}"#, Nullable::Null),
        (r#"{"nick":"Jo"}"#, Nullable::Value("Jo".to_owned())),
    ] {
        let update: Update = unchanged(json);
        assert_eq!(update.nick, nick);
    }
    let cleared = Update::builder().nick(Nullable::Null).age(3).build().unwrap();
    assert_eq!(written(&cleared), json!({"nick": null, "age": 3}));
}

#[test]
fn null_is_read_as_absent_by_default() {
    let update: three_state::models::Update = read(r#"{"name":null}"#);
    assert_eq!(written(&update), json!({}));
}

#[test]
fn a_required_property_may_be_null_but_not_absent() {
    use nullable::models::Note;

    let note: Note = unchanged(r#"{"author":null,"location":null,"lines":["a",null]}"#);
    assert_eq!(note.lines, Some(vec![Some("a".to_owned()), None]));
    let problem = decode_error::<Note>(r#"{"author":"x"}"#);
    assert!(problem.contains("missing property `location`"), "{problem}");

    let built = Note::builder().author(None).location(Some("here".into())).build();
    assert_eq!(written(&built.unwrap()), json!({"author": null, "location": "here"}));
    assert!(Note::builder().location(None).build().is_err());
}

#[test]
fn recursive_types_are_decoded_at_any_depth() {
    use recursive::models::{Expression, Leaf, Sum, Tree};

    let tree: Tree = unchanged(
        r#"{"parent":{"children":[{},{"leaf":{"name":"a","tree":{"leaf":{"name":"b"}}}}]}}"#,
    );
    let children = tree.parent.unwrap().children.unwrap();
    let leaf = children[1].leaf.as_ref().unwrap();
    assert_eq!(leaf.tree.as_ref().unwrap().leaf, Some(Leaf::builder().name("b").build().unwrap()));

    let sum: Expression = unchanged(r#"{"left":1,"right":{"left":2,"right":3}}"#);
    let inner = Sum::builder().left(number(2)).right(number(3)).build().unwrap();
    let built = Sum::builder().left(number(1)).right(inner).build().unwrap();
    assert_eq!(sum, built.into());
}

#[test]
fn enum_values_round_trip() {
    use string_enum::models::Colour;

    for (value, colour) in [
        ("", Colour::Empty),
        ("unknown", Colour::Unknown),
        ("dark-blue", Colour::DarkBlue),
        ("dark blue", Colour::DarkBlue2),
        ("*", Colour::Star),
        ("Red", Colour::Other("Red".into())),
        ("infra\"red\n", Colour::Other("infra\"red\n".into())),
    ] {
        assert_eq!(unchanged::<Colour>(&json!(value).to_string()), colour);
        assert_eq!(Colour::from(value), colour);
        assert_eq!(colour.to_string(), value);
    }
    assert_eq!(Colour::VALUES.len(), 7);
}

#[test]
fn required_constants_are_filled_in() {
    use constant::models::Event;

    let event = || Event::builder().id("1");
    let wanted = json!({"type": "event", "id": "1", "unit": "ms"});
    assert_eq!(written(&event().build().unwrap()), wanted);
    // Optional constants are not filled in.
    let ended = event().status(constant::models::EventStatus::Completed).build().unwrap();
    let wanted = json!({"type": "event", "id": "1", "unit": "ms", "status": "completed"});
    assert_eq!(written(&ended), wanted);
    // Other values round-trip, as in every enum.
    unchanged::<Event>(r#"{"type":"incident","id":"1"}"#);
}

#[test]
fn json_has_the_documented_property_names() {
    let odd = names_properties::models::Odd::builder()
        .r#type(true)
        .n3d(true)
        .user_name_x(true)
        .user_name(true)
        .user_name2(false)
        .draft(true)
        .build()
        .unwrap();
    let expected = json!({
        "type": true, "3d": true, "@user.name/x": true, "userName": true, "user_name": false,
        "draft": true,
    });
    assert_eq!(written(&odd), expected);
    unchanged::<names_properties::models::Odd>(&expected.to_string());
    let problem = decode_error::<names_properties::models::Odd>(r#"{"type":true}"#);
    assert!(problem.contains("missing property `draft`"), "{problem}");
    let own = names_reserved_numbered::models::Own::builder()
        .build2("b")
        .additional_properties2("a")
        .map("m");
    let mut own = own.build().unwrap();
    own.additional_properties.insert("other", "1".parse().unwrap());
    let expected = json!({"build": "b", "additional_properties": "a", "map": "m", "other": 1});
    assert_eq!(written(&own), expected);
}

#[test]
fn additional_properties_have_their_type() {
    use additional_typed::models::Scores;

    let scores: Scores = unchanged(r#"{"team":"x","a":1,"b":2}"#);
    assert_eq!(scores.additional_properties["b"], 2);
    let problem = decode_error::<Scores>(r#"{"team":"x","a":"one"}"#);
    assert!(problem.contains("invalid type: string"), "{problem}");
    let mut built = Scores::builder().team("x").build().unwrap();
    built.additional_properties.insert("a".to_owned(), 7);
    assert_eq!(written(&built), json!({"team": "x", "a": 7}));
}

#[test]
fn all_of_is_one_struct_and_unknown_properties_are_kept() {
    use all_of::models::{Base, Described, Named};

    let named: Named = unchanged(r#"{"id":"1","note":"n","name":"x","further":{"a":[1]}}"#);
    assert_eq!(named.additional_properties.len(), 1);
    let problem = decode_error::<Named>("{}");
    assert!(problem.contains("missing properties `id`, `name`"), "{problem}");
    let described: Described = Base::builder().id("1").build().unwrap();
    assert_eq!(written(&described), json!({"id": "1"}));
}

#[test]
fn free_form_json_keeps_its_notation() {
    use free_form::models::Parcel;

    let json = r#"{"content":[1.0, {"a" :null}],"label":{"z": 1,"a": 2}}"#;
    let parcel: Parcel = read(json);
    assert_eq!(serde_json::to_string(&parcel).unwrap(), json);
    // `null` is valid free-form JSON, but not an object.
    let null: Parcel = unchanged(r#"{"content":null}"#);
    assert_eq!(null.content.as_str(), "null");
    assert!(decode_error::<Parcel>(r#"{"content":1,"label":[]}"#).contains("expected an object"));
    assert!(decode_error::<Parcel>("{}").contains("missing property `content`"));
}

#[test]
fn numbers_keep_their_digits_and_have_ranges() {
    use numbers::models::Numbers;

    let json = r#"{"small":-2147483648,"large":9223372036854775807,"natural":18446744073709551615,"any":-1,"real":1.50}"#;
    let all: Numbers = read(json);
    assert_eq!(serde_json::to_string(&all).unwrap(), json);
    for wrong in [r#"{"small":2147483648}"#, r#"{"small":1,"natural":-1}"#, r#"{"small":1.5}"#] {
        decode_error::<Numbers>(wrong);
    }
    // Integers may be written with a fraction of zero, and are encoded without one.
    let json = r#"{"small":1e3,"large":-7.0,"natural":2.50e1,"any":-0,"real":1.0,"some":[-0.0],"by_name":{"a":1E0}}"#;
    let all: Numbers = read(json);
    let written =
        r#"{"small":1000,"large":-7,"natural":25,"any":0,"real":1.0,"some":[0],"by_name":{"a":1}}"#;
    assert_eq!(serde_json::to_string(&all).unwrap(), written);
    for wrong in ["1e10", "2147483648.0", "1.0000001", "-1e400", "9e99", "\"1\""] {
        decode_error::<Numbers>(&format!(r#"{{"small":{wrong}}}"#));
    }
    let problem = decode_error::<Numbers>(r#"{"small":1.5}"#);
    assert!(problem.starts_with("invalid type: floating point `1.5`, expected i32"), "{problem}");
}

#[test]
fn timestamps_and_dates_are_rfc_3339() {
    use dates::models::Dates;

    let dates: Dates =
        read(r#"{"start":"2024-08-22T11:36:29.5-07:00","day":"2024-02-29","days":["2024-01-01"]}"#);
    let expected = json!({"start": "2024-08-22T11:36:29.5-07:00", "day": "2024-02-29", "days": ["2024-01-01"]});
    assert_eq!(written(&dates), expected);
    assert_eq!(dates.start, "2024-08-22T18:36:29.5Z".parse::<jiff::Timestamp>().unwrap());
    for wrong in [r#"{"start":5}"#, r#"{"start":"2024-08-22T00:00:00Z","day":[]}"#] {
        decode_error::<Dates>(wrong);
    }
}

fn number(n: i64) -> specwright_runtime::Number {
    n.into()
}
