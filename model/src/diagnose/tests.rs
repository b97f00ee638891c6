//! What is found in documents of types that are not generated, and in unions.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::diagnose;
use crate::credential::Secret;
use crate::json::{Json, JsonObject};
use crate::scalar::Number;
use crate::union::{Union, Value, best_match};

fn problems<T: DeserializeOwned>(json: &str) -> Vec<String> {
    diagnose::<T>(json, 100).problems.iter().map(ToString::to_string).collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only decoded")]
struct Derived {
    pair: (u8, String),
    level: Option<Level>,
    by_number: Option<BTreeMap<i32, bool>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Low,
    High,
}

#[test]
fn derived_types_are_diagnosed() {
    assert_eq!(problems::<Derived>(r#"{"pair":[1,"a"],"level":"low"}"#), [""; 0]);
    assert_eq!(
        problems::<Derived>(
            r#"{"pair":[300,5],"level":"middle","by_number":{"1":true,"2":0},"more":1}"#
        ),
        [
            "/pair/0 must be a natural number of 8 bits, not integer `300`",
            "/pair/1 must be a string, not integer `5`",
            "/level has the unknown value `middle`, expected `low` or `high`",
            "/by_number/2 must be a boolean, not integer `0`",
            "/more is not a known property, expected `pair` or `level` or `by_number`",
        ]
    );
    assert_eq!(problems::<Derived>("{}"), ["/pair is required"]);
}

#[test]
fn json_and_numbers_are_diagnosed() {
    assert_eq!(problems::<Vec<Json>>(r#"[1,{"a":[]},null]"#), [""; 0]);
    assert_eq!(
        problems::<Vec<JsonObject>>(r#"[{"a":1},[1],"x"]"#),
        ["/1 must be an object, not an array", r#"/2 must be an object, not string "x""#]
    );
    assert_eq!(
        problems::<Vec<Number>>("[1,-2.5,\"3\",null]"),
        [r#"/2 must be a number, not string "3""#, "/3 must be a number, not null"]
    );
}

/// A union that is decoded by trial.
#[derive(Debug)]
#[expect(dead_code, reason = "only decoded")]
enum Trial {
    Numbers(Vec<i64>),
    Derived(Derived),
    Unknown(Json),
}

impl Union for Trial {
    fn decide<V: Value>(value: V) -> Result<Self, V::Error> {
        best_match(
            value,
            &[
                ("Numbers", |value| value.read().map(Self::Numbers)),
                ("Derived", |value| value.read().map(Self::Derived)),
            ],
            Self::Unknown,
        )
    }
}

impl<'de> Deserialize<'de> for Trial {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::union::read(deserializer)
    }
}

#[test]
fn a_union_that_no_variant_fits_is_one_problem() {
    let json = r#"[[1],{"pair":[1,"a"]},[true],{"pair":[1,2]},5]"#;
    assert_eq!(
        problems::<Vec<Trial>>(json),
        [
            "/2 is invalid: no variant fits (Numbers: /0 must be an integer of 64 bits, not \
             boolean `true`; Derived: /0 must be an array, not boolean `true`)",
            "/3 is invalid: no variant fits (Numbers: must be an array; Derived: /pair/1 must be \
             a string, not integer `2`)",
            "/4 is invalid: no variant fits (Numbers: must be an array; Derived: must be an \
             object)",
        ]
    );
}

#[test]
fn documents_with_placeholders_can_be_decoded() {
    let diagnosis =
        diagnose::<Vec<Derived>>(r#"[{"pair":[1,2]},{"pair":["1","2"],"level":3}]"#, 100);
    assert_eq!(diagnosis.problems.len(), 3, "{diagnosis:?}");
    let repaired = diagnosis.repaired.expect("placeholders");
    let decoded = serde_json::from_str::<Vec<Derived>>(&repaired);
    assert_eq!(decoded.expect("a valid document").len(), 2, "{repaired}");
}

#[test]
fn the_number_of_problems_is_limited() {
    let diagnosis = diagnose::<Vec<u8>>("[true,true,true]", 2);
    assert_eq!((diagnosis.problems.len(), diagnosis.is_cut), (2, true));
    let diagnosis = diagnose::<Vec<u8>>("[true,true]", 2);
    assert_eq!((diagnosis.problems.len(), diagnosis.is_cut), (2, false));
}

#[test]
fn problems_of_secrets_do_not_show_them() {
    let found = problems::<BTreeMap<String, Secret<Vec<i8>>>>(r#"{"a":[1,"x"],"b":[300]}"#);
    assert_eq!(found, ["/a/1 must be an integer of 8 bits", "/b/0 must be an integer of 8 bits"]);
}
