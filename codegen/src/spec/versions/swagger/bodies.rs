//! Parameters in `body` and `formData` as request bodies.

use serde_json::{Map, Value, json};

use super::moves::{At, Location};
use super::parameters::encoding;
use super::responses::{has_type, set_schemas};
use super::state::Upgrade;
use super::{parameters, schemas};
use crate::diagnostics::messages;
use crate::text::media_type::without_parameters;
use crate::text::pointer::last;
use crate::text::{child, value_at};

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// The location of a parameter that is part of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyKind {
    Body,
    Form,
}

/// Returns whether a parameter is part of the body.
pub(super) fn body_kind(parameter: &Value) -> Option<BodyKind> {
    let location = parameter.get("in").and_then(Value::as_str)?.trim().to_ascii_lowercase();
    match location.as_str() {
        "body" => Some(BodyKind::Body),
        "formdata" => Some(BodyKind::Form),
        _ => None,
    }
}

/// A parameter of an operation that is part of its body.
#[derive(Clone, Debug)]
pub(super) struct BodyParameter<'a> {
    pub(super) kind: BodyKind,
    pub(super) value: &'a Value,
    /// Where the parameter is written.
    pub(super) location: Location,
    /// Where the operation, or its path, lists it.
    pub(super) listed: Location,
}

impl BodyParameter<'_> {
    pub(super) fn name(&self) -> &str {
        self.value.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    fn is_shared(&self) -> bool {
        self.location != self.listed
    }
}

/// Returns the request body that these parameters are, at its location in the operation.
pub(super) fn request_body<'a>(
    upgrade: &mut Upgrade<'a>,
    parameters: &[BodyParameter<'a>],
    new: Location,
    document: usize,
    consumes: &[String],
) -> Option<Value> {
    let first = parameters.first()?;
    let other = parameters.iter().find(|other| {
        (other.kind, first.kind) != (BodyKind::Form, BodyKind::Form) && other.listed != first.listed
    });
    if let Some(other) = other {
        let at = At { old: other.listed.clone(), new };
        upgrade.moves.copied(&at);
        upgrade.note(&at, messages::conflicting_body(first.name(), other.name()));
        return Some(json!({ "content": {} }));
    }
    match first.kind {
        BodyKind::Form => Some(self::form(upgrade, parameters, new, document, consumes)),
        BodyKind::Body if first.is_shared() => {
            Some(self::reference_to_body(upgrade, first, new, document, consumes))
        }
        BodyKind::Body => {
            let at = At { old: first.location.clone(), new };
            let mut body = self::body(upgrade, first.value, &at, consumes);
            upgrade.rebase(&mut body, first.location.0, document);
            Some(body)
        }
    }
}

/// Returns the request body that a parameter in `body` is.
pub(super) fn body(
    upgrade: &mut Upgrade<'_>,
    parameter: &Value,
    at: &At,
    consumes: &[String],
) -> Value {
    upgrade.moves.moved(at);
    let Value::Object(entries) = parameter else { return json!({ "content": {} }) };
    let written = match entries.get("schema") {
        Some(schema) => schema.clone(),
        // A schema is required, but many documents have the keywords of other parameters.
        None => Value::Object(parameters::schema_of_keywords(upgrade, entries, at)),
    };
    let old = match entries.contains_key("schema") {
        true => at.old_child("schema"),
        false => at.old.clone(),
    };
    let media_types = match consumes {
        [] if schemas::is_binary(upgrade, &written, at.old.0) => {
            vec!["application/octet-stream".to_owned()]
        }
        [] => vec!["application/json".to_owned()],
        consumes => consumes.to_vec(),
    };
    let media_types = upgrade.copied_to(parameter, media_types);
    // Messages about the schema follow its first copy.
    for media_type in &media_types {
        let media = child(&child(&at.new.1, "content"), media_type);
        upgrade.moves.moved(&At { old: old.clone(), new: (at.new.0, child(&media, "schema")) });
    }
    let schema = schemas::schema(upgrade, &written, &At { old: old.clone(), new: at.new.clone() });
    let mut content = Map::new();
    for media_type in media_types {
        let mut entry = json!({ "schema": schema });
        let examples = entries.get("x-examples").and_then(Value::as_object);
        let own = examples.and_then(|examples| {
            let is_own = |key: &str| without_parameters(key) == without_parameters(&media_type);
            examples.iter().find(|(key, _)| is_own(key)).map(|(_, value)| value)
        });
        if let Some(example) = own.or_else(|| entries.get("x-example")) {
            entry["example"] = example.clone();
        }
        content.insert(media_type, entry);
    }
    let mut body = Map::new();
    copy(entries, &mut body, |key| key == "description" || key.starts_with("x-"));
    body.insert("content".to_owned(), content.into());
    copy(entries, &mut body, |key| key == "required");
    body.into()
}

