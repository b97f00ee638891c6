//! Constraints of several schemas, of untyped values, and of whole objects.

use generated_fixtures::{constraints_combined, constraints_objects, struct_required_optional};
use serde_json::json;

use super::constraints::violations;
use crate::support::json::{decode_error, read, unchanged};

/// Returns the violations of a parcel with these properties.
fn parcel(properties: serde_json::Value) -> Vec<String> {
    let mut parcel = json!({ "street": "s", "floor": 1, "seal": null });
    if let (Some(all), serde_json::Value::Object(more)) = (parcel.as_object_mut(), properties) {
        all.extend(more);
    }
    violations(read::<constraints_combined::models::Parcel>(&parcel.to_string()).validate())
}

#[test]
fn a_type_and_constraints_in_several_members_are_combined() {
    let is_valid = |properties| assert_eq!(parcel(properties), [""; 0]);
    is_valid(json!({ "code": "ab", "label": "a", "weight": 2, "parts": ["a"], "short": "xyz" }));
    is_valid(json!({ "sent": "2024-05-06T07:08:09Z", "fragile": true, "word": "some" }));
    is_valid(
        json!({ "ratio": 1.5, "hollow": true, "shares": [1, 2, [1]], "meta": { "owner": 1 } }),
    );
    for (properties, violation) in [
        (json!({ "code": "abc" }), "/code must have at most 2 characters, has 3"),
        (json!({ "label": "\u{a0}" }), r"/label must match the pattern `^\S+$`"),
        (json!({ "weight": 1.5 }), "/weight must be at least 2, is 1.5"),
        (json!({ "parts": [] }), "/parts must have at least 1 entries, has 0"),
        (
            json!({ "short": "ab" }),
            r#"/short must match at least one of [{"maxLength":1},{"pattern":"^x"}], matches 0"#,
        ),
        (json!({ "meta": {} }), "/meta/owner is required"),
        (json!({ "shares": [1, { "a": 1 }, 1.0] }), "/shares must have unique elements"),
        (json!({ "ratio": 0.75 }), "/ratio must be one of [0.5,1.5]"),
        (json!({ "hollow": false }), "/hollow must be one of [true]"),
        (json!({ "door": "abcd" }), "/door must have at most 3 characters, has 4"),
        (json!({ "word": "none" }), r#"/word must not match {"enum":["none",null]}"#),
        (json!({ "floor": 0 }), "/floor must be at least 1, is 0"),
    ] {
        assert_eq!(parcel(properties), [violation]);
    }
}

#[test]
fn constraints_without_a_type_concern_the_values_of_their_type() {
    let free = |value: serde_json::Value| parcel(json!({ "loose": { "free": value } }));
    for valid in [json!("ab"), json!(3), json!([1]), json!({ "id": 1 }), json!(true), json!(null)] {
        assert_eq!(free(valid), [""; 0]);
    }
    for (invalid, violation) in [
        (json!("a"), "/loose/free must have at least 2 characters, has 1"),
        (json!("bb"), "/loose/free must match the pattern `^a`"),
        (json!(2.5), "/loose/free must be at least 3, is 2.5"),
        (json!([]), "/loose/free must have at least 1 entries, has 0"),
        (json!([1, 1]), "/loose/free must have unique elements"),
        (json!({}), "/loose/free/id is required"),
    ] {
        assert_eq!(free(invalid), [violation]);
    }
    assert_eq!(parcel(json!({ "loose": { "short": "\u{feff}" } })), [""; 0]);
    assert_eq!(
        parcel(json!({ "loose": { "short": "\u{200b}" } })),
        [r"/loose/short must match the pattern `^\s$`"]
    );
}

#[test]
fn null_is_a_value_only_if_all_members_allow_it() {
    use constraints_combined::models::Parcel;

    unchanged::<Parcel>(r#"{"street":null,"floor":1,"seal":1}"#);
    let error = decode_error::<Parcel>(r#"{"street":"s","floor":null,"seal":1}"#);
    assert!(error.contains("null"), "{error}");
    read::<Parcel>(r#"{"street":"s","floor":1,"door":null}"#);
}

#[test]
fn a_required_property_that_is_not_declared_can_be_set_and_must_be_present() {
    use constraints_combined::models::Parcel;

    let parcel: Parcel = read(r#"{"street":"s","floor":1}"#);
    assert_eq!(violations(parcel.validate()), ["/seal is required"]);
    let built = Parcel::builder().street("s".to_owned()).floor(1).build();
    assert_eq!(violations(built), ["/seal is required"]);
    let seal = "7".parse().unwrap();
    assert!(Parcel::builder().street("s".to_owned()).floor(1).seal(seal).build().is_ok());
}

#[test]
fn integers_within_their_bounds_fit() {
    for properties in [
        json!({ "serial": 18_446_744_073_709_551_615_u64 }),
        json!({ "huge": 9_223_372_036_854_775_900_u64, "exact": 9_223_372_036_854_775_807_i64 }),
    ] {
        assert_eq!(parcel(properties), [""; 0]);
    }
    let parcel: constraints_combined::models::Parcel =
        read(r#"{"street":"s","floor":1,"seal":1,"serial":18446744073709551615,"exact":1}"#);
    assert_eq!((parcel.serial, parcel.exact), (Some(u64::MAX), Some(1)));
    assert_eq!(self::parcel(json!({ "huge": 1.5 })), ["/huge must be a multiple of 1, is 1.5"]);
}

/// Returns the violations of an order.
fn order(order: &str) -> Vec<String> {
    violations(unchanged::<constraints_objects::models::Order>(order).validate())
}

#[test]
fn alternatives_of_required_properties_are_checked() {
    use constraints_objects::models::Contact;

    for valid in [
        r#"{"contact":{"name":"a","mail":"m"}}"#,
        r#"{"contact":{"name":"a","mail":null}}"#,
        r#"{"contact":{"name":"a","phone":"p"}}"#,
    ] {
        assert_eq!(order(valid), [""; 0], "{valid}");
    }
    let violation = "must have exactly one of these: `name`, `mail`; `name`, `phone`";
    for invalid in
        [r#"{"contact":{"name":"a"}}"#, r#"{"contact":{"name":"a","mail":"m","phone":"p"}}"#]
    {
        assert_eq!(order(invalid), [format!("/contact {violation}")], "{invalid}");
    }
    assert_eq!(
        violations(Contact::builder().name("a").build()),
        [format!("the value {violation}")]
    );
    assert!(Contact::builder().name("a").phone("p").build().is_ok());
}

#[test]
fn conditions_are_checked_and_declare_their_properties() {
    use constraints_objects::models::{Payment, PaymentMethod};

    let payment = |method: PaymentMethod| Payment::builder().method(method);
    assert!(payment(PaymentMethod::Card).number("1234").build().is_ok());
    assert!(payment(PaymentMethod::Bank).iban("x").coupon("c").percent(5).build().is_ok());
    assert_eq!(violations(payment(PaymentMethod::Card).build()), ["/number is required"]);
    assert_eq!(violations(payment(PaymentMethod::Bank).build()), ["/iban is required"]);
    assert_eq!(
        violations(payment(PaymentMethod::Card).number("123").build()),
        ["/number must have at least 4 characters, has 3"]
    );
    assert_eq!(
        violations(payment(PaymentMethod::Bank).iban("x").coupon("c").build()),
        ["/percent is required"]
    );
}

#[test]
fn numbers_and_names_of_properties_are_checked() {
    for valid in [
        r#"{"size":{"width":1}}"#,
        r#"{"size":{"depth":1}}"#,
        r#"{"codes":{"id":"a","n_a":1,"s_a":"x","other":[]}}"#,
        r#"{"headers":{"x-a":"b"},"counts":{"a":1},"closed":{"width":1,"unit":"m"}}"#,
        r#"{"tags":["main","a","main"],"nothing":{}}"#,
    ] {
        assert_eq!(order(valid), [""; 0], "{valid}");
    }
    for (invalid, violation) in [
        (r#"{"size":{}}"#, "/size must have at least 1 entries, has 0"),
        (
            r#"{"size":{"width":1,"height":2}}"#,
            r#"/size must not match {"required":["width","height"]}"#,
        ),
        (r#"{"codes":{"n_a":"x"}}"#, "/codes/n_a must be of type `integer`"),
        (r#"{"headers":{"y":"b"}}"#, "/headers/y is not allowed"),
        (
            r#"{"counts":{"c":1}}"#,
            r#"/counts must have property names that match {"enum":["a","b"]}, not `c`"#,
        ),
        (r#"{"closed":{"width":1,"other":1}}"#, "/closed/other is not allowed"),
        (
            r#"{"tags":["a"]}"#,
            r#"/tags must contain at least 1 elements that match {"enum":["main"]}"#,
        ),
        (r#"{"nothing":{"a":1}}"#, "/nothing/a is not allowed"),
    ] {
        assert_eq!(order(invalid), [violation], "{invalid}");
    }
}

#[test]
fn null_for_a_required_property_is_reported_as_null() {
    let error =
        decode_error::<struct_required_optional::models::Car>(r#"{"name":null,"wheels":4}"#);
    assert!(error.contains("null"), "{error}");
    assert!(!error.contains("missing"), "{error}");
}

#[test]
fn properties_have_their_conditional_type_only_while_the_condition_holds() {
    use generated_fixtures::conditional_values::models::Parcel;

    let parcel: Parcel = unchanged(r#"{"kind":"box","weight":5,"to":{"city":"x"},"value":1.50}"#);
    assert_eq!(
        (parcel.weight, parcel.to.as_ref().map(|to| to.city.as_str())),
        (Some(5), Some("x"))
    );
    assert!(parcel.additional_properties.is_empty());
    assert_eq!(violations(parcel.validate()), [""; 0]);
    let json = r#"{"kind":"bag","weight":"heavy","to":{},"value":[1.0]}"#;
    let parcel: Parcel = unchanged(json);
    assert_eq!((parcel.weight, parcel.to.is_none(), parcel.value.is_none()), (None, true, true));
    assert_eq!(parcel.additional_properties.get("weight").map(|it| it.as_str()), Some("\"heavy\""));
    assert_eq!(violations(parcel.validate()), [""; 0]);
    let parcel: Parcel = unchanged(r#"{"kind":"box","weight":"heavy","insured":true,"value":"x"}"#);
    assert_eq!(
        violations(parcel.validate()),
        ["/weight must be of type `integer`", "/value must be of type `number`"]
    );
    // Its own schema has a type, whatever the condition.
    decode_error::<Parcel>(r#"{"size":"x"}"#);
    assert_eq!(violations(read::<Parcel>(r#"{"kind":"bag","size":0}"#).validate()), [""; 0]);
}

#[test]
fn what_no_other_keyword_evaluates_is_limited() {
    use generated_fixtures::unevaluated::models::Row;

    let row: Row = unchanged(
        r#"{"pair":["a",1],"rest":["a",1,2],"none":[],"inherited":["a","b"],"limited":["a"],
        "open":{"a":"x","b":[1]},"closed":{"a":"x"}}"#,
    );
    assert_eq!(row.pair, Some(("a".to_owned(), 1)));
    assert_eq!(violations(row.validate()), [""; 0]);
    for wrong in [r#"{"pair":["a",1,2]}"#, r#"{"rest":["a","b"]}"#] {
        decode_error::<Row>(wrong);
    }
    for (wrong, violation) in [
        (r#"{"none":[1]}"#, "/none must have at most 0 entries, has 1"),
        (r#"{"limited":["a","b","c"]}"#, "/limited must have at most 2 entries, has 3"),
        (r#"{"closed":{"b":1}}"#, "/closed/b is not allowed"),
    ] {
        assert_eq!(violations(unchanged::<Row>(wrong).validate()), [violation], "{wrong}");
    }
}
