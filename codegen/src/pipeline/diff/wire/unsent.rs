//! Parts of a document from which nothing is generated or sent: examples, and links between operations.
//! They are compared in the documents, because the IR does not have them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::operations::{operation_pairs, webhook_pairs};
use super::walker::Pairs;
use super::{Subject, Target};
use crate::ir::Api;
use crate::pipeline::diff::found::{Findings, Found};
use crate::pipeline::diff::table::{ChangeKind, kinds};
use crate::select::local_pointer;
use crate::spec::{Document, LINKS};

/// The components that are compared as types.
const SCHEMAS: &str = "/components/schemas/";

/// Keys with the examples of an object.
const EXAMPLES: [&str; 2] = ["example", "examples"];

/// Keys of values in which other keys have no meaning.
const VALUES: [&str; 5] = ["default", "enum", "const", "mapping", LINKS];

/// Keys of objects by their names, which can be any string.
const MAPS: [&str; 9] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "responses",
    "content",
    "headers",
    "encoding",
    "callbacks",
];

/// Adds the changes of examples and links of what both documents have.
pub(in crate::pipeline::diff) fn compare_unsent(
    findings: &mut Findings,
    pairs: &Pairs,
    [old, new]: [(&Api, &Document); 2],
) {
    let ((old, old_document), (new, new_document)) = (old, new);
    let documents = [old_document, new_document];
    let mut comparison = Comparison { documents, findings, visited: BTreeSet::new() };
    for (new_index, pair) in operation_pairs(old, new).into_iter().enumerate() {
        let Some((old_index, a)) = pair.and_then(|at| Some((at, old.operations.get(at)?))) else {
            continue;
        };
        let Some(b) = new.operations.get(new_index) else { continue };
        let subject = Subject::Operation(Some(old_index), Some(new_index));
        let label = format!("`{} {}`", b.method, b.path);
        comparison.part([&a.pointer, &b.pointer], subject, &label);
    }
    for (old_index, new_index) in webhook_pairs(old, new) {
        let (a, b) = (&old.webhooks[old_index], &new.webhooks[new_index]);
        let subject = Subject::Webhook(Some(old_index), Some(new_index));
        comparison.part([&a.pointer, &b.pointer], subject, &format!("webhook `{}`", b.id));
    }
    for (old_id, new_id) in pairs.iter() {
        let (a, b) = (old.def(old_id), new.def(new_id));
        // An inline schema is a part of what contains it.
        if a.schema_name.is_some() && b.schema_name.is_some() {
            let subject = Subject::Type(Some(old_id), Some(new_id));
            comparison.part([&a.pointer, &b.pointer], subject, &format!("`{}`", b.name.0));
        }
    }
}

struct Comparison<'c> {
    documents: [&'c Document; 2],
    findings: &'c mut Findings,
    /// The components that are compared already.
    visited: BTreeSet<String>,
}

/// What differs in a part.
#[derive(Default)]
struct Differs {
    examples: bool,
    links: bool,
}

impl Comparison<'_> {
    /// Compares a part, and the components other than schemas that it refers to in both documents.
    fn part(&mut self, pointers: [&str; 2], subject: Subject, label: &str) {
        let mut open = vec![(pointers.map(str::to_owned), subject, label.to_owned())];
        while let Some((pointers, subject, label)) = open.pop() {
            let [old, new] = [0, 1].map(|side: usize| self.documents[side].get(&pointers[side]));
            let (Some(old), Some(new)) = (old, new) else { continue };
            let (differs, targets) = differs(old, new);
            for (is_other, kind, what) in [
                (differs.examples, kinds::EXAMPLES, "has other examples"),
                (differs.links, kinds::LINKS, "has other links"),
            ] {
                if is_other {
                    self.report(kind, &pointers, subject, format!("{label} {what}"));
                }
            }
            for target in targets {
                if self.visited.insert(target.clone()) {
                    let name = target.rsplit('/').next().unwrap_or_default();
                    let label = format!("component `{name}`");
                    open.push(([target.clone(), target], Subject::Api, label));
                }
            }
        }
    }

    fn report(
        &mut self,
        kind: &'static ChangeKind,
        pointers: &[String; 2],
        subject: Subject,
        message: String,
    ) {
        let target = |side: usize| Some(Target { base: pointers[side].clone(), steps: Vec::new() });
        self.findings.add(Found {
            kind,
            directions: Vec::new(),
            old: target(0),
            new: target(1),
            subject,
            member: None,
            message,
        });
    }
}

/// Compares the parts of two objects that both have. Also returns the components that both refer to.
fn differs(old: &Value, new: &Value) -> (Differs, Vec<String>) {
    let (mut differs, mut targets) = (Differs::default(), Vec::new());
    let mut open = vec![(old, new, false)];
    while let Some((old, new, is_map)) = open.pop() {
        match (old, new) {
            (Value::Array(old), Value::Array(new)) => {
                open.extend(old.iter().zip(new).map(|(old, new)| (old, new, false)));
            }
            (Value::Object(old), Value::Object(new)) => {
                let reference = |object: &serde_json::Map<String, Value>| {
                    let target = object.get("$ref").and_then(Value::as_str);
                    target.filter(|_| !is_map).and_then(local_pointer)
                };
                if let (Some(target), Some(other)) = (reference(old), reference(new)) {
                    let is_shared = target == other && !target.starts_with(SCHEMAS);
                    targets.extend(is_shared.then_some(target));
                    continue;
                }
                if !is_map {
                    let is_other = |key: &str| old.get(key) != new.get(key);
                    differs.examples |= EXAMPLES.into_iter().any(is_other);
                    differs.links |= is_other(LINKS);
                }
                let is_compared =
                    |key: &str| is_map || !EXAMPLES.contains(&key) && !VALUES.contains(&key);
                for (key, value) in old.iter().filter(|(key, _)| is_compared(key)) {
                    let is_map = !is_map && MAPS.contains(&key.as_str());
                    open.extend(new.get(key).map(|other| (value, other, is_map)));
                }
            }
            _ => {}
        }
    }
    (differs, targets)
}
