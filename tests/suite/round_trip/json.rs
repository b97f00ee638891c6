//! JSON that is read on demand, against a tree of the same text.

use std::collections::BTreeSet;

use datadog_ci_pipelines::{Json, JsonObject, JsonView};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::cases;

/// Few keys, so that paths lead somewhere; with dots, brackets and what has to be escaped.
const KEYS: [&str; 12] =
    ["a", "b", "a.b", "b.a", "a.", ".", "", "é", "\"", "\\", "}],", "\u{1f980}"];

/// Values that hold no others, with the greatest integers.
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

/// A string as JSON text: any of its characters may be written as an escape.
fn literal(text: &str, escapes: &[bool]) -> String {
    let mut written = String::from('"');
    for (i, character) in text.chars().enumerate() {
        let plain = !matches!(character, '"' | '\\' | '\0'..='\x1f');
        if plain && !escapes.get(i).is_some_and(|escape| *escape) {
            written.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                written.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    written.push('"');
    written
}

fn string() -> impl Strategy<Value = String> + Clone {
    (select(KEYS.as_slice()), vec(any::<bool>(), 3))
        .prop_map(|(text, escapes)| literal(text, &escapes))
}

/// JSON text of any value, with white space wherever it may stand.
fn document() -> impl Strategy<Value = String> + Clone {
    let leaf = prop_oneof![select(SCALARS.as_slice()).prop_map(str::to_owned), string(),];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let spaced = |inner| {
            (space(), inner, space()).prop_map(|(before, text, after)| {
                let text: String = text;
                format!("{before}{text}{after}")
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

/// The value at a path, by trying every key of the tree that the path can begin with.
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

/// Fails unless a view reads what the tree holds, all the way down.
fn agrees(view: JsonView<'_>, value: &Value) -> Result<(), TestCaseError> {
    prop_assert_eq!(&view.decode::<Value>()?, value);
    let text = view.as_str();
    prop_assert_eq!(text.as_deref(), value.as_str());
    prop_assert_eq!(view.as_bool(), value.as_bool());
    // A tree holds `-0` as a float, because no integer has that sign; it is 0 all the same.
    let integer = if view.text() == "-0" { Some(0) } else { value.as_i64() };
    prop_assert_eq!(view.as_i64(), integer);
    // Rust's own reader of floats is exact.
    let float = value.as_f64().map(|_| view.text().parse::<f64>());
    prop_assert_eq!(view.as_f64(), float.transpose()?);
    prop_assert_eq!(view.is_null(), value.is_null());

    let elements: Vec<_> = view.elements().collect();
    let expected = value.as_array().map(Vec::as_slice).unwrap_or_default();
    prop_assert_eq!(elements.len(), expected.len());
    for (element, expected) in elements.into_iter().zip(expected) {
        agrees(element, expected)?;
    }

    // Of a key that comes twice both entries are seen; the last is the property.
    let names: BTreeSet<_> = view.entries().map(|(name, _)| name.into_owned()).collect();
    let object = value.as_object().cloned().unwrap_or_default();
    let expected: BTreeSet<_> = object.keys().cloned().collect();
    prop_assert_eq!(names, expected);
    for (name, expected) in &object {
        let found = view.property(name);
        prop_assert!(found.is_some(), "{name:?} is not found");
        if let Some(found) = found {
            agrees(found, expected)?;
        }
    }
    Ok(())
}

/// Reads everything of a value, whatever it may be.
fn walk(view: JsonView<'_>) -> usize {
    let scalars = (view.as_str(), view.as_i64(), view.as_f64(), view.as_bool());
    let inner = view.entries().map(|(name, value)| {
        let found = view.property(&name).map_or(0, |value| value.text().len());
        found + walk(value)
    });
    format!("{scalars:?} {view}").len()
        + inner.sum::<usize>()
        + view.elements().map(walk).sum::<usize>()
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn a_view_reads_what_a_tree_of_the_same_text_holds(text in document()) {
        let tree: Value = serde_json::from_str(&text)?;
        let json: Json = text.parse()?;
        agrees(json.view(), &tree)?;
        // Only an object is an object.
        prop_assert_eq!(text.parse::<JsonObject>().is_ok(), tree.is_object());
    }

    #[test]
    fn a_path_leads_where_it_leads_in_a_tree(
        text in document(),
        paths in vec(path(), 8),
        spread in any::<bool>(),
    ) {
        // Half of the time one level deeper, so that every document is an object.
        let text = if spread { format!(r#"{{"a":{text},"a.b":{text}}}"#) } else { text };
        let tree: Value = serde_json::from_str(&text)?;
        let json: Json = text.parse()?;
        for path in paths {
            let found = json.get(&path).map(|view| view.decode::<Value>());
            let found = found.transpose()?;
            prop_assert_eq!(found.as_ref(), reference(&tree, &path), "{:?}", path);
        }
    }

    #[test]
    fn text_that_was_damaged_is_refused_or_read_without_a_panic(
        text in document(),
        places in vec((any::<Index>(), select(vec!["", "\"", "\\", "{", "]", ",", ":", "0"])), 1..3),
        path in path(),
    ) {
        let mut characters: Vec<String> = text.chars().map(String::from).collect();
        for (index, damage) in places {
            *index.get_mut(&mut characters) = damage.to_owned();
        }
        let text = characters.concat();
        let tree = serde_json::from_str::<Value>(&text);
        match text.parse::<Json>() {
            Ok(json) => {
                prop_assert!(walk(json.view()) > 0);
                let found = json.get(&path).is_some();
                // A tree does not take half a surrogate pair; the text is kept all the same.
                if let Ok(tree) = tree {
                    agrees(json.view(), &tree)?;
                    prop_assert_eq!(found, reference(&tree, &path).is_some());
                }
            }
            Err(_) => prop_assert!(tree.is_err(), "{text:?} was refused"),
        }
    }
}

#[test]
fn depth_costs_no_stack() {
    let depth = 100_000;
    let text = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let object: JsonObject = text.parse().unwrap();
    let found = object.get("a.a.a").unwrap();
    assert_eq!(found.text().len(), text.len() - 3 * r#"{"a":}"#.len());
    assert_eq!(object.iter().count(), 1);
}