/// Returns the pointer of the component that a shared parameter in `body` becomes.
pub(super) fn shared_body(upgrade: &mut Upgrade<'_>, location: &Location, value: &Value) -> String {
    if let Some(known) = upgrade.bodies.get(location) {
        return known.clone();
    }
    let base = last(&location.1);
    let numbered = (2_usize..).map(|n| format!("{base}_{n}"));
    let mut names = std::iter::once(base.clone()).chain(numbered);
    let pointer = |name: String| child("/components/requestBodies", name);
    let is_taken =
        |name: &String| upgrade.bodies.values().any(|known| *known == pointer(name.clone()));
    let name = names.find(|name| !is_taken(name)).unwrap_or(base);
    let pointer = pointer(name);
    upgrade.bodies.insert(location.clone(), pointer.clone());
    let at = At { old: location.clone(), new: (0, pointer.clone()) };
    let mut body = self::body(upgrade, value, &at, &upgrade.consumes.clone());
    upgrade.rebase(&mut body, location.0, 0);
    upgrade.new_bodies.push((pointer.clone(), body));
    pointer
}

/// Returns a reference to a shared body. An operation that consumes other media types gets a body
/// of its own, with the same types.
fn reference_to_body(
    upgrade: &mut Upgrade<'_>,
    parameter: &BodyParameter<'_>,
    new: Location,
    document: usize,
    consumes: &[String],
) -> Value {
    let shared = self::shared_body(upgrade, &parameter.location, parameter.value);
    if consumes == upgrade.consumes {
        upgrade.moves.copied(&At { old: parameter.listed.clone(), new });
        return json!({ "$ref": upgrade.reference(document, &(0, shared)) });
    }
    let at = At { old: parameter.location.clone(), new };
    let mut body = self::body(upgrade, parameter.value, &at, consumes);
    upgrade.rebase(&mut body, parameter.location.0, document);
    if parameter.value.get("schema").is_some_and(has_type) {
        let media_type = upgrade.consumes.first().map_or("application/json", String::as_str);
        let media = child(&child(&shared, "content"), media_type);
        let schema = upgrade.reference(document, &(0, child(&media, "schema")));
        set_schemas(&mut body, &json!({ "$ref": schema }));
    }
    body
}

