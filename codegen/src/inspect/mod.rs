//! What is in a description, and what becomes of it: plain data for people and programs to read.

mod examples;

pub use examples::{Example, Examples, examples};

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::diagnostics::Diagnostics;
use crate::ir::Counts;
use crate::ir::{Api, JsonType, Rule, TypeKind, Union};
use crate::lower::is_stream;
use crate::select::{METHODS, SelectedOperation, local_pointer};
use crate::spec::Document;
use crate::spec::Input;
use crate::text::child;
use crate::{lower, select, spec};

/// What is in a description.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// Its title.
    pub title: String,
    /// The version of the API.
    pub version: String,
    /// What is generated of it.
    pub counts: Counts,
    /// The operations that are selected, in the order of the description.
    pub operations: Vec<InspectedOperation>,
    /// The types that they reach, by name.
    pub types: Vec<InspectedType>,
}

/// An operation of a description.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedOperation {
    /// Its id or, where it has none, its method and path.
    pub id: String,
    /// Its HTTP method, in capitals.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The method of the client; none where it is left out, for the reasons among the warnings.
    pub name: Option<String>,
    /// Its parameters.
    pub parameters: Vec<InspectedParameter>,
    /// The bodies that it takes.
    pub bodies: Vec<InspectedBody>,
    /// Its answers.
    pub answers: Vec<InspectedAnswer>,
}

/// A parameter of an operation.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedParameter {
    /// Where it stands: `path`, `query`, `header` or `cookie`.
    #[serde(rename = "in")]
    pub place: String,
    /// Its name.
    pub name: String,
}

/// One form that a body may have.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedBody {
    /// Its media type.
    pub media_type: String,
    /// Its type, in a few words; none where the description says nothing of it.
    #[serde(rename = "type")]
    pub ty: Option<String>,
}

/// An answer to an operation.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedAnswer {
    /// Its status, as the description writes it.
    pub status: String,
    /// The forms that its body may have; none where it has no body.
    pub bodies: Vec<InspectedBody>,
}

/// A type that is generated.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedType {
    /// Its name in Rust.
    pub name: String,
    /// Where the description has it: a JSON pointer.
    pub pointer: String,
    /// What it is.
    pub kind: Kind,
}

/// What a type is.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Kind {
    /// An object with properties.
    Struct {
        /// How many.
        fields: usize,
    },
    /// A text of which some values are known.
    Enum {
        /// These.
        values: Vec<String>,
    },
    /// One of several types.
    Union {
        /// Their names, as variants.
        variants: Vec<String>,
        /// How the variant of a value is found, by the JSON type of the value.
        decision: Vec<InspectedRule>,
    },
    /// Another name of a type.
    Alias,
}

/// How the variant of a value of one JSON type is found.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedRule {
    /// The JSON type.
    #[serde(rename = "type")]
    pub json_type: &'static str,
    /// How it is found.
    pub how: How,
}

/// How the variant of a value is found, and so why it is that one.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum How {
    /// There is only one that it can be.
    Only {
        /// That one.
        variant: String,
    },
    /// By a text: that of a property, or the value itself.
    Text {
        /// The property; none if the value itself is the text.
        property: Option<String>,
        /// Which texts lead where.
        values: Vec<(Vec<String>, How)>,
        /// Where other texts lead; none where they are no known variant.
        otherwise: Option<Box<How>>,
    },
    /// By which properties are there: the first that is there decides.
    Presence {
        /// Which property leads where.
        properties: Vec<(String, String)>,
        /// What decides if none is there; none where that is no known variant.
        otherwise: Option<Box<How>>,
    },
    /// By decoding each in turn: nothing better is known.
    Trying {
        /// In this order.
        variants: Vec<String>,
    },
}

