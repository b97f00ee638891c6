//! Schemas that describe files: binary strings that are parts of a multipart form. In JSON, such a
//! string is a plain string.

use crate::lower::media::{essence, is_binary};
use crate::select::{all_methods, local_pointer};
use crate::spec::Document;
use crate::text::child;
use serde_json::Value;
use std::collections::BTreeSet;

/// Keywords whose members describe the value itself.
const COMPOSITION_KEYWORDS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Returns the file schemas of all operations. This runs before any type is lowered: a type must
/// not depend on which operations are selected, or on their order.
pub(crate) fn multipart_files(document: &Document) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for path in document.keys("/paths") {
        let Some(item) = follow(document, &child("/paths", path)) else { continue };
        for method in all_methods(document, &item) {
            let body = child(&method.pointer, "requestBody");
            let Some(body) = follow(document, &body) else { continue };
            let content = child(&body, "content");
            let forms =
                document.keys(&content).filter(|key| essence(key).starts_with("multipart/"));
            for form in forms {
                files.extend(files_of(document, &child(&content, form)));
            }
        }
    }
    files
}

/// Returns the pointers of the file schemas of a form at the pointer of a media type.
pub(crate) fn files_of(document: &Document, media_type: &str) -> BTreeSet<String> {
    let schema = child(media_type, "schema");
    let form = Visit::Form(schema.clone(), child(media_type, "encoding"));
    let mut open = vec![form, Visit::Part(child(media_type, "itemSchema"))];
    // The elements of a list are parts without names.
    if let Some(at) = follow(document, &schema) {
        open.push(Visit::Part(child(&at, "items")));
        let prefix = child(&at, "prefixItems");
        let count = document.get(&prefix).and_then(Value::as_array).map_or(0, Vec::len);
        open.extend((0..count).map(|i| Visit::Part(child(&prefix, i))));
    }
    let mut walk = Walk { document, open, seen: BTreeSet::new(), files: BTreeSet::new() };
    while let Some(visit) = walk.open.pop() {
        match visit {
            Visit::Form(pointer, encoding) => walk.form(&pointer, &encoding),
            Visit::Part(pointer) => walk.part(&pointer),
        }
    }
    walk.files
}

/// Follows references. Returns `None` if one is unresolved.
pub(crate) fn follow(document: &Document, pointer: &str) -> Option<String> {
    let mut at = pointer.to_owned();
    let mut seen = BTreeSet::new();
    // Cycles are reported when the schema is lowered.
    while seen.insert(at.clone()) {
        match document.get(&at)?.get("$ref").and_then(Value::as_str) {
            Some(reference) => at = local_pointer(reference)?,
            None => return Some(at),
        }
    }
    None
}

/// A schema to visit.
enum Visit {
    /// That of a form, with the pointer of its encoding.
    Form(String, String),
    /// That of a part of a form.
    Part(String),
}

/// Visits schemas without recursion: chains of references can be long.
struct Walk<'d> {
    document: &'d Document,
    open: Vec<Visit>,
    /// Each form and each part is visited once.
    seen: BTreeSet<(bool, String)>,
    files: BTreeSet<String>,
}

impl Walk<'_> {
    fn form(&mut self, pointer: &str, encoding: &str) {
        let Some(at) = follow(self.document, pointer) else { return };
        if !self.seen.insert((true, at.clone())) {
            return;
        }
        let properties = child(&at, "properties");
        for name in self.document.keys(&properties) {
            let pointer = child(&properties, name);
            let media_type = child(&child(encoding, name), "contentType");
            let media_type = self.document.get(&media_type).and_then(Value::as_str);
            // A shared schema is a file only because of its own keywords.
            if media_type.is_some_and(is_binary) && self.is_plain_string(&pointer) {
                self.files.insert(pointer);
            } else {
                self.open.push(Visit::Part(pointer));
            }
        }
        self.open.push(Visit::Part(child(&at, "additionalProperties")));
        self.each_member(&at, |member| Visit::Form(member, encoding.to_owned()));
    }

    fn part(&mut self, pointer: &str) {
        let Some(at) = follow(self.document, pointer) else { return };
        if !self.seen.insert((false, at.clone())) {
            return;
        }
        let string = |key: &str| self.document.get(&child(&at, key)).and_then(Value::as_str);
        // OpenAPI 3.1 allows files without a type.
        if string("format") == Some("binary") && string("type").is_none_or(|ty| ty == "string") {
            self.files.insert(at);
            return;
        }
        self.open.push(Visit::Part(child(&at, "items")));
        self.each_member(&at, Visit::Part);
    }

    fn each_member(&mut self, at: &str, visit: impl Fn(String) -> Visit) {
        for keyword in COMPOSITION_KEYWORDS {
            let pointer = child(at, keyword);
            let members = self.document.get(&pointer).and_then(Value::as_array).map_or(0, Vec::len);
            self.open.extend((0..members).map(|i| visit(child(&pointer, i))));
        }
    }

    /// Returns whether a schema has no keyword but `type: string`.
    fn is_plain_string(&self, pointer: &str) -> bool {
        let Some(schema) = self.document.get(pointer) else { return false };
        schema.get("type").and_then(Value::as_str) == Some("string")
            && ["format", "enum", "$ref"].iter().all(|key| schema.get(key).is_none())
    }
}
