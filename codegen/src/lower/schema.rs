//! Schemas: what a value is. Structs, enums and unions get names; the rest is written
//! where it is used.

use std::borrow::Cow;

use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema, SchemaKind};
use openapiv3::{Type as SchemaType, VariantOrUnknownOrEmpty};

use super::Lower;
use crate::diagnostic::{Place, code};
use crate::ir::{Shape, Type, TypeId, TypeKind};
use crate::resolve::{target, typed};
use crate::source::child;

/// A schema with where it stands and what a type of it would be called.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) pointer: &'a str,
    pub(super) suggested: &'a str,
}

impl Lower<'_> {
    /// The type of a schema or of a reference to one.
    pub(super) fn type_of(&mut self, schema: &ReferenceOr<Schema>, at: At<'_>) -> Type {
        let ty = match schema {
            ReferenceOr::Reference { reference } => self.type_of_reference(reference, at),
            ReferenceOr::Item(schema) => self.type_of_schema(schema, at),
        };
        self.uses.note(at.pointer, &ty);
        ty
    }

    pub(super) fn type_of_boxed(&mut self, schema: &ReferenceOr<Box<Schema>>, at: At<'_>) -> Type {
        let ty = match schema {
            ReferenceOr::Reference { reference } => self.type_of_reference(reference, at),
            ReferenceOr::Item(schema) => self.type_of_schema(schema, at),
        };
        self.uses.note(at.pointer, &ty);
        ty
    }

    fn type_of_reference(&mut self, reference: &str, at: At<'_>) -> Type {
        match target(self.document, reference, at.pointer, self.diagnostics) {
            Some(target) => {
                let last = target.rsplit('/').next().unwrap_or(at.suggested).to_owned();
                Type::plain(Shape::Named(self.types.at(&target, &last, self.diagnostics)))
            }
            None => Type::plain(Shape::Json),
        }
    }

    /// Reads the types that have been named, and those that reading them names.
    pub(super) fn read_types(&mut self) {
        while let Some(id) = self.types.next_unread() {
            let pointer = self.types.def(id).pointer.clone();
            let name = self.types.def(id).name.0.clone();
            let at = At { pointer: &pointer, suggested: &name };
            match typed::<ReferenceOr<Schema>>(self.document, &pointer, self.diagnostics) {
                Some(ReferenceOr::Item(schema)) => self.define(id, &schema, at),
                // A schema that is only a reference is another name of what it refers to.
                Some(ReferenceOr::Reference { reference }) => {
                    let ty = self.type_of_reference(&reference, at);
                    self.types.def_mut(id).kind = TypeKind::Alias(ty);
                }
                None => {}
            }
        }
    }

    fn define(&mut self, id: TypeId, schema: &Schema, at: At<'_>) {
        let data = &schema.schema_data;
        let kind = self.kind_of(id, schema, at);
        let def = self.types.def_mut(id);
        def.docs = data.description.clone().or_else(|| data.title.clone());
        def.deprecated = data.deprecated;
        def.nullable |= data.nullable;
        def.default = data.default.as_ref().map(ToString::to_string);
        def.kind = kind;
    }

    fn kind_of(&mut self, id: TypeId, schema: &Schema, at: At<'_>) -> TypeKind {
        let plain = plain(&schema.schema_kind);
        let form = shape_of(&plain);
        self.report_left_out(&form, &plain, at);
        match form {
            Form::Struct => TypeKind::Struct(self.structure(&plain, at)),
            Form::Enum => self.enumeration(id, schema, &plain, at),
            Form::Union => self.union(id, schema, &plain, at),
            Form::Merge => self.merged(schema, &plain, at),
            Form::Other => TypeKind::Alias(self.inline(&plain, at)),
        }
    }

    /// The type of a schema that stands where it is used.
    pub(super) fn type_of_schema(&mut self, schema: &Schema, at: At<'_>) -> Type {
        let plain = plain(&schema.schema_kind);
        let mut ty = match shape_of(&plain) {
            form @ Form::Other => {
                self.report_left_out(&form, &plain, at);
                self.inline(&plain, at)
            }
            // One member alone adds nothing but a description or `nullable`.
            Form::Merge if plain.all_of.len() == 1 && plain.properties.is_empty() => {
                let pointer = child(&child(at.pointer, "allOf"), 0);
                self.type_of(&plain.all_of[0], At { pointer: &pointer, ..at })
            }
            _ => {
                Type::plain(Shape::Named(self.types.at(at.pointer, at.suggested, self.diagnostics)))
            }
        };
        ty.nullable |= schema.schema_data.nullable;
        ty
    }

    /// What the type of a schema does not say although the schema does.
    fn report_left_out(&mut self, form: &Form, schema: &AnySchema, at: At<'_>) {
        let has_counts = schema.min_properties.is_some() || schema.max_properties.is_some();
        let left_out = match form {
            Form::Union if !schema.properties.is_empty() => {
                ("properties", "the properties beside this union are only kept, not typed")
            }
            Form::Struct if has_counts => {
                let key =
                    if schema.min_properties.is_some() { "minProperties" } else { "maxProperties" };
                (key, "the number of properties of a struct is not checked")
            }
            Form::Other if !schema.enumeration.is_empty() => {
                ("enum", "known values that are no texts are not typed, and any is allowed")
            }
            _ => return,
        };
        let place = Place::Pointer(child(at.pointer, left_out.0));
        self.diagnostics.warning(&code::LOOSE_SCHEMA, place, left_out.1);
    }

    /// Scalars, lists, maps and free-form JSON.
    fn inline(&mut self, schema: &AnySchema, at: At<'_>) -> Type {
        let mut ty = Type::plain(self.inline_shape(schema, at));
        ty.rules = self.rules(&ty.shape, schema, at);
        ty
    }

    fn inline_shape(&mut self, schema: &AnySchema, at: At<'_>) -> Shape {
        match schema.typ.as_deref() {
            Some("string") => match schema.format.as_deref() {
                Some("date-time") => Shape::Timestamp,
                Some("date") => Shape::Date,
                _ => Shape::String,
            },
            Some("integer") => match schema.format.as_deref() {
                Some("int32") => Shape::Int32,
                Some("uint64") => Shape::Uint64,
                _ => Shape::Int64,
            },
            Some("number") => Shape::Number,
            Some("boolean") => Shape::Boolean,
            Some("array") => self.list(schema, at),
            Some("object") => self.map(schema, at),
            None if schema.items.is_some() => self.list(schema, at),
            None if schema.additional_properties.is_some() => self.map(schema, at),
            None => {
                if schema.not.is_some() {
                    let place = Place::pointer(child(at.pointer, "not"));
                    self.diagnostics.warning(
                        &code::LOOSE_SCHEMA,
                        place,
                        "`not` has no type in Rust",
                    );
                }
                Shape::Json
            }
            Some(other) => {
                let message = format!("`{other}` is no type of OpenAPI");
                self.diagnostics.error(
                    &code::BAD_SHAPE,
                    Place::pointer(child(at.pointer, "type")),
                    message,
                );
                Shape::Json
            }
        }
    }

    fn list(&mut self, schema: &AnySchema, at: At<'_>) -> Shape {
        let pointer = child(at.pointer, "items");
        let suggested = format!("{} item", at.suggested);
        let item = match &schema.items {
            Some(items) => {
                self.type_of_boxed(items, At { pointer: &pointer, suggested: &suggested })
            }
            None => Type::plain(Shape::Json),
        };
        Shape::List(Box::new(item))
    }

    fn map(&mut self, schema: &AnySchema, at: At<'_>) -> Shape {
        match &schema.additional_properties {
            Some(AdditionalProperties::Schema(values)) => {
                let pointer = child(at.pointer, "additionalProperties");
                let suggested = format!("{} value", at.suggested);
                let value = self.type_of(values, At { pointer: &pointer, suggested: &suggested });
                match value.shape {
                    // A map to anything is a free-form object.
                    Shape::Json => Shape::JsonObject,
                    _ => Shape::Map(Box::new(value)),
                }
            }
            _ => Shape::JsonObject,
        }
    }
}

