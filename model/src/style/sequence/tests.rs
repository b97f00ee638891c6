use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::*;
use crate::stream::Framing;

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        "[\\n\\r\\u{1e}a]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("\\PC{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn values_round_trip(list in prop::collection::vec(json_value(), 0..5)) {
        for framing in [Framing::Lines, Framing::JsonLines, Framing::Sequence] {
            let body = encode_values(framing, &list).unwrap();
            let decoded = decode_values(framing, &body).unwrap();
            prop_assert_eq!(&serde_json::from_slice::<Vec<Value>>(&decoded).unwrap(), &list);
        }
    }

    #[test]
    fn mutated_values_are_json_or_problems(
        list in prop::collection::vec(json_value(), 1..4),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        for framing in [Framing::Lines, Framing::Sequence] {
            let mut body = encode_values(framing, &list).unwrap();
            let at = at.index(body.len());
            body[at] = byte;
            if let Ok(decoded) = decode_values(framing, &body) {
                // A number may be out of the range of `Value`.
                let values = serde_json::from_slice::<Vec<&RawValue>>(&decoded);
                prop_assert!(values.is_ok(), "{}", String::from_utf8_lossy(&decoded));
            }
        }
    }

    #[test]
    fn events_round_trip(
        events in prop::collection::vec(
            prop::collection::btree_map("data|event|id|more", "[a-zé: {}0-9]{0,6}", 1..4), 0..4),
        lines in "[a-z:\\n ]{0,8}",
    ) {
        let mut events = events;
        if let Some(first) = events.first_mut() {
            first.insert("data".to_owned(), lines);
        }
        let body = String::from_utf8(encode_events(&events).unwrap()).unwrap();
        let decoded: Vec<std::collections::BTreeMap<String, String>> =
            decode_events(&body).into_iter().map(|event| event.into_iter().collect()).collect();
        prop_assert_eq!(decoded, events);
    }

    #[test]
    fn any_string_is_decoded_as_events(body in "\\PC{0,40}|[a:\\r\\n ]{0,20}") {
        let _ = decode_events(&body);
    }
}

#[test]
fn a_line_is_one_value() {
    let problems = decode_values(Framing::Lines, b"1,2\n{\"a\":\n").unwrap_err();
    assert_eq!(problems.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(decode_values(Framing::Lines, b"").unwrap(), b"[]");
}

#[test]
fn what_events_cannot_have_is_an_error() {
    for invalid in [
        json!([{}]),
        json!([1]),
        json!([{ "data": null }]),
        json!([{ "id": "a\nb" }]),
        json!([{ "a:b": "c" }]),
        json!([{ "data": "a\rb" }]),
        json!({}),
    ] {
        assert!(encode_events(&invalid).is_err(), "{invalid}");
    }
    let body = encode_events(&json!([{ "data": { "n": 1 }, "retry": 3 }])).unwrap();
    assert_eq!(String::from_utf8(body).unwrap(), "data: {\"n\":1}\nretry: 3\n\n");
}

#[test]
fn parts_have_no_names() {
    let list = json!(["a", { "n": 1 }, null, 2]);
    let png = crate::style::form::Part {
        media_type: Some("text/csv"),
        ..crate::style::form::Part::DEFAULT
    };
    let (media_type, body) = encode_parts("multipart/mixed", &[png], &[], &list).unwrap();
    let boundary = media_type.strip_prefix("multipart/mixed; boundary=").unwrap();
    let body: Vec<u8> = body
        .iter()
        .flat_map(|content| match content {
            crate::blob::Content::Whole(bytes) => bytes.to_vec(),
            _ => Vec::new(),
        })
        .collect();
    let body = String::from_utf8(body).unwrap().replace(boundary, "B");
    assert_eq!(
        body,
        "--B\r\nContent-Type: text/csv\r\n\r\na\r\n\
         --B\r\nContent-Type: application/json\r\n\r\n{\"n\":1}\r\n\
         --B\r\nContent-Type: application/json\r\n\r\nnull\r\n\
         --B\r\n\r\n2\r\n--B--\r\n"
    );
}
