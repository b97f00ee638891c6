//! Bodies that do not decode: what is said of them, and that nothing makes this panic.

use datadog_ci_pipelines::models::{AggregateRequest, SendRequest};
use proptest::prelude::*;
use serde::Deserialize;
use specwright_model::json::Json;
use specwright_model::validate::Check;

use super::*;

fn found<T: DeserializeOwned>(text: &str) -> Vec<String> {
    match decode::<T>(text.as_bytes(), |_, _| {}) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

const RUN: &str = r#"{"data":{"attributes":{"resource":{
    "level":"pipeline","unique_id":"1","name":"n","url":"u","status":"success",
    "start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:00Z","partial_retry":false
}},"type":"cipipeline_resource_request"}}"#;

#[test]
fn all_problems_are_named_at_once() {
    assert_eq!(found::<SendRequest>(RUN), [""; 0]);
    assert_eq!(found::<SendRequest>(&format!("\u{FEFF}{RUN}")), [""; 0]);
    let broken = RUN
        .replace(r#""n""#, "7")
        .replace(r#""url":"u","#, "")
        .replace("false", r#""no""#)
        .replace(r#""start":"2024-01-01T00:00:00Z""#, r#""start":"yesterday""#);
    let mut problems = found::<SendRequest>(&broken);
    problems.sort();
    let at = "/data/attributes/resource";
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert_eq!(problems[0], format!("{at}/name must be a string, not integer `7`"));
    assert_eq!(problems[1], format!("{at}/partial_retry must be a boolean, not string \"no\""));
    assert!(problems[2].starts_with(&format!("{at}/start is invalid: ")), "{problems:#?}");
    assert_eq!(problems[3], format!("{at}/url is required"));
}

#[test]
fn what_decides_a_union_is_not_lost() {
    let broken = RUN.replace(r#""end":"2024-01-01T00:00:00Z""#, r#""end":5"#);
    let problems = found::<SendRequest>(&broken);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with("/data/attributes/resource/end must be"), "{problems:#?}");
}

#[test]
fn missing_properties_are_one_problem_each() {
    let mut problems = found::<SendRequest>(
        r#"{"data":{"attributes":{"resource":{"level":"step"}},"type":"cipipeline_resource_request"}}"#,
    );
    problems.sort();
    let names = ["end", "id", "name", "start", "status"];
    let all = names.map(|name| format!("/data/attributes/resource/{name} is required"));
    for problem in &problems {
        assert!(problem.ends_with(" is required"), "{problems:#?}");
    }
    assert!(all.iter().all(|name| problems.contains(name)), "{problems:#?}");
}

#[test]
fn elements_of_arrays_keep_their_places() {
    let text = r#"{"compute":[{"aggregation":1},{"aggregation":"count"},{"type":"total"},7]}"#;
    let problems = found::<AggregateRequest>(text);
    assert_eq!(
        problems,
        [
            "/compute/0/aggregation must be a string, not integer `1`",
            "/compute/2/aggregation is required",
            "/compute/3 must be an object, not integer `7`",
        ]
    );
}

#[test]
fn a_body_of_the_wrong_type_has_one_problem() {
    for text in ["7", "[]", "\"x\"", "true"] {
        let problems = found::<AggregateRequest>(text);
        assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
        assert!(problems[0].starts_with("the body must be an object, not"), "{problems:#?}");
    }
}

#[test]
fn the_search_is_bounded() {
    let many = format!(r#"{{"compute":[{}]}}"#, vec!["7"; 400].join(","));
    let problems = found::<AggregateRequest>(&many);
    assert_eq!(problems.len(), MANY_AND_ONE);
    assert!(problems[MANY_AND_ONE - 1].contains("may be more problems"));
    let large = format!(r#"{{"compute":[{}]}}"#, vec!["7"; 400_000].join(","));
    assert_eq!(found::<AggregateRequest>(&large).len(), MANY_AND_ONE);
}

const MANY_AND_ONE: usize = 101;

#[test]
fn what_is_no_sound_json_is_refused_also_where_it_is_kept_as_text() {
    let deep = |brackets: &str, close: &str| {
        format!("{}{}", brackets.repeat(100_000), close.repeat(100_000))
    };
    for text in [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        "[".repeat(100_000),
        r#""\ud800""#.to_owned(),
        r#"{"\udc00":1}"#.to_owned(),
        "1e999".to_owned(),
        "[1,]".to_owned(),
        String::new(),
        "{} {}".to_owned(),
    ] {
        let problems = decode::<Json>(text.as_bytes(), |_, _| {}).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].place, "");
    }
    assert!(decode::<Json>(b"\"\xff\"", |_, _| {}).is_err());
    assert!(decode::<Json>("9".repeat(300).as_bytes(), |_, _| {}).is_ok());
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Tree {
    name: String,
    children: Vec<Tree>,
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let names = prop::sample::select(vec!["name", "children", "data", "resource", "level", "x/~"]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "\\PC{0,5}".prop_map(Into::into),
        Just("pipeline".into()),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((names.clone(), inner), 0..5).prop_map(|entries| {
                entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_decoding_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode::<SendRequest>(&bytes, |checks, value| value.check(checks));
    }

    #[test]
    fn a_problem_is_named_once_and_at_a_place_that_is_there(value in json()) {
        let text = value.to_string();
        if let Err(problems) = decode::<Tree>(text.as_bytes(), |_, _| {}) {
            prop_assert!(!problems.is_empty());
            for (i, problem) in problems.iter().enumerate() {
                let is_there = value.pointer(&problem.place).is_some();
                let lacks = problem.message == "is required";
                prop_assert!(is_there || lacks, "{problem} in {text}");
                let earlier = problems.iter().take(i);
                prop_assert!(earlier.clone().all(|other| other != problem), "{problems:?}");
            }
        }
    }

    #[test]
    fn any_json_is_judged(value in json()) {
        let text = value.to_string();
        let _ = found::<SendRequest>(&text);
        let _ = found::<AggregateRequest>(&text);
    }
}
