//! Lazily parsed JSON, compared with a tree of the same document.

use std::collections::BTreeSet;

use datadog_ci_pipelines::{Json, JsonObject, JsonView};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::cases;

/// Few keys, so that random paths exist. They have dots, brackets and characters that need escapes.
const KEYS: [&str; 12] =
    ["a", "b", "a.b", "b.a", "a.", ".", "", "é", "\"", "\\", "}],", "\u{1f980}"];

/// Scalars, including the largest integers.
const SCALARS: [&str; 11] = [
    "null",
    "true",
    "false",
    "0",
    "-7",
    "154",
    "154.0",
    "1e3",
    "-2.5E-1",
    "9223372036854775807",
    "18446744073709551615",
];

const SPACES: [&str; 4] = ["", " ", "\n\t", "\r\n  "];

fn space() -> impl Strategy<Value = &'static str> + Clone {
    select(SPACES.as_slice())
}

/// Returns a string as a JSON literal. Any of its characters may be escaped.
fn literal(string: &str, escapes: &[bool]) -> String {
    let mut literal = String::from('"');
    for (i, character) in string.chars().enumerate() {
        let plain = !matches!(character, '"' | '\\' | '\0'..='\x1f');
        if plain && !escapes.get(i).is_some_and(|escape| *escape) {
            literal.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                literal.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    literal.push('"');
    literal
}

fn string() -> impl Strategy<Value = String> + Clone {
    (select(KEYS.as_slice()), vec(any::<bool>(), 3))
        .prop_map(|(key, escapes)| literal(key, &escapes))
}

/// JSON documents of any value, with white space wherever it is allowed.
fn document() -> impl Strategy<Value = String> + Clone {
    let leaf = prop_oneof![select(SCALARS.as_slice()).prop_map(str::to_owned), string(),];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let spaced = |inner| {
            (space(), inner, space()).prop_map(|(before, json, after)| {
                let json: String = json;
                format!("{before}{json}{after}")
            })
        };
        let property = (spaced(string().boxed()), spaced(inner.clone().boxed()));
        let property = property.prop_map(|(key, value)| format!("{key}:{value}"));
        let object = vec(property, 0..5).prop_map(|all| format!("{{{}}}", all.join(",")));
        let array = vec(spaced(inner.boxed()), 0..4).prop_map(|all| format!("[{}]", all.join(",")));
        prop_oneof![3 => object, 1 => array]
    })
}

fn path() -> impl Strategy<Value = String> {
    vec(select(KEYS.as_slice()), 1..4).prop_map(|keys| keys.join("."))
}

/// Returns the value at a path. Checks every key of the tree that the path starts with.
fn reference<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    let mut keys: Vec<_> = object
        .iter()
        .filter(|(key, _)| path == *key || path.starts_with(&format!("{key}.")))
        .collect();
    keys.sort_by_key(|(key, _)| std::cmp::Reverse(key.len()));
    keys.into_iter().find_map(|(key, inner)| {
        if path == key { Some(inner) } else { reference(inner, &path[key.len() + 1..]) }
    })
}

/// Checks that a view and a tree have the same values at every depth.
fn check_equal(view: JsonView<'_>, value: &Value) -> Result<(), TestCaseError> {
    prop_assert_eq!(&view.deserialize_as::<Value>()?, value);
    let string = view.as_str();
    prop_assert_eq!(string.as_deref(), value.as_str());
    prop_assert_eq!(view.as_bool(), value.as_bool());
    // A tree has `-0` as a float, because integers have no negative zero. Its value is 0.
    let integer = if view.as_json() == "-0" { Some(0) } else { value.as_i64() };
    prop_assert_eq!(view.as_i64(), integer);
    // The float parser of the standard library is exact.
    let float = value.as_f64().map(|_| view.as_json().parse::<f64>());
    prop_assert_eq!(view.as_f64(), float.transpose()?);
    prop_assert_eq!(view.is_null(), value.is_null());

    let elements: Vec<_> = view.elements().collect();
    let expected = value.as_array().map(Vec::as_slice).unwrap_or_default();
    prop_assert_eq!(elements.len(), expected.len());
    for (element, expected) in elements.into_iter().zip(expected) {
        check_equal(element, expected)?;
    }

    // Both entries of a duplicate key are visible. The last one is the property.
    let names: BTreeSet<_> = view.entries().map(|(name, _)| name.into_owned()).collect();
    let object = value.as_object().cloned().unwrap_or_default();
    let expected: BTreeSet<_> = object.keys().cloned().collect();
    prop_assert_eq!(names, expected);
    for (name, expected) in &object {
        let found = view.property(name);
        prop_assert!(found.is_some(), "{name:?} is not found");
        if let Some(found) = found {
            check_equal(found, expected)?;
        }
    }
    Ok(())
}

/// Reads everything of any value.
fn walk(view: JsonView<'_>) -> usize {
    let scalars = (view.as_str(), view.as_i64(), view.as_f64(), view.as_bool());
    let inner = view.entries().map(|(name, value)| {
        let found = view.property(&name).map_or(0, |value| value.as_json().len());
        found + walk(value)
    });
    format!("{scalars:?} {view}").len()
        + inner.sum::<usize>()
        + view.elements().map(walk).sum::<usize>()
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn a_view_equals_a_tree_of_the_same_document(json in document()) {
        let tree: Value = serde_json::from_str(&json)?;
        check_equal(json.parse::<Json>()?.view(), &tree)?;
        // `JsonObject` rejects other types.
        prop_assert_eq!(json.parse::<JsonObject>().is_ok(), tree.is_object());
    }

    #[test]
    fn a_path_finds_the_same_value_as_in_a_tree(
        document in document(),
        paths in vec(path(), 8),
        spread in any::<bool>(),
    ) {
        // Half of the documents are wrapped in an object, so that more paths exist.
        let document =
            if spread { format!(r#"{{"a":{document},"a.b":{document}}}"#) } else { document };
        let tree: Value = serde_json::from_str(&document)?;
        let json: Json = document.parse()?;
        for path in paths {
            let found = json.get(&path).map(|view| view.deserialize_as::<Value>());
            let found = found.transpose()?;
            prop_assert_eq!(found.as_ref(), reference(&tree, &path), "{:?}", path);
        }
    }

    #[test]
    fn damaged_json_does_not_panic(
        document in document(),
        changes in vec((any::<Index>(), select(vec!["", "\"", "\\", "{", "]", ",", ":", "0"])), 1..3),
        path in path(),
    ) {
        let mut characters: Vec<String> = document.chars().map(String::from).collect();
        for (index, damage) in changes {
            *index.get_mut(&mut characters) = damage.to_owned();
        }
        let document = characters.concat();
        let tree = serde_json::from_str::<Value>(&document);
        match document.parse::<Json>() {
            Ok(json) => {
                prop_assert!(walk(json.view()) > 0);
                let found = json.get(&path).is_some();
                // A tree rejects unpaired surrogates, which `Json` keeps.
                if let Ok(tree) = tree {
                    check_equal(json.view(), &tree)?;
                    prop_assert_eq!(found, reference(&tree, &path).is_some());
                }
            }
            Err(_) => prop_assert!(tree.is_err(), "{document:?} was rejected"),
        }
    }
}

#[test]
fn deep_json_does_not_overflow_the_stack() {
    let depth = 100_000;
    let json = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let object: JsonObject = json.parse().unwrap();
    let found = object.get("a.a.a").unwrap();
    assert_eq!(found.as_json().len(), json.len() - 3 * r#"{"a":}"#.len());
    assert_eq!(object.iter().count(), 1);
}
