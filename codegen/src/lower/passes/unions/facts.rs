//! What is known about a value before it is decoded, from the type that it may have.

use crate::ir::{
    Api, Constant, Field, JsonType, Literals, Presence, Shape, Type, TypeId, TypeKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known about the values of a type before they are decoded.
pub(crate) struct ValueFacts {
    pub(crate) types: BTreeSet<JsonType>,
    /// The known values of an enum.
    pub(crate) strings: Option<Vec<String>>,
    /// How many values of a JSON type it accepts, from `0` for a specific format to `3` for
    /// everything.
    pub(crate) breadth: u8,
    /// What is known about its objects; absent if any object may be a value.
    pub(crate) object: Option<ObjectFacts>,
}

/// What is known about objects.
#[derive(Clone)]
pub(crate) struct ObjectFacts {
    /// In document order.
    pub(crate) required: Vec<String>,
    pub(crate) properties: BTreeSet<String>,
    /// The properties that are enums.
    pub(crate) tags: BTreeMap<String, TagProperty>,
}

/// A property whose known values may distinguish an object from others.
#[derive(Clone)]
pub(crate) struct TagProperty {
    pub(crate) values: Vec<String>,
    pub(crate) required: bool,
}

impl ObjectFacts {
    /// Returns the known values of a property; with `required`, only if the property is required.
    pub(crate) fn tag(&self, property: &str, required: bool) -> Option<&[String]> {
        let tag = self.tags.get(property).filter(|tag| tag.required || !required)?;
        Some(&tag.values)
    }
}

impl ValueFacts {
    pub(crate) fn new(ty: &Type, api: &Api) -> Self {
        Self::collect(ty, api, &mut Vec::new())
    }

    fn collect(ty: &Type, api: &Api, visited: &mut Vec<TypeId>) -> Self {
        let with_type = |json, breadth| Self {
            types: BTreeSet::from([json]),
            strings: None,
            breadth,
            object: None,
        };
        match &ty.shape {
            Shape::Timestamp | Shape::Date => with_type(JsonType::String, 0),
            Shape::Base64 | Shape::Base64Url => with_type(JsonType::String, 1),
            Shape::String => with_type(JsonType::String, 2),
            Shape::Int8
            | Shape::Int16
            | Shape::Int32
            | Shape::Int64
            | Shape::Uint8
            | Shape::Uint16
            | Shape::Uint32
            | Shape::Uint64 => with_type(JsonType::Number, 0),
            Shape::Number => with_type(JsonType::Number, 1),
            // In forms, files are represented by numbers.
            Shape::Blob => with_type(JsonType::Number, 0),
            Shape::Boolean => with_type(JsonType::Boolean, 0),
            Shape::List(_) => with_type(JsonType::Array, 0),
            Shape::Map(_) => with_type(JsonType::Object, 1),
            Shape::JsonObject => with_type(JsonType::Object, 2),
            Shape::Json => Self {
                types: BTreeSet::from([
                    JsonType::Boolean,
                    JsonType::Number,
                    JsonType::String,
                    JsonType::Array,
                    JsonType::Object,
                ]),
                strings: None,
                breadth: 3,
                object: None,
            },
            // A recursive type adds nothing new.
            Shape::Named(id) if visited.contains(id) => {
                Self { types: BTreeSet::new(), strings: None, breadth: 0, object: None }
            }
            Shape::Named(id) => {
                visited.push(*id);
                let facts = match &api.def(*id).kind {
                    TypeKind::Enum(of) if of.literals == Literals::Integers => {
                        with_type(JsonType::Number, 0)
                    }
                    TypeKind::Enum(of_values) => {
                        let strings = of_values.values.iter().map(|value| value.wire.clone());
                        Self { strings: Some(strings.collect()), ..with_type(JsonType::String, 1) }
                    }
                    TypeKind::Alias(ty) => Self::collect(ty, api, visited),
                    TypeKind::Union(union) => {
                        let facts = union
                            .variants
                            .iter()
                            .map(|variant| Self::collect(&variant.ty, api, visited));
                        Self::either(facts.collect())
                    }
                    TypeKind::Struct(structure) => {
                        let required: Vec<_> = structure
                            .fields
                            .iter()
                            .filter(|f| f.presence == Presence::Required)
                            .collect();
                        let tags = structure.fields.iter().filter_map(|field| {
                            let required = field.presence == Presence::Required;
                            let tag = TagProperty { values: known_values(field, api)?, required };
                            Some((field.wire.clone(), tag))
                        });
                        Self {
                            types: BTreeSet::from([JsonType::Object]),
                            strings: None,
                            breadth: 0,
                            object: Some(ObjectFacts {
                                tags: tags.collect(),
                                required: required.iter().map(|field| field.wire.clone()).collect(),
                                properties: structure
                                    .fields
                                    .iter()
                                    .map(|field| field.wire.clone())
                                    .collect(),
                            }),
                        }
                    }
                };
                visited.pop();
                facts
            }
        }
    }

    /// Returns what is known about values that match one of several types.
    fn either(all: Vec<Self>) -> Self {
        let types = all.iter().flat_map(|facts| facts.types.clone()).collect();
        let breadth = all.iter().map(|facts| facts.breadth).max().unwrap_or_default();
        let strings: Option<Vec<Vec<String>>> =
            all.iter().map(|facts| facts.strings.clone()).collect();
        let strings = strings.map(|strings| strings.concat());
        let with_objects = all.into_iter().filter(|facts| facts.types.contains(&JsonType::Object));
        let objects: Option<Vec<ObjectFacts>> = with_objects.map(|facts| facts.object).collect();
        let object = objects.and_then(|objects| {
            objects.into_iter().reduce(|a, b| {
                let both = a.tags.keys().filter(|tag| b.tags.contains_key(*tag));
                let tags = both.map(|tag| {
                    let (a, b) = (&a.tags[tag], &b.tags[tag]);
                    let more = b.values.iter().filter(|value| !a.values.contains(value));
                    let values = a.values.iter().chain(more).cloned().collect();
                    (tag.clone(), TagProperty { values, required: a.required && b.required })
                });
                ObjectFacts {
                    tags: tags.collect(),
                    required: a
                        .required
                        .iter()
                        .filter(|name| b.required.contains(name))
                        .cloned()
                        .collect(),
                    properties: a.properties.union(&b.properties).cloned().collect(),
                }
            })
        });
        Self { types, strings, breadth, object }
    }
}

/// Returns the known values of a property that is an enum or a constant.
fn known_values(field: &Field, api: &Api) -> Option<Vec<String>> {
    if let Some(Constant::Boolean(value)) = field.constant {
        return Some(vec![value.to_string()]);
    }
    match api.resolve(&field.ty) {
        (_, Some(TypeKind::Enum(of))) => {
            Some(of.values.iter().map(|value| value.wire.clone()).collect())
        }
        _ => None,
    }
}