/// Returns the request body that parameters in `formData` are: the properties of an object.
fn form(
    upgrade: &mut Upgrade<'_>,
    parameters: &[BodyParameter<'_>],
    new: Location,
    document: usize,
    consumes: &[String],
) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    let mut encodings = Map::new();
    let mut has_file = false;
    let mut media_types = form_types(consumes);
    for parameter in parameters {
        media_types = upgrade.copied_to(parameter.value, media_types);
    }
    let pointers: Vec<String> = (media_types.iter())
        .map(|media_type| child(&child(&new.1, "content"), media_type))
        .collect();
    for parameter in parameters.iter().filter(|_| !media_types.is_empty()) {
        let Value::Object(entries) = parameter.value else { continue };
        let name = parameter.name();
        has_file |= is_file(entries);
        let old = parameter.location.clone();
        let note = At { old: old.clone(), new: new.clone() };
        let mut schema = match entries.get("schema") {
            Some(schema) => {
                let at = At { old: (old.0, child(&old.1, "schema")), new: new.clone() };
                schemas::schema(upgrade, schema, &at)
            }
            None => Value::Object(parameters::schema_of_keywords(upgrade, entries, &note)),
        };
        if let Value::Object(schema) = &mut schema {
            copy(entries, schema, |key| key == "description");
            if let Some(example) = entries.get("x-example") {
                schema.entry("example").or_insert_with(|| example.clone());
            }
        }
        upgrade.rebase(&mut schema, old.0, document);
        if entries.get("required") == Some(&Value::Bool(true)) {
            required.push(name.into());
        }
        let collection = parameters::collection(upgrade, entries, name, true, &note);
        if let Some(encoding) = collection.and_then(encoding) {
            encodings.insert(name.to_owned(), encoding);
        }
        for pointer in &pointers {
            let pointer = child(&child(&child(pointer, "schema"), "properties"), name);
            upgrade.moves.moved(&At { old: old.clone(), new: (new.0, pointer) });
        }
        properties.insert(name.to_owned(), schema);
    }
    let media_types =
        self::checked_form_types(upgrade, media_types, consumes, has_file, &new, parameters);
    let mut schema = json!({ "type": "object", "properties": properties });
    let is_required = !required.is_empty();
    if is_required {
        schema["required"] = required.into();
    }
    let mut content = Map::new();
    for media_type in media_types {
        let mut entry = json!({ "schema": schema });
        if !encodings.is_empty() {
            entry["encoding"] = encodings.clone().into();
        }
        content.insert(media_type, entry);
    }
    let mut body = json!({ "content": content });
    if is_required {
        body["required"] = true.into();
    }
    body
}

/// Returns the media types of a form. Files need a multipart form.
fn checked_form_types(
    upgrade: &mut Upgrade<'_>,
    mut media_types: Vec<String>,
    consumes: &[String],
    has_file: bool,
    new: &Location,
    parameters: &[BodyParameter<'_>],
) -> Vec<String> {
    let old = parameters.first().map_or_else(|| new.clone(), |first| first.listed.clone());
    let at = At { old, new: new.clone() };
    upgrade.moves.copied(&at);
    let is_multipart = |name: &String| essence(name).starts_with("multipart/");
    if has_file {
        let has_multipart = media_types.iter().any(is_multipart);
        media_types.retain(is_multipart);
        if !has_multipart {
            media_types.push(MULTIPART.to_owned());
        }
        if !consumes.is_empty() && !consumes.iter().any(is_multipart) {
            upgrade.note(&at, messages::form_without_media_type(MULTIPART));
        }
    } else if !consumes.is_empty() && !consumes.iter().any(|name| is_form(name)) {
        upgrade.note(&at, messages::form_without_media_type(URLENCODED));
    }
    media_types
}

fn essence(media_type: &str) -> String {
    without_parameters(media_type).trim().to_ascii_lowercase()
}

fn is_form(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == URLENCODED || essence.starts_with("multipart/")
}

/// Returns the media types of forms that an operation consumes. A urlencoded form is the default.
fn form_types(consumes: &[String]) -> Vec<String> {
    let forms: Vec<String> = consumes.iter().filter(|name| is_form(name)).cloned().collect();
    if forms.is_empty() { vec![URLENCODED.to_owned()] } else { forms }
}

/// Returns whether a parameter is a file, or a list of files.
fn is_file(entries: &Map<String, Value>) -> bool {
    let entries = Value::Object(entries.clone());
    ["/type", "/items/type"].iter().any(|at| value_at(&entries, at).is_some_and(|ty| *ty == "file"))
}

fn copy(from: &Map<String, Value>, to: &mut Map<String, Value>, is_wanted: impl Fn(&str) -> bool) {
    let wanted = from.iter().filter(|(key, _)| is_wanted(key));
    to.extend(wanted.map(|(key, value)| (key.clone(), value.clone())));
}