/// What a schema becomes.
enum Form {
    Struct,
    Enum,
    Union,
    /// Members of `allOf` merged into one.
    Merge,
    /// No named type.
    Other,
}

fn shape_of(schema: &AnySchema) -> Form {
    let text = schema.typ.as_deref().is_none_or(|typ| typ == "string");
    let strings = |v: &serde_json::Value| v.is_string() || v.is_null();
    if !schema.all_of.is_empty() {
        Form::Merge
    } else if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
        Form::Union
    } else if !schema.properties.is_empty() {
        Form::Struct
    } else if text
        && schema.enumeration.iter().any(serde_json::Value::is_string)
        && schema.enumeration.iter().all(strings)
    {
        Form::Enum
    } else {
        Form::Other
    }
}

/// `openapiv3` has a type for each kind of schema, and one with every keyword for those that
/// mix. Here the one with every keyword serves for all.
pub(super) fn plain(kind: &SchemaKind) -> Cow<'_, AnySchema> {
    let mut any = AnySchema::default();
    match kind {
        SchemaKind::Any(any) => return Cow::Borrowed(any),
        SchemaKind::OneOf { one_of } => any.one_of.clone_from(one_of),
        SchemaKind::AllOf { all_of } => any.all_of.clone_from(all_of),
        SchemaKind::AnyOf { any_of } => any.any_of.clone_from(any_of),
        SchemaKind::Not { not } => any.not = Some(not.clone()),
        SchemaKind::Type(SchemaType::String(string)) => {
            any.typ = Some("string".to_owned());
            any.format = format_name(&string.format);
            any.pattern.clone_from(&string.pattern);
            any.min_length = string.min_length;
            any.max_length = string.max_length;
            any.enumeration = string.enumeration.iter().map(|value| value.clone().into()).collect();
        }
        SchemaKind::Type(SchemaType::Number(number)) => {
            any.typ = Some("number".to_owned());
            any.format = format_name(&number.format);
            any.minimum = number.minimum;
            any.maximum = number.maximum;
            any.multiple_of = number.multiple_of;
            any.enumeration = number.enumeration.iter().map(|value| (*value).into()).collect();
            any.exclusive_minimum = Some(number.exclusive_minimum);
            any.exclusive_maximum = Some(number.exclusive_maximum);
        }
        SchemaKind::Type(SchemaType::Integer(integer)) => {
            any.typ = Some("integer".to_owned());
            any.format = format_name(&integer.format);
            any.minimum = integer.minimum.map(|n| n as f64);
            any.maximum = integer.maximum.map(|n| n as f64);
            any.multiple_of = integer.multiple_of.map(|n| n as f64);
            any.enumeration = integer.enumeration.iter().map(|value| (*value).into()).collect();
            any.exclusive_minimum = Some(integer.exclusive_minimum);
            any.exclusive_maximum = Some(integer.exclusive_maximum);
        }
        SchemaKind::Type(SchemaType::Boolean(_)) => any.typ = Some("boolean".to_owned()),
        SchemaKind::Type(SchemaType::Object(object)) => {
            any.typ = Some("object".to_owned());
            any.properties.clone_from(&object.properties);
            any.required.clone_from(&object.required);
            any.additional_properties.clone_from(&object.additional_properties);
            any.min_properties = object.min_properties;
            any.max_properties = object.max_properties;
        }
        SchemaKind::Type(SchemaType::Array(array)) => {
            any.typ = Some("array".to_owned());
            any.items.clone_from(&array.items);
            any.min_items = array.min_items;
            any.max_items = array.max_items;
            any.unique_items = Some(array.unique_items);
        }
    }
    Cow::Owned(any)
}

/// The name of a format, known to `openapiv3` or not.
fn format_name<T: serde::Serialize>(format: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => {
            serde_json::to_value(known).ok()?.as_str().map(str::to_owned)
        }
        VariantOrUnknownOrEmpty::Unknown(name) => Some(name.clone()),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}
