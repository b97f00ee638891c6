//! How the models of the fixtures read and write JSON.

use generated_fixtures::{
    additional_forbidden, additional_typed, all_of, constant, dates, free_form, names_properties,
    names_reserved_numbered, nullable, numbers, recursive, string_enum, three_state,
};
use serde_json::json;
use specwright_runtime::Nullable;

use super::json::{read, refused, unchanged, written};

#[test]
fn a_property_of_three_states_is_absent_or_null_or_a_value() {
    use three_state::models::Update;

    for (text, nick) in [
        ("{}", Nullable::Absent),
        (r#"{"nick":null}"#, Nullable::Null),
        (r#"{"nick":"Jo"}"#, Nullable::Value("Jo".to_owned())),
    ] {
        let update: Update = unchanged(text);
        assert_eq!(update.nick, nick);
    }
    let cleared = Update::builder().nick(Nullable::Null).age(3).build().unwrap();
    assert_eq!(written(&cleared), json!({"nick": null, "age": 3}));
}

#[test]
fn null_is_the_same_as_absent_where_nothing_else_is_asked_for() {
    let update: three_state::models::Update = read(r#"{"name":null}"#);
    assert_eq!(written(&update), json!({}));
}

#[test]
fn a_required_property_may_be_null_but_not_absent() {
    use nullable::models::Note;

    let note: Note = unchanged(r#"{"author":null,"place":null,"lines":["a",null]}"#);
    assert_eq!(note.lines, Some(vec![Some("a".to_owned()), None]));
    let problem = refused::<Note>(r#"{"author":"x"}"#);
    assert!(problem.contains("missing property `place`"), "{problem}");

    let built = Note::builder().author(None).place(Some("here".into())).build();
    assert_eq!(written(&built.unwrap()), json!({"author": null, "place": "here"}));
    assert!(Note::builder().place(None).build().is_err());
}

#[test]
fn types_that_hold_themselves_are_read_at_any_depth() {
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
fn every_value_of_an_enum_is_kept() {
    use string_enum::models::Colour;

    for (value, colour) in [
        ("", Colour::Empty),
        ("unknown", Colour::Unknown),
        ("dark-blue", Colour::DarkBlue),
        ("dark blue", Colour::DarkBlue2),
        ("*", Colour::Star),
        ("Red", Colour::Other("Red".to_owned())),
        ("infra\"red\n", Colour::Other("infra\"red\n".to_owned())),
    ] {
        assert_eq!(unchanged::<Colour>(&json!(value).to_string()), colour);
        assert_eq!(Colour::from(value), colour);
        assert_eq!(colour.to_string(), value);
    }
    assert_eq!(Colour::VALUES.len(), 7);
}

#[test]
fn a_property_with_one_value_is_never_asked_for() {
    use constant::models::Event;

    let event = || Event::builder().id("1");
    let wanted = json!({"type": "event", "id": "1", "unit": "ms"});
    assert_eq!(written(&event().build().unwrap()), wanted);
    // What may be left out is not sent because it has only one value.
    let ended = event().status(constant::models::EventStatus::Completed).build().unwrap();
    let wanted = json!({"type": "event", "id": "1", "unit": "ms", "status": "completed"});
    assert_eq!(written(&ended), wanted);
    // Another value than the one is kept, as in any enum.
    unchanged::<Event>(r#"{"type":"incident","id":"1"}"#);
}

#[test]
fn names_on_the_wire_are_those_of_the_description() {
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
    let problem = refused::<names_properties::models::Odd>(r#"{"type":true}"#);
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
fn properties_that_are_not_named_have_their_type() {
    use additional_typed::models::Scores;

    let scores: Scores = unchanged(r#"{"team":"x","a":1,"b":2}"#);
    assert_eq!(scores.additional_properties["b"], 2);
    let problem = refused::<Scores>(r#"{"team":"x","a":"one"}"#);
    assert!(problem.contains("invalid type: string"), "{problem}");
    let mut built = Scores::builder().team("x").build().unwrap();
    built.additional_properties.insert("a".to_owned(), 7);
    assert_eq!(written(&built), json!({"team": "x", "a": 7}));
}

#[test]
fn properties_that_are_forbidden_are_read_over() {
    let strict: additional_forbidden::models::Strict =
        read(r#"{"other":{"a":[1,"]"]},"team":"x","more":null}"#);
    assert_eq!(written(&strict), json!({"team": "x"}));
}

#[test]
fn properties_of_all_members_are_one_struct_and_others_are_kept() {
    use all_of::models::{Base, Described, Named};

    let named: Named = unchanged(r#"{"id":"1","note":"n","name":"x","further":{"a":[1]}}"#);
    assert_eq!(named.additional_properties.len(), 1);
    let problem = refused::<Named>("{}");
    assert!(problem.contains("missing properties `id`, `name`"), "{problem}");
    let described: Described = Base::builder().id("1").build().unwrap();
    assert_eq!(written(&described), json!({"id": "1"}));
}

#[test]
fn free_form_json_keeps_its_text() {
    use free_form::models::Parcel;

    let text = r#"{"content":[1.0, {"a" :null}],"label":{"z": 1,"a": 2}}"#;
    let parcel: Parcel = read(text);
    assert_eq!(serde_json::to_string(&parcel).unwrap(), text);
    // Null is a value of free-form JSON, and not of an object.
    let null: Parcel = unchanged(r#"{"content":null}"#);
    assert_eq!(null.content.text(), "null");
    assert!(refused::<Parcel>(r#"{"content":1,"label":[]}"#).contains("expected a JSON object"));
    assert!(refused::<Parcel>("{}").contains("missing property `content`"));
}

#[test]
fn numbers_keep_their_digits_and_stay_in_their_range() {
    use numbers::models::Numbers;

    let text = r#"{"small":-2147483648,"large":9223372036854775807,"natural":18446744073709551615,"any":-1,"real":1.50}"#;
    let all: Numbers = read(text);
    assert_eq!(serde_json::to_string(&all).unwrap(), text.replace("1.50", "1.5"));
    for wrong in [r#"{"small":2147483648}"#, r#"{"small":1,"natural":-1}"#, r#"{"small":1.5}"#] {
        refused::<Numbers>(wrong);
    }
    // An integer is any number without a fraction, and is written as one.
    let text = r#"{"small":1e3,"large":-7.0,"natural":2.50e1,"any":-0,"real":1.0,"some":[-0.0],"by_name":{"a":1E0}}"#;
    let all: Numbers = read(text);
    let written =
        r#"{"small":1000,"large":-7,"natural":25,"any":0,"real":1.0,"some":[0],"by_name":{"a":1}}"#;
    assert_eq!(serde_json::to_string(&all).unwrap(), written);
    for wrong in ["1e10", "2147483648.0", "1.0000001", "-1e400", "9e99", "\"1\""] {
        refused::<Numbers>(&format!(r#"{{"small":{wrong}}}"#));
    }
    let problem = refused::<Numbers>(r#"{"small":1.5}"#);
    assert!(problem.starts_with("invalid type: floating point `1.5`, expected i32"), "{problem}");
}

#[test]
fn moments_and_days_are_read_and_written_as_rfc_3339() {
    use dates::models::Dates;

    let dates: Dates =
        read(r#"{"start":"2024-08-22T11:36:29.5-07:00","day":"2024-02-29","days":["2024-01-01"]}"#);
    let expected =
        json!({"start": "2024-08-22T18:36:29.5Z", "day": "2024-02-29", "days": ["2024-01-01"]});
    assert_eq!(written(&dates), expected);
    for wrong in
        [r#"{"start":"2024-08-22"}"#, r#"{"start":"2024-08-22T00:00:00Z","day":"2023-02-29"}"#]
    {
        refused::<Dates>(wrong);
    }
    // What could not be written back as it came is refused, and not changed.
    for wrong in ["9999-12-31T23:59:59Z", "2024-08-22T00:00:00.0123456789Z"] {
        refused::<Dates>(&format!(r#"{{"start":"{wrong}"}}"#));
    }
}

fn number(n: i64) -> specwright_runtime::Number {
    n.into()
}
