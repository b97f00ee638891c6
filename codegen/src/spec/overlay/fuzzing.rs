//! The check of the fuzz target.

use serde_json::{Value, json};

use super::apply::apply;
use super::json_path::{Step, pointer, query};
use crate::diagnostics::Diagnostics;
use crate::spec::tree::Tree;
use crate::spec::yaml;
use crate::text::{Budget, Origins, Source, child, value_at};

/// Applies actions with a JSONPath to a document. Panics if the path does not mean what it finds.
pub fn check_overlay(expression: &str, document: &str) {
    let Ok(parsed) = yaml::parse(document) else { return };
    let value = parsed.value;
    let locations = query(expression, &value, &mut Budget::new(0));
    for location in locations.iter().flatten() {
        assert!(value_at(&value, &pointer(location)).is_some(), "{location:?} is not in {value}");
        // The normalized path of a location finds this location, and no other one.
        let path = normalized(location);
        let found = query(&path, &value, &mut Budget::new(0)).unwrap_or_default();
        assert_eq!(found.as_slice(), std::slice::from_ref(location), "{path} in {value}");
    }
    let actions = [
        json!({ "target": expression, "remove": true }),
        json!({ "target": expression, "update": { "new": [1] } }),
        json!({ "target": expression, "update": "new" }),
        json!({ "target": expression, "copy": "$" }),
        json!({ "target": "$", "copy": expression }),
    ];
    for action in actions {
        let is_removal = action.get("remove").is_some();
        let root = json!({
            "overlay": "1.1.0",
            "info": { "title": "Fuzzing", "version": "1" },
            "actions": [action],
        });
        let overlay = Tree { value: root, origins: Origins::new(1) };
        let mut target = Tree { value: value.clone(), origins: Origins::new(0) };
        let sources = vec![Source::new("a", document), Source::new("b", "{}")];
        let mut diagnostics = Diagnostics::new(sources, Source::default());
        apply(&overlay, 1, &mut target, &mut Budget::new(0), &mut diagnostics);
        match &locations {
            Ok(found) if is_removal && !found.contains(&Vec::new()) => {
                assert_eq!(
                    target.value,
                    without(&value, "", &|at| {
                        found.iter().any(|location| pointer(location) == at)
                    })
                );
            }
            Ok(_) => {}
            Err(_) => assert_eq!(target.value, value, "an invalid path changes nothing"),
        }
    }
}

fn normalized(location: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Index(index) => format!("[{index}]"),
        Step::Name(name) => format!("[{}]", json!(name)),
    };
    format!("${}", location.iter().map(step).collect::<String>())
}

/// Copies a value without what is at some pointers.
fn without(value: &Value, at: &str, is_removed: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key, value, child(at, key)))
            .filter(|(_, _, at)| !is_removed(at))
            .map(|(key, value, at)| (key.clone(), without(value, &at, is_removed)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (value, child(at, index)))
            .filter(|(_, at)| !is_removed(at))
            .map(|(value, at)| without(value, &at, is_removed))
            .collect::<Vec<_>>()
            .into(),
        other => other.clone(),
    }
}
