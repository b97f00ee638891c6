//! What is true of all documents.

use std::collections::BTreeSet;

use serde_json::Value;
use specwright::{ChangeKind, Difference, Release, Wire, diff};

use super::pair::{compare, groups};
use crate::case::cases;

#[test]
fn a_document_does_not_differ_from_itself() {
    for case in cases("generate").unwrap() {
        let input = case.input().unwrap();
        let difference = diff(&input, &input).unwrap();
        assert!(difference.changes.is_empty(), "{}: {:#?}", case.name(), difference.changes);
    }
}

#[test]
fn the_inverse_of_a_change_is_found_in_the_other_direction() {
    let inverse = |id: &str| ChangeKind::all().find(|kind| kind.id == id).unwrap().inverse;
    for group in groups() {
        for case in &group.cases {
            let ids = |difference: &Difference| -> BTreeSet<&str> {
                difference.changes.iter().map(|change| change.id).collect()
            };
            let (forward, back) = (ids(&case.forward), ids(&case.back));
            let expected: BTreeSet<&str> = forward.iter().map(|id| inverse(id)).collect();
            assert_eq!(back, expected, "{}: {}", group.name, case.name);
            assert!(!forward.is_empty(), "{}: {}", group.name, case.name);
        }
    }
}

#[test]
fn other_prose_changes_only_documentation() {
    for group in groups() {
        let mut described = group.base.clone();
        let count = describe(&mut described, true);
        assert!(count > 3, "{}", group.name);
        let difference = compare(&group.base, &described);
        assert_eq!(difference.wire, Wire::None, "{}", group.name);
        assert_eq!(difference.rust, Release::Patch, "{}", group.name);
        for change in &difference.changes {
            assert_eq!(change.id, "documentation-changed", "{}: {change:?}", group.name);
        }
    }
}

/// Changes all prose, and adds some to every schema that has a type.
fn describe(value: &mut Value, is_object: bool) -> usize {
    let mut count = 0;
    match value {
        Value::Object(entries) => {
            if is_object && entries.get("type").is_some_and(Value::is_string) {
                entries.entry("description").or_insert_with(|| "Another one.".into());
                count += 1;
            }
            if let Some(Value::String(prose)) = entries.get_mut("description") {
                prose.push_str(" Changed.");
                count += 1;
            }
            for (key, entry) in entries {
                // A property can be called `type`, and a security requirement like a scheme.
                if key != "enum" && key != "security" {
                    count += describe(entry, key != "properties");
                }
            }
        }
        Value::Array(items) => {
            count += items.iter_mut().map(|item| describe(item, true)).sum::<usize>()
        }
        _ => {}
    }
    count
}
