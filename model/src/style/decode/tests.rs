//! What the encoders write is decoded to the same value, for each location and style.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Entries, Kind, Value, decode_entries, decode_header, decode_path};
use crate::style::{Style, cookie, header, path, query, query_reserved};

static STRINGS: Kind = Kind::List(&Kind::String);
static NUMBERS: Kind = Kind::List(&Kind::Json);
static MAP: Kind = Kind::Map(&Kind::String);
static OBJECT: Kind = Kind::Object(&[("a", Kind::String), ("b", Kind::Json), ("c/d", Kind::Json)]);
static NESTED: Kind =
    Kind::Object(&[("in", OBJECT), ("list", Kind::List(&OBJECT)), ("strings", STRINGS)]);

/// Strings with all characters that have a meaning somewhere in a request.
fn string() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,5}", "[a-z0-9 ,;:=&?/%+.|~\"\\[\\]{}ü\u{1F600}-]{1,8}"]
        .prop_map(|string| format!("x{string}x"))
}

/// Strings that a header can contain.
fn header_string() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9 ;:?/%.|~-]{0,6}[a-z0-9]"
}

fn object(strings: impl Strategy<Value = String>) -> impl Strategy<Value = Json> {
    (strings, any::<i32>(), any::<bool>())
        .prop_map(|(string, number, flag)| json!({ "a": string, "b": number, "c/d": flag }))
}

/// A value with its kind.
fn value<S: Strategy<Value = String> + Clone + 'static>(
    strings: S,
) -> impl Strategy<Value = (Kind, Json)> {
    prop_oneof![
        strings.clone().prop_map(|string| (Kind::String, string.into())),
        any::<i64>().prop_map(|number| (Kind::Json, number.into())),
        prop::collection::vec(strings.clone(), 1..4).prop_map(|items| (STRINGS, items.into())),
        prop::collection::vec(any::<i32>(), 1..4).prop_map(|items| (NUMBERS, items.into())),
        object(strings).prop_map(|object| (OBJECT, object)),
    ]
}

/// Returns whether the value is a list of one string with a delimiter. Its encoding contains only an
/// encoded delimiter, which some clients write between values, so it is decoded as several.
fn is_ambiguous(style: Style, value: &Json) -> bool {
    let delimiter = match style {
        Style::Form => ',',
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        _ => return false,
    };
    let list = value.as_array().map(Vec::as_slice);
    matches!(list, Some([Json::String(only)]) if only.contains(delimiter))
}

fn decoded(kind: Kind, value: &Value) -> Json {
    serde_json::from_str(&value.to_json(kind, false).to_json()).expect("it is JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paths_round_trip(
        (kind, value) in value(string().boxed()),
        style in prop::sample::select(vec![
            Style::Simple, Style::SimpleExploded, Style::Label, Style::LabelExploded,
            Style::Matrix, Style::MatrixExploded, Style::Json,
        ]),
    ) {
        let encoded = path("na me", style, &value).unwrap();
        let found = decode_path("na me", style, kind, &encoded).unwrap();
        prop_assert_eq!(decoded(kind, &found), value, "{}", encoded);
    }

    #[test]
    fn queries_round_trip(
        (kind, value) in value(string().boxed()),
        style in prop::sample::select(vec![
            Style::Form, Style::FormExploded, Style::DeepObject, Style::Json,
            Style::SpaceDelimited, Style::PipeDelimited,
        ]),
        is_reserved in any::<bool>(),
    ) {
        prop_assume!(!is_ambiguous(style, &value));
        let encode = if is_reserved { query_reserved } else { query };
        let encoded = encode("na me", style, &value).unwrap().join("&");
        let entries = Entries::from_query(&encoded);
        let found = decode_entries("na me", style, kind, &entries).unwrap().unwrap();
        prop_assert_eq!(decoded(kind, &found), value, "{}", encoded);
    }

    #[test]
    fn nested_queries_round_trip(
        inner in object(string()),
        list in prop::collection::vec(object(string()), 1..3),
        strings in prop::collection::vec(string(), 1..3),
    ) {
        let value = json!({ "in": inner, "list": list, "strings": strings });
        let encoded = query("name", Style::DeepObject, &value).unwrap().join("&");
        let entries = Entries::from_query(&encoded);
        let found = decode_entries("name", Style::DeepObject, NESTED, &entries).unwrap().unwrap();
        prop_assert_eq!(decoded(NESTED, &found), value, "{}", encoded);
    }

    #[test]
    fn maps_round_trip(value in prop::collection::btree_map(string(), string(), 1..4)) {
        let value = json!(value);
        let encoded = query("name", Style::FormExploded, &value).unwrap().join("&");
        let entries = Entries::from_query(&encoded);
        let found = decode_entries("name", Style::FormExploded, MAP, &entries).unwrap().unwrap();
        prop_assert_eq!(decoded(MAP, &found), value, "{}", encoded);
    }

    #[test]
    fn cookies_round_trip(
        (kind, value) in value(string().boxed()),
        style in prop::sample::select(vec![Style::Form, Style::FormExploded, Style::Json]),
    ) {
        prop_assume!(!is_ambiguous(style, &value));
        let encoded = cookie("name", style, &value).unwrap().join("; ");
        let entries = Entries::from_cookies([encoded.as_str()]);
        let found = decode_entries("name", style, kind, &entries).unwrap().unwrap();
        prop_assert_eq!(decoded(kind, &found), value, "{}", encoded);
    }

    #[test]
    fn headers_round_trip(
        (kind, value) in value(header_string().boxed()),
        style in prop::sample::select(vec![Style::Simple, Style::SimpleExploded, Style::Json]),
    ) {
        let encoded = header("name", style, &value).unwrap();
        let found = decode_header(style, kind, [encoded.as_bytes()]).unwrap().unwrap();
        prop_assert_eq!(decoded(kind, &found), value, "{}", encoded);
    }
}
