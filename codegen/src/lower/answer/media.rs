//! The content of answers, by media type: JSON, text, bytes, or a stream of values.

use openapiv3::{MediaType, ReferenceOr, Response, Schema};

use super::super::Lower;
use super::super::media::{essence, is_json};
use super::super::schema::At;
use crate::diagnostics::{Location, messages};
use crate::ir::{Content, Framing, Shape, Type, TypeName};
use crate::names::type_name;
use crate::select::{local_pointer, typed};
use crate::text::child;

/// What a schema says of itself in a word, wherever its references lead.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) typ: Option<String>,
    pub(super) format: Option<String>,
    /// Where the schema is; empty if there is none, or it says nothing.
    pub(super) pointer: String,
}

impl Facts {
    fn is_text(&self) -> bool {
        self.typ.as_deref() == Some("string")
    }

    fn is_binary(&self) -> bool {
        self.is_text() && self.format.as_deref() == Some("binary")
    }

    /// Whether there is more in it than text or bytes.
    fn is_structured(&self) -> bool {
        !self.pointer.is_empty() && !self.is_text()
    }
}

impl Lower<'_> {
    /// What a success may bring, with the media type of each. The same value as JSON and in
    /// another form is asked for as JSON.
    pub(super) fn contents(
        &mut self,
        response: &Response,
        pointer: &str,
        request: &TypeName,
    ) -> Vec<(Content, String)> {
        let base = self.types.base(pointer, || request.0.clone());
        let whole = self.types.base(pointer, || format!("{} response", request.0));
        let pointer = child(pointer, "content");
        let mut contents: Vec<(Content, String)> = Vec::new();
        let as_json: Vec<_> = response
            .content
            .iter()
            .filter(|(media, _)| is_json(&essence(media)))
            .map(|(media, spec)| (media, &spec.schema))
            .collect();
        for (media, spec) in &response.content {
            let at = child(&pointer, media);
            let facts = self.facts(&child(&at, "schema"));
            let same = as_json.iter().find(|(_, schema)| **schema == spec.schema);
            let is_another_form = same.is_some_and(|(first, _)| *first != media)
                && (is_json(&essence(media)) || facts.is_structured());
            if is_another_form && form(&essence(media), &facts) != Form::Events {
                continue;
            }
            let content = self.content_of(media, spec, &at, &facts, [&whole, &base]);
            let is_untyped = matches!(content, Content::Text | Content::Bytes);
            if is_untyped && facts.is_structured() {
                let message = messages::untyped_response(media);
                self.diagnostics.report(Location::Pointer(at), message);
            }
            contents.push((content, media.clone()));
        }
        contents
    }

    /// Answers to HEAD, and those of some statuses, have no content, whatever is described
    /// (RFC 9110, 6.4.1). To HEAD, what would come is described all the same, and asked for.
    pub(super) fn no_contents(
        &mut self,
        response: &Response,
        pointer: &str,
        is_head: bool,
    ) -> Vec<(Content, String)> {
        let content = |media: &String| match is_json(&essence(media)) {
            true => Content::Json(Type::plain(Shape::Json)),
            false => Content::Bytes,
        };
        if is_head {
            return response.content.keys().map(|media| (content(media), media.clone())).collect();
        }
        if !response.content.is_empty() {
            let location = Location::Pointer(child(pointer, "content"));
            self.diagnostics.report(location, messages::content_without_body());
        }
        Vec::new()
    }

    fn content_of(
        &mut self,
        media: &str,
        spec: &MediaType,
        at: &str,
        facts: &Facts,
        [whole, base]: [&str; 2],
    ) -> Content {
        let suggested = |what: &str| format!("{base} {what}");
        match form(&essence(media), facts) {
            Form::Json => Content::Json(self.media_type(spec, at, whole)),
            Form::Text => Content::Text,
            Form::Bytes => Content::Bytes,
            Form::Events => Content::Events(self.item(spec, at, &suggested("event"), true)),
            Form::Values(framing) => {
                let item = self.item(spec, at, &suggested("item"), false);
                Content::Values(item.unwrap_or(Type::plain(Shape::Json)), framing)
            }
        }
    }

    /// The type of each part of a stream: the item schema of OpenAPI 3.2, else the schema; of a
    /// list of values, each of them.
    fn item(
        &mut self,
        spec: &MediaType,
        at: &str,
        suggested: &str,
        is_event: bool,
    ) -> Option<Type> {
        // The data of an event may be a text, which is no JSON.
        let is_typed = |facts: &Facts| !is_event || facts.is_structured();
        let explicit = ["itemSchema", "x-item-schema", "x-itemSchema"].into_iter();
        let explicit =
            explicit.map(|key| child(at, key)).find(|at| self.document.get(at).is_some());
        // Of an event, OpenAPI 3.2 describes all fields; the data has a schema within.
        let explicit = explicit.map(|pointer| {
            let data = child(&child(&self.facts(&pointer).pointer, "properties"), "data");
            let content = child(&data, "contentSchema");
            let inner = [content, data].into_iter().find(|at| self.document.get(at).is_some());
            inner.filter(|_| is_event).unwrap_or(pointer)
        });
        let of_schema = || {
            let facts = self.facts(&child(at, "schema"));
            let items = child(&facts.pointer, "items");
            let is_list = facts.typ.as_deref() == Some("array");
            (is_list && self.document.get(&items).is_some()).then_some(items)
        };
        if let Some(pointer) = explicit.or_else(of_schema) {
            let facts = self.facts(&pointer);
            let schema: ReferenceOr<Schema> = typed(self.document, &pointer, self.diagnostics)?;
            let at = At { pointer: &pointer, suggested };
            return is_typed(&facts).then(|| self.type_of(&schema, at));
        }
        let facts = self.facts(&child(at, "schema"));
        (spec.schema.is_some() && is_typed(&facts)).then(|| self.media_type(spec, at, suggested))
    }

    /// What a schema says of itself, behind its references.
    pub(super) fn facts(&self, pointer: &str) -> Facts {
        let mut pointer = pointer.to_owned();
        // References may lead in a circle, which is told elsewhere.
        for _ in 0..32 {
            let Some(schema) = self.document.get(&pointer) else { break };
            let text = |key: &str| schema.get(key)?.as_str();
            match text("$ref").and_then(local_pointer) {
                Some(target) => pointer = target,
                None if schema.as_object().is_none_or(serde_json::Map::is_empty) => break,
                None => {
                    let typ = text("type").map(str::to_owned);
                    return Facts { typ, format: text("format").map(str::to_owned), pointer };
                }
            }
        }
        Facts::default()
    }
}