/// Looks at a description. What cannot be generated is left out with a warning, as if the
/// configuration asked for that.
///
/// # Errors
/// Fails where nothing of the description can be read, or its configuration is not right.
pub fn inspect(input: &Input) -> Result<(Inspection, Diagnostics), Diagnostics> {
    let mut input = input.clone();
    input.config.skip_unsupported = true;
    let mut diagnostics = input.diagnostics();
    let document = spec::load(&input, &mut diagnostics);
    let document = diagnostics.checkpoint(document)?;
    let selection = select::select(&document, &input.config, &mut diagnostics);
    let selected: BTreeSet<String> = selection.all.iter().cloned().collect();
    let api = lower::lower(&document, selection, &input.config, &mut diagnostics);
    let api = diagnostics.checkpoint(Some(api))?;
    let text = |pointer| {
        let value = document.get(pointer);
        value.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default()
    };
    let reading = Reading { document: &document, api: &api, names: names(&api) };
    let inspection = Inspection {
        title: api.title.clone(),
        version: text("/info/version"),
        counts: api.counts,
        operations: reading.operations(&selected),
        types: types(&api),
    };
    Ok((inspection, diagnostics))
}

/// The names of the types by the places of their schemas.
fn names(api: &Api) -> BTreeMap<&str, &str> {
    api.types.iter().map(|def| (def.pointer.as_str(), def.name.0.as_str())).collect()
}

fn types(api: &Api) -> Vec<InspectedType> {
    let of = |def: &crate::ir::TypeDef| InspectedType {
        name: def.name.0.clone(),
        pointer: def.pointer.clone(),
        kind: match &def.kind {
            TypeKind::Struct(structure) => Kind::Struct { fields: structure.fields.len() },
            TypeKind::Enum(of) => {
                Kind::Enum { values: of.values.iter().map(|value| value.wire.clone()).collect() }
            }
            TypeKind::Union(union) => Kind::Union {
                variants: union.variants.iter().map(|variant| variant.name.0.clone()).collect(),
                decision: union
                    .decision
                    .rules
                    .iter()
                    .map(|(of, rule)| InspectedRule {
                        json_type: json_type(*of),
                        how: how(union, rule),
                    })
                    .collect(),
            },
            TypeKind::Alias(_) => Kind::Alias,
        },
    };
    let mut types: Vec<_> = api.types.iter().map(of).collect();
    types.sort_by(|a, b| a.name.cmp(&b.name));
    types
}

fn json_type(of: JsonType) -> &'static str {
    match of {
        JsonType::Boolean => "boolean",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "array",
        JsonType::Object => "object",
    }
}

fn how(union: &Union, rule: &Rule) -> How {
    let name = |i: &usize| {
        union.variants.get(*i).map(|variant| variant.name.0.clone()).unwrap_or_default()
    };
    let other = |rule: &Option<Box<Rule>>| rule.as_ref().map(|rule| Box::new(how(union, rule)));
    match rule {
        Rule::Only(variant) => How::Only { variant: name(variant) },
        Rule::Tag { property, arms, otherwise } => How::Text {
            property: property.clone(),
            values: arms.iter().map(|(texts, rule)| (texts.clone(), how(union, rule))).collect(),
            otherwise: other(otherwise),
        },
        Rule::Presence { arms, otherwise } => How::Presence {
            properties: arms.iter().map(|(key, variant)| (key.clone(), name(variant))).collect(),
            otherwise: other(otherwise),
        },
        Rule::Trial(variants) => How::Trying { variants: variants.iter().map(name).collect() },
    }
}

/// What is needed to say in words what a part of the description is.
struct Reading<'a> {
    document: &'a Document,
    api: &'a Api,
    names: BTreeMap<&'a str, &'a str>,
}

