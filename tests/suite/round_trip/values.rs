//! Strategies for scalars, strings and JSON.

use datadog_ci_pipelines::jiff::Timestamp;
use datadog_ci_pipelines::{AdditionalProperties, Json, JsonObject, Number};
use proptest::collection::{btree_map, vec};
use proptest::num::f64 as floats;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

/// Why a value of a strategy is left out. Builders do not fail there, because all required
/// properties are set.
pub(super) const BUILT: &str = "a builder refused";

/// Creates a value of a generated type, which other crates cannot construct by a literal. Required
/// properties are in parentheses. Other fields are not validated.
macro_rules! built {
    ($ty:ident ($($required:ident),*) { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        let mut value = $ty::builder()$(.$required($required))*.build().ok()?;
        $(value.$field = built!(@ $field $($value)?);)*
        Some(value)
    }};
    ($ty:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        let mut value = $ty::default();
        $(value.$field = built!(@ $field $($value)?);)*
        value
    }};
    (@ $field:ident) => { $field };
    (@ $field:ident $value:expr) => { $value };
}
pub(super) use built;

/// Strings that need escapes or look like other values.
const UNUSUAL: [&str; 13] = [
    "",
    "\"",
    "\\",
    "\\u0041",
    "\0\u{1}\u{7f}",
    "\n\r\t",
    "\u{2028}",
    "é漢🦀",
    "null",
    "-1",
    "</script>",
    "a.b",
    "{\"level\":\"job\"}",
];

/// Any string. Unusual ones are more frequent than in a uniform distribution.
pub(super) fn string() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 .:/@_-]{0,16}",
        2 => vec(any::<char>(), 0..8).prop_map(String::from_iter),
        1 => select(UNUSUAL.as_slice()).prop_map(str::to_owned),
    ]
    .boxed()
}

/// A string or `None`.
pub(super) fn optional_string() -> BoxedStrategy<Option<String>> {
    option::of(string()).boxed()
}

/// A few strings or `None`.
pub(super) fn optional_strings() -> BoxedStrategy<Option<Vec<String>>> {
    option::of(vec(string(), 0..3)).boxed()
}

/// Any timestamp.
pub(super) fn timestamp() -> BoxedStrategy<Timestamp> {
    let seconds = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
    let around_now = 1_600_000_000..1_900_000_000_i64;
    let nanoseconds = prop_oneof![Just(0), Just(250_000_000), 0..1_000_000_000];
    (prop_oneof![around_now, seconds], nanoseconds)
        .prop_filter_map(
            "the very first and last seconds are not whole",
            |(seconds, nanoseconds)| Timestamp::new(seconds, nanoseconds).ok(),
        )
        .boxed()
}

/// Any JSON number.
pub(super) fn any_number() -> BoxedStrategy<Number> {
    let float = floats::POSITIVE | floats::NEGATIVE | floats::NORMAL | floats::SUBNORMAL;
    prop_oneof![
        number(),
        (float | floats::ZERO).prop_map(Number::from),
        // The size of averages of durations in nanoseconds.
        (0.0..1e13).prop_map(Number::from),
    ]
    .boxed()
}

/// Any integer, and floats with few digits. One test covers numbers with many digits, so the models
/// do not have to.
pub(super) fn number() -> BoxedStrategy<Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-1000..1000_i32).prop_map(Number::from),
        (-8000..8000_i32).prop_map(|n| Number::from(f64::from(n) / 8.0)),
    ]
    .boxed()
}

/// Any JSON value of moderate size.
pub(super) fn value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Eighths have few digits, so all parsers agree on them.
        (-8000..8000_i32).prop_map(|n| Value::from(f64::from(n) / 8.0)),
        string().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(string(), inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
    .boxed()
}

/// Any JSON, as models contain it.
pub(super) fn json() -> BoxedStrategy<Json> {
    value().prop_filter_map("no JSON", |value| Json::from_value(&value).ok()).boxed()
}

/// Any JSON object, as models contain it.
pub(super) fn object() -> BoxedStrategy<JsonObject> {
    btree_map(string(), value(), 0..4)
        .prop_filter_map("no object", |map| JsonObject::from_value(&map).ok())
        .boxed()
}

/// Undocumented properties. Documented ones never start like this.
pub(super) fn additional() -> BoxedStrategy<AdditionalProperties> {
    vec((string(), json()), 0..3)
        .prop_map(|properties| {
            let mut additional = AdditionalProperties::default();
            for (name, value) in properties {
                additional.insert(format!("x-{name}"), value);
            }
            additional
        })
        .boxed()
}

/// A documented or an unknown value of an enum.
pub(super) fn one_of<T>(documented: &'static [&'static str]) -> impl Strategy<Value = T> + Clone
where
    T: for<'a> From<&'a str> + std::fmt::Debug,
{
    let other = string().prop_map(|name| format!("x-{name}"));
    prop_oneof![
        4 => select(documented).prop_map(str::to_owned),
        1 => other,
    ]
    .prop_map(|value| T::from(&value))
}
