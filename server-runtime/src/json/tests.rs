//! Bodies that do not decode: the reported problems, and that nothing panics.

use datadog_ci_pipelines::models::{AggregateRequest, SendRequest};
use proptest::prelude::*;
use serde::Deserialize;
use specwright_model::json::Json;
use specwright_model::validate::Validate;

use super::*;

fn found<T: DeserializeOwned + 'static>(json: &str) -> Vec<String> {
    match decode::<T>(json.as_bytes(), |_, _| {}) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

const RUN: &str = r#"{"data":{"attributes":{"resource":{
    "level":"pipeline","unique_id":"1","name":"n","url":"u","status":"success",
    "start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:00Z","partial_retry":false
}},"type":"cipipeline_resource_request"}}"#;

#[test]
fn all_problems_are_reported_at_once() {
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
fn unions_are_decided_as_in_decoding() {
    let broken = RUN.replace(r#""end":"2024-01-01T00:00:00Z""#, r#""end":5"#);
    let problems = found::<SendRequest>(&broken);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with("/data/attributes/resource/end must be"), "{problems:#?}");
}

#[test]
fn each_missing_property_is_a_problem() {
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
fn elements_of_arrays_keep_their_indices() {
    let json = r#"{"compute":[{"aggregation":1},{"aggregation":"count"},{"type":"total"},7]}"#;
    let problems = found::<AggregateRequest>(json);
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
    for json in ["7", "[]", "\"x\"", "true"] {
        let problems = found::<AggregateRequest>(json);
        assert_eq!(problems.len(), 1, "{json}: {problems:#?}");
        assert!(problems[0].starts_with("the body must be an object, not"), "{problems:#?}");
    }
}

#[test]
fn the_number_of_problems_is_limited() {
    let many = format!(r#"{{"compute":[{}]}}"#, vec!["7"; 400].join(","));
    let problems = found::<AggregateRequest>(&many);
    assert_eq!(problems.len(), MANY_AND_ONE);
    assert!(problems[MANY_AND_ONE - 1].contains("may be more problems"));
    let large = format!(r#"{{"compute":[{}]}}"#, vec!["7"; 400_000].join(","));
    assert_eq!(found::<AggregateRequest>(&large).len(), MANY_AND_ONE);
}

const MANY_AND_ONE: usize = 101;

#[test]
fn invalid_json_is_rejected_where_it_is_not_decoded() {
    let deep = |brackets: &str, close: &str| {
        format!("{}{}", brackets.repeat(100_000), close.repeat(100_000))
    };
    for json in [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        "[".repeat(100_000),
        r#""\ud800""#.to_owned(),
        r#"{"\udc00":1}"#.to_owned(),
        r#"[1e999,"\ud800"]"#.to_owned(),
        "[1e999,]".to_owned(),
        format!("[1e999,{}]", deep("[", "]")),
        "[1,]".to_owned(),
        String::new(),
        "{} {}".to_owned(),
    ] {
        let problems = decode::<Json>(json.as_bytes(), |_, _| {}).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].location, "");
    }
    assert!(decode::<Json>(b"\"\xff\"", |_, _| {}).is_err());
    assert!(decode::<Json>("9".repeat(300).as_bytes(), |_, _| {}).is_ok());
    let kept = decode::<Json>(br#"{"a":[-1E400,1]}"#, |_, _| {}).map(|json| json.to_string());
    assert_eq!(kept.as_deref(), Ok(r#"{"a":[-1E400,1]}"#));
    assert!(decode::<f64>(b"1e999", |_, _| {}).is_err());
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

/// A valid body of two events, with all kinds of properties.
fn events() -> serde_json::Value {
    let event = |resource| {
        serde_json::json!({
            "type": "cipipeline_resource_request",
            "attributes": { "provider_name": "p", "service": "s", "resource": resource },
        })
    };
    let times = ("2024-01-01T00:00:00Z", "2024-01-01T00:01:00+02:00");
    let pipeline = serde_json::json!({
        "level": "pipeline", "unique_id": "1", "name": "n", "url": "u", "status": "success",
        "start": times.0, "end": times.1, "partial_retry": false, "queue_time": 7,
        "is_manual": true, "tags": ["a:b", "c:d"], "parameters": { "k": "v", "x/~": "y" },
        "previous_attempt": { "id": "0" },
        "git": { "repository_url": "r", "sha": "0", "author_email": "a@b", "message": "m" },
    });
    let step = serde_json::json!({
        "level": "step", "id": "2", "name": "n", "pipeline_unique_id": "1", "pipeline_name": "n",
        "status": "error", "start": times.0,
        "end": times.1, "error": { "message": "m", "type": "t" },
    });
    serde_json::json!({ "data": [event(pipeline), event(step)] })
}

/// How a property or element is damaged.
#[derive(Clone, Copy, Debug)]
enum Damage {
    Replaced,
    Removed,
    BelowMinimum,
}

/// Every location in a document where damage is a problem exactly there.
fn locations(value: &serde_json::Value, pointer: &str, found: &mut Vec<(String, Damage)>) {
    const REQUIRED: [&str; 8] =
        ["unique_id", "name", "url", "end", "partial_retry", "sha", "author_email", "resource"];
    let name = pointer.rsplit('/').next().unwrap_or_default();
    // These decide which type a value has.
    if !matches!(name, "" | "level" | "status" | "data" | "resource" | "0" | "1") {
        found.push((pointer.to_owned(), Damage::Replaced));
    }
    if REQUIRED.contains(&name) && !pointer.contains("error") {
        found.push((pointer.to_owned(), Damage::Removed));
    }
    if name == "queue_time" {
        found.push((pointer.to_owned(), Damage::BelowMinimum));
    }
    match value {
        serde_json::Value::Object(entries) => {
            for (name, value) in entries {
                let name = name.replace('~', "~0").replace('/', "~1");
                locations(value, &format!("{pointer}/{name}"), found);
            }
        }
        serde_json::Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                locations(item, &format!("{pointer}/{i}"), found);
            }
        }
        _ => {}
    }
}

fn damage(document: &mut serde_json::Value, pointer: &str, damage: Damage) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match damage {
        Damage::Removed => {
            document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        }
        Damage::Replaced => {
            let value = document.pointer_mut(pointer).unwrap();
            *value = if value.is_array() { 5.into() } else { serde_json::json!([[0]]) };
        }
        Damage::BelowMinimum => *document.pointer_mut(pointer).unwrap() = (-1).into(),
    }
}

fn damages() -> impl Strategy<Value = Vec<(String, Damage)>> {
    let mut all = Vec::new();
    locations(&events(), "", &mut all);
    let count = all.len();
    prop::sample::subsequence(all, 0..count).prop_shuffle().prop_map(|chosen| {
        let mut kept: Vec<(String, Damage)> = Vec::new();
        for (pointer, damage) in chosen {
            let is_nested = |other: &str| format!("{pointer}/").starts_with(&format!("{other}/"));
            let contains = |other: &str| format!("{other}/").starts_with(&format!("{pointer}/"));
            if !kept.iter().any(|(other, _)| is_nested(other) || contains(other)) {
                kept.push((pointer, damage));
            }
        }
        kept
    })
}

#[test]
fn elements_after_invalid_ones_are_decoded() {
    use std::net::Ipv4Addr;
    type Addresses = std::collections::BTreeMap<String, Vec<Vec<Option<Ipv4Addr>>>>;
    let json = r#"{"a":[["1.1.1.1",1,null,"x"],5,["y"]],"b":{},"c/d":[[],["2.2.2.2",{}]]}"#;
    let problems = decode::<Addresses>(json.as_bytes(), |_, _| {}).unwrap_err();
    let locations: Vec<_> = problems.iter().map(|problem| problem.location.as_str()).collect();
    assert_eq!(locations, ["/a/0/1", "/a/0/3", "/a/1", "/a/2/0", "/b", "/c~1d/1/1"]);
    assert_eq!(problems[2].to_string(), "/a/1 must be an array, not integer `5`");
}

#[test]
fn constraints_are_checked_next_to_invalid_values() {
    let check = |body: &serde_json::Value| {
        let body = body.to_string();
        let problems =
            decode::<SendRequest>(body.as_bytes(), |validator, value| value.check(validator));
        problems.unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let resource = "/data/0/attributes/resource";
    let mut body = events();
    body.pointer_mut(resource).unwrap()["queue_time"] = (-1).into();
    let below = format!("{resource}/queue_time must be at least 0, is -1");
    assert_eq!(check(&body), std::slice::from_ref(&below));
    let attributes = body.pointer_mut("/data/1/attributes").unwrap().as_object_mut().unwrap();
    attributes.remove("resource");
    assert_eq!(check(&body), ["/data/1/attributes/resource is required".to_owned(), below]);
    // A missing object has required properties itself.
    let group = serde_json::json!({ "group_by": [{ "facet": "f", "sort": { "metric": 1 } }] });
    let problems = found::<AggregateRequest>(&group.to_string());
    assert_eq!(problems, ["/group_by/0/sort/metric must be a string, not integer `1`"]);
    let outer = |validator: &mut Validator, outer: &Outer| {
        validator.field("number", Some(&outer.number), |validator, number| {
            validator.minimum(*number, 5);
        });
    };
    let problems = decode(br#"{"number": 1}"#, outer).unwrap_err();
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["/inner is required", "/number must be at least 5, is 1"]);
}

/// An object with a required object.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Outer {
    number: i64,
    inner: Inner,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Inner {
    names: Vec<String>,
    is_open: bool,
}

#[test]
fn numbers_out_of_range_are_problems() {
    let numbers = format!("[1, {}, 1.5, -1, 300, 255]", u64::MAX);
    let problems = decode::<Vec<u8>>(numbers.as_bytes(), |_, _| {}).unwrap_err();
    let locations: Vec<_> = problems.iter().map(|problem| problem.location.as_str()).collect();
    assert_eq!(locations, ["/1", "/2", "/3", "/4"]);
    assert_eq!(problems[1].to_string(), "/2 must be a natural number of 8 bits, not number `1.5`");
}

#[test]
fn the_work_is_linear_at_any_depth() {
    let depth = 120;
    let wide = vec!["[true]"; 50_000].join(",");
    let json = format!("{}{wide}{}", "[".repeat(depth), "]".repeat(depth));
    let started = std::time::Instant::now();
    let problems = decode::<Deep>(json.as_bytes(), |_, _| {}).unwrap_err();
    assert_eq!(problems.len(), MANY_AND_ONE);
    assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
}

/// Arrays of arrays, of any depth, of numbers.
#[derive(Debug)]
struct Deep;

impl<'de> Deserialize<'de> for Deep {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Deep;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an array or a number")
            }

            fn visit_u64<E>(self, _: u64) -> Result<Deep, E> {
                Ok(Deep)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Deep, A::Error> {
                while seq.next_element::<Deep>()?.is_some() {}
                Ok(Deep)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoding_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode::<SendRequest>(&bytes, |validator, value| value.check(validator));
    }

    #[test]
    fn problems_are_unique_and_at_existing_locations(value in json()) {
        let json = value.to_string();
        if let Err(problems) = decode::<Tree>(json.as_bytes(), |_, _| {}) {
            prop_assert!(!problems.is_empty());
            for (i, problem) in problems.iter().enumerate() {
                let exists = value.pointer(&problem.location).is_some();
                let is_missing = problem.message == "is required";
                prop_assert!(exists || is_missing, "{problem} in {json}");
                let earlier = problems.iter().take(i);
                prop_assert!(earlier.clone().all(|other| other != problem), "{problems:?}");
            }
        }
    }

    #[test]
    fn exactly_the_damaged_locations_are_reported(damages in damages()) {
        let mut body = events();
        for (pointer, kind) in &damages {
            damage(&mut body, pointer, *kind);
        }
        let body = body.to_string();
        let problems = decode::<SendRequest>(body.as_bytes(), |validator, value| value.check(validator));
        let problems = problems.err().unwrap_or_default();
        let mut found: Vec<_> = problems.iter().map(|problem| problem.location.clone()).collect();
        let mut expected: Vec<_> = damages.iter().map(|(pointer, _)| pointer.clone()).collect();
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected, "{}", body);
    }

    #[test]
    fn any_json_is_accepted_or_rejected(value in json()) {
        let json = value.to_string();
        let _ = found::<SendRequest>(&json);
        let _ = found::<AggregateRequest>(&json);
    }
}