/// What an answer is.
#[derive(Debug, PartialEq)]
enum Form {
    Json,
    Text,
    Bytes,
    Events,
    Values(Framing),
}

fn form(essence: &str, facts: &Facts) -> Form {
    let family = essence.split('/').next().unwrap_or_default();
    let is_text = ["+xml", "+yaml"].iter().any(|end| essence.ends_with(end))
        || family == "text"
        || matches!(
            essence,
            "application/xml"
                | "application/yaml"
                | "application/x-yaml"
                | "application/toml"
                | "application/csv"
                | "application/javascript"
                | "application/graphql"
                | "application/sdp"
                | "application/jwt"
                | "application/x-www-form-urlencoded"
                | "application/x-pem-file"
        );
    match essence {
        "text/event-stream" => Form::Events,
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonl"
        | "application/jsonlines"
        | "application/x-jsonlines"
        | "application/json-lines"
        | "application/x-json-stream"
        | "application/stream+json"
        | "text/x-ndjson"
        | "text/jsonl" => Form::Values(Framing::Lines),
        "application/json-seq" => Form::Values(Framing::Sequence),
        _ if essence.ends_with("+json-seq") => Form::Values(Framing::Sequence),
        _ if facts.is_binary() => Form::Bytes,
        _ if is_json(essence) => Form::Json,
        "*/*" if !facts.is_text() => Form::Json,
        "*/*" => Form::Text,
        _ if is_text => Form::Text,
        _ => Form::Bytes,
    }
}

/// What a media type is called among several.
pub(super) fn name(media: &str) -> TypeName {
    let essence = essence(media);
    let (family, subtype) = essence.split_once('/').unwrap_or(("", &essence));
    match essence.as_str() {
        "*/*" => TypeName("Other".to_owned()),
        "text/plain" => TypeName("Text".to_owned()),
        "text/event-stream" => TypeName("Events".to_owned()),
        "application/octet-stream" => TypeName("Bytes".to_owned()),
        _ if subtype == "*" => type_name(family),
        _ => type_name(subtype.strip_prefix("x-").unwrap_or(subtype)),
    }
}

/// The content that is JSON.
pub(super) fn json<'a>(
    content: impl IntoIterator<Item = (&'a String, &'a MediaType)>,
) -> Option<(&'a str, &'a MediaType)> {
    content.into_iter().find_map(|(media, schema)| {
        let essence = essence(media);
        let found = is_json(&essence) || essence == "*/*";
        found.then_some((media.as_str(), schema))
    })
}