impl Reading<'_> {
    /// The operations of these pointers.
    fn operations(&self, selected: &BTreeSet<String>) -> Vec<InspectedOperation> {
        let mut operations = Vec::new();
        for path in self.document.keys("/paths") {
            let item = self.followed(child("/paths", path));
            for method in METHODS {
                let pointer = child(&item, method);
                if selected.contains(&SelectedOperation::key(method, path))
                    && let Some(value) = self.document.get(&pointer)
                {
                    operations.push(self.operation(method, path, &item, &pointer, value));
                }
            }
        }
        operations
    }

    fn operation(
        &self,
        method: &str,
        path: &str,
        item: &str,
        pointer: &str,
        value: &Value,
    ) -> InspectedOperation {
        let id = value.get("operationId").and_then(Value::as_str).map(str::to_owned);
        let tags = value.get("tags").and_then(Value::as_array).into_iter().flatten();
        let mut operations = self.api.operations.iter();
        let generated = operations
            .find(|known| known.path == path && known.method.eq_ignore_ascii_case(method));
        let parameters = [item, pointer].into_iter().flat_map(|at| {
            let at = child(at, "parameters");
            let count = self.document.get(&at).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count).map(move |i| child(&at, i))
        });
        let parameters = parameters.filter_map(|at| {
            let value = self.document.get(&self.followed(at))?;
            let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
            Some(InspectedParameter { place: text("in")?, name: text("name")? })
        });
        let body = self.followed(child(pointer, "requestBody"));
        InspectedOperation {
            id: id.unwrap_or_else(|| SelectedOperation::key(method, path)),
            method: method.to_uppercase(),
            path: path.to_owned(),
            tags: tags.filter_map(Value::as_str).map(str::to_owned).collect(),
            name: generated.map(|known| known.name.0.clone()),
            parameters: parameters.collect(),
            bodies: self.content(&body),
            answers: self.answers(&child(pointer, "responses")),
        }
    }

    fn answers(&self, pointer: &str) -> Vec<InspectedAnswer> {
        let statuses = self.document.keys(pointer).filter(|key| !key.starts_with("x-"));
        let answer = |status: &str| InspectedAnswer {
            status: status.to_owned(),
            bodies: self.content(&self.followed(child(pointer, status))),
        };
        statuses.map(answer).collect()
    }

    /// The forms of a body or of an answer.
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

    /// What comes one by one, as the item schema says it or else the schema.
    fn item(&self, at: &str, media: &str) -> Option<String> {
        let is_there = |at: &String| self.document.get(at).is_some();
        let keys = ["itemSchema", "x-item-schema", "x-itemSchema"].into_iter();
        let explicit = keys.map(|key| child(at, key)).find(is_there);
        if explicit.is_none() && !is_stream(media) {
            return None;
        }
        // Of an event, OpenAPI 3.2 describes all fields; the data has a schema within.
        let explicit = explicit.map(|item| {
            let data = child(&child(&self.followed(item.clone()), "properties"), "data");
            let data = [child(&data, "contentSchema"), data].into_iter().find(is_there);
            data.filter(|_| media.starts_with("text/event-stream")).unwrap_or(item)
        });
        let item = explicit.or_else(|| {
            let schema = child(at, "schema");
            let items = child(&self.followed(schema.clone()), "items");
            [items, schema].into_iter().find(is_there)
        })?;
        Some(format!("stream of {}", self.ty(&item, 0)))
    }

    /// The type of a schema in a few words: its name in Rust, if it has one.
    fn ty(&self, pointer: &str, depth: usize) -> String {
        let at = self.followed(pointer.to_owned());
        if let Some(name) = self.names.get(at.as_str()) {
            return (*name).to_owned();
        }
        let get = |key: &str| self.document.get(&child(&at, key)).and_then(Value::as_str);
        match (get("type"), get("format")) {
            // Schemas hold each other as deep as people write them; a few words do not.
            (Some("array"), _) if depth < 8 => {
                format!("list of {}", self.ty(&child(&at, "items"), depth + 1))
            }
            (Some(ty), Some(format)) => format!("{ty} ({format})"),
            (Some(ty), None) => ty.to_owned(),
            (None, _) => "any".to_owned(),
        }
    }

    /// Where references lead that stand at a pointer.
    fn followed(&self, mut pointer: String) -> String {
        // A circle of references has no end.
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
