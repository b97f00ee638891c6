//! `validate()` and builders report all violations at once, each with its JSON pointer.

use generated_fixtures::{
    additional_typed, any_of, constraints_collection, constraints_nested, constraints_number,
    constraints_string, free_form, three_state,
};
use proptest::prelude::*;
use specwright_runtime::{ValidationError, Validator};

#[test]
fn lengths_of_strings_are_in_characters() {
    use constraints_string::models::Entry;

    let entry: Entry = serde_json::from_str(r#"{"name":"É","nick":"ééé"}"#).unwrap();
    assert_eq!(
        violations(entry.validate()),
        ["/name must have at least 2 characters, has 1", "/name must match the pattern `^[a-z]+$`",]
    );
    let entry: Entry = serde_json::from_str(r#"{"name":"abcdef","nick":"éééé"}"#).unwrap();
    assert_eq!(
        violations(entry.validate()),
        [
            "/name must have at most 5 characters, has 6",
            "/nick must have at most 3 characters, has 4",
        ]
    );
}

#[test]
fn a_builder_reports_missing_and_invalid_properties() {
    let built = constraints_string::models::Entry::builder().nick("nicholas").build();
    assert_eq!(
        violations(built),
        ["/nick must have at most 3 characters, has 8", "/name is required"]
    );
    let mut built = additional_typed::models::Scores::builder().team("x").build().unwrap();
    built.additional_properties.insert("a/b~c".to_owned(), -1);
    assert_eq!(violations(built.validate()), ["/a~1b~0c must be at least 0, is -1"]);
}

#[test]
fn bounds_of_numbers_are_inclusive_or_exclusive() {
    use constraints_number::models::Gauge;

    let gauge = |level: i64, ratio: f64| Gauge::builder().level(level).ratio(ratio).build();
    for (level, ratio) in [(0, 0.25), (95, 1.0), (5, 0.5)] {
        assert!(gauge(level, ratio).is_ok(), "{level} {ratio}");
    }
    assert_eq!(
        violations(gauge(-3, 0.0)),
        [
            "/level must be at least 0, is -3",
            "/level must be a multiple of 5, is -3",
            "/ratio must be above 0, is 0.0",
        ]
    );
    assert_eq!(
        violations(gauge(100, 1.1)),
        [
            "/level must be below 100, is 100",
            "/ratio must be at most 1, is 1.1",
            "/ratio must be a multiple of 0.25, is 1.1",
        ]
    );
}

#[test]
fn violations_of_collections_and_their_elements_are_violations() {
    use constraints_collection::models::Entry;

    let entry: Entry =
        serde_json::from_str(r#"{"tags":["a","long","a","b"],"labels":{}}"#).unwrap();
    assert_eq!(
        violations(entry.validate()),
        [
            "/tags must have at most 3 entries, has 4",
            "/tags must have unique elements; the one at index 2 is a duplicate",
            "/tags/1 must have at most 3 characters, has 4",
        ]
    );
    let entry: Entry =
        serde_json::from_str(r#"{"tags":[],"labels":{"a":"","b":null,"c":"x"}}"#).unwrap();
    assert_eq!(
        violations(entry.validate()),
        [
            "/labels must have at most 2 entries, has 3",
            "/labels/a must have at least 1 characters, has 0",
        ]
    );
    let parcel = free_form::models::Parcel::builder()
        .content("1".parse().unwrap())
        .stamps("{}".parse().unwrap())
        .build();
    assert_eq!(violations(parcel), ["/stamps must have at least 1 entries, has 0"]);
}

#[test]
fn violations_are_reported_at_every_depth() {
    use constraints_nested::models::{Content, Nest};

    let nest: Nest =
        serde_json::from_str(r#"{"name":"long","inner":{"inner":{"name":"longer"}}}"#).unwrap();
    let expected = [
        "/name must have at most 3 characters, has 4",
        "/inner/inner/name must have at most 3 characters, has 6",
    ];
    assert_eq!(violations(nest.validate()), expected);
    assert_eq!(violations(Content::from(nest).validate()), expected);
    assert_eq!(
        violations(Content::from("long".to_owned()).validate()),
        ["the value must have at most 3 characters, has 4"]
    );
    assert_eq!(
        violations(Content::from(Vec::new()).validate()),
        ["the value must have at least 1 entries, has 0"]
    );
    assert!(Content::from(true).validate().is_ok());
}

#[test]
fn null_absent_and_unknown_values_have_no_constraints() {
    use any_of::models::Limit;
    use three_state::models::Update;

    for text in ["{}", r#"{"nick":null}"#, r#"{"nick":"12345678"}"#] {
        let update: Update = serde_json::from_str(text).unwrap();
        assert!(update.validate().is_ok(), "{text}");
    }
    let update: Update = serde_json::from_str(r#"{"nick":"123456789"}"#).unwrap();
    assert_eq!(violations(update.validate()), ["/nick must have at most 8 characters, has 9"]);
    let unknown: Limit = serde_json::from_str(r#"{"a":1}"#).unwrap();
    assert!(unknown.validate().is_ok());
    assert_eq!(violations(Limit::Count(0).validate()), ["the value must be at least 1, is 0"]);
}

/// Rounding errors of floats are distinguished from digits that do not fit.
#[test]
fn amounts_in_cents_are_multiples_of_a_cent() {
    let is_multiple = |value: f64, factor: f64| {
        let mut validator = Validator::new();
        validator.multiple_of(&value.into(), factor);
        validator.finish().is_ok()
    };
    assert!(is_multiple(152_967.55, 0.01));
    assert!(is_multiple(0.0, 0.01) && is_multiple(-0.07, 0.01) && is_multiple(1e300, 2.5));
    assert!(!is_multiple(1e300, 3.0));
    assert!(!is_multiple(f64::NAN, 0.01) && !is_multiple(f64::INFINITY, 0.01));
    proptest!(|(cents in -100_000_000_000_i64..100_000_000_000, tenths in 1..10)| {
        let parse = |number: String| number.parse::<f64>().expect("a number");
        prop_assert!(is_multiple(parse(format!("{cents}e-2")), 0.01), "{cents}");
        prop_assert!(!is_multiple(parse(format!("{cents}{tenths}e-3")), 0.01), "{cents}{tenths}");
    });
}

/// Returns the violations as strings.
pub(crate) fn violations<T>(result: Result<T, ValidationError>) -> Vec<String> {
    let error = result.err();
    let violations = error.iter().flat_map(|error| error.violations());
    violations.map(ToString::to_string).collect()
}
