//! The operations of an inspection.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::inspection::{InspectedBody, InspectedOperation, InspectedParameter, InspectedResponse};
use crate::ir::Api;
use crate::lower::is_stream;
use crate::select::{Method, SelectedOperation, all_methods, local_pointer};
use crate::spec::{Document, LOCATION};
use crate::text::child;

/// The document with its API, for describing parts of it.
pub(super) struct Inspector<'a> {
    document: &'a Document,
    api: &'a Api,
    /// The names of the types by the pointers of their schemas.
    names: BTreeMap<&'a str, &'a str>,
}

impl<'a> Inspector<'a> {
    pub(super) fn new(document: &'a Document, api: &'a Api) -> Self {
        let names = api.types.iter().map(|def| (def.pointer.as_str(), def.name.0.as_str()));
        Self { document, api, names: names.collect() }
    }

    /// Returns the selected operations.
    pub(super) fn operations(&self, selected: &BTreeSet<String>) -> Vec<InspectedOperation> {
        let mut operations = Vec::new();
        for path in self.document.keys("/paths") {
            let item = self.follow(child("/paths", path));
            for method in all_methods(self.document, &item) {
                if selected.contains(&SelectedOperation::key(&method.key, path))
                    && let Some(value) = self.document.get(&method.pointer)
                {
                    operations.push(self.operation(&method, path, &item, value));
                }
            }
        }
        operations
    }

    fn operation(
        &self,
        Method { key, wire, pointer }: &Method,
        path: &str,
        item: &str,
        value: &Value,
    ) -> InspectedOperation {
        let id = value.get("operationId").and_then(Value::as_str).map(str::to_owned);
        let tags = value.get("tags").and_then(Value::as_array).into_iter().flatten();
        let mut operations = self.api.operations.iter();
        let generated = operations.find(|known| known.path == path && known.method == *wire);
        let parameters = [item, pointer.as_str()].into_iter().flat_map(|at| {
            let at = child(at, "parameters");
            let count = self.document.get(&at).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count).map(move |i| child(&at, i))
        });
        let parameters = parameters.filter_map(|at| {
            let value = self.document.get(&self.follow(at))?;
            let string = |key: &str| value.get(key)?.as_str().map(str::to_owned);
            let location = string(LOCATION).or_else(|| string("in"))?;
            Some(InspectedParameter { location, name: string("name")? })
        });
        let body = self.follow(child(pointer, "requestBody"));
        InspectedOperation {
            id: id.unwrap_or_else(|| SelectedOperation::key(key, path)),
            method: wire.clone(),
            path: path.to_owned(),
            tags: tags.filter_map(Value::as_str).map(str::to_owned).collect(),
            name: generated.map(|known| known.name.0.clone()),
            parameters: parameters.collect(),
            bodies: self.content(&body),
            responses: self.responses(&child(pointer, "responses")),
        }
    }

    fn responses(&self, pointer: &str) -> Vec<InspectedResponse> {
        let statuses = self.document.keys(pointer).filter(|key| !key.starts_with("x-"));
        let response = |status: &str| InspectedResponse {
            status: status.to_owned(),
            bodies: self.content(&self.follow(child(pointer, status))),
        };
        statuses.map(response).collect()
    }

    /// Returns the media types of a request or response body.
    fn content(&self, pointer: &str) -> Vec<InspectedBody> {
        let content = child(pointer, "content");
        let of = |media: &str| {
            let at = child(&content, media);
            let schema = child(&at, "schema");
            let ty = self.item(&at, media).or_else(|| {
                self.document.get(&schema)?;
                Some(self.ty(&schema, 0))
            });
            InspectedBody { media_type: media.to_owned(), ty }
        };
        self.document.keys(&content).map(of).collect()
    }

    /// Describes the items of a stream, by the item schema or else the schema.
    fn item(&self, at: &str, media: &str) -> Option<String> {
        let is_there = |at: &String| self.document.get(at).is_some();
        let keys = ["itemSchema", "x-item-schema", "x-itemSchema"].into_iter();
        let explicit = keys.map(|key| child(at, key)).find(is_there);
        if explicit.is_none() && !is_stream(media) {
            return None;
        }
        // In OpenAPI 3.2, an item schema describes all fields of an event; the schema of the data
        // is nested.
        let explicit = explicit.map(|item| {
            let data = child(&child(&self.follow(item.clone()), "properties"), "data");
            let data = [child(&data, "contentSchema"), data].into_iter().find(is_there);
            data.filter(|_| media.starts_with("text/event-stream")).unwrap_or(item)
        });
        let item = explicit.or_else(|| {
            let schema = child(at, "schema");
            let items = child(&self.follow(schema.clone()), "items");
            [items, schema].into_iter().find(is_there)
        })?;
        Some(format!("stream of {}", self.ty(&item, 0)))
    }

    /// Describes the type of a schema: its name in Rust, if it has one.
    fn ty(&self, pointer: &str, depth: usize) -> String {
        let at = self.follow(pointer.to_owned());
        if let Some(name) = self.names.get(at.as_str()) {
            return (*name).to_owned();
        }
        let get = |key: &str| self.document.get(&child(&at, key)).and_then(Value::as_str);
        match (get("type"), get("format")) {
            // Schemas can be nested deeply; a short summary stops here.
            (Some("array"), _) if depth < 8 => {
                format!("list of {}", self.ty(&child(&at, "items"), depth + 1))
            }
            (Some(ty), Some(format)) => format!("{ty} ({format})"),
            (Some(ty), None) => ty.to_owned(),
            (None, _) => "any".to_owned(),
        }
    }

    /// Follows the references at a pointer.
    fn follow(&self, mut pointer: String) -> String {
        // References can form a cycle.
        for _ in 0..32 {
            let reference = self.document.get(&child(&pointer, "$ref")).and_then(Value::as_str);
            match reference.and_then(local_pointer) {
                Some(target) => pointer = target,
                None => break,
            }
        }
        pointer
    }
}
