//! Schemas: what a value is. Structs, enums and unions get names; the rest is written
//! where it is used.

use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind};

use super::Lower;
use super::all_of::{Part, parts_of};
use super::form::{Form, plain, shape_of};
use crate::diagnostics::{Location, messages};
use crate::ir::{Shape, Type, TypeId, TypeKind};
use crate::select::{target_or_nothing, typed};
use crate::text::child;
use crate::text::pointer::unescape;

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
        match target_or_nothing(self.document, reference, at.pointer, self.diagnostics) {
            Some(Some(target)) => {
                let suggested = name_of(&target).unwrap_or_else(|| at.suggested.to_owned());
                Type::plain(Shape::Named(self.types.at(&target, &suggested, self.diagnostics)))
            }
            Some(None) => {
                let location = Location::Pointer(child(at.pointer, "$ref"));
                self.diagnostics.report(location, messages::unresolved_schema(reference));
                Type::plain(Shape::Json)
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
            if let Some(parts) = self.combined_parts.get(&pointer).cloned() {
                self.define_parts(id, &parts, at);
                continue;
            }
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

    /// A type of several schemas is described by the last of them that says something.
    fn define_parts(&mut self, id: TypeId, parts: &[Part], at: At<'_>) {
        let mut last = Schema { schema_data: SchemaData::default(), schema_kind: any() };
        for data in parts.iter().filter_map(|part| Some(&part.schema.as_item()?.schema_data)) {
            let own = &mut last.schema_data;
            own.description = data.description.clone().or(own.description.take());
            own.title = data.title.clone().or(own.title.take());
            own.deprecated |= data.deprecated;
            own.extensions.extend(data.extensions.clone());
        }
        let kind = self.kind_of_parts(id, parts, &last, at);
        self.finish_definition(id, &last, kind);
    }

    fn define(&mut self, id: TypeId, schema: &Schema, at: At<'_>) {
        let kind = self.kind_of_schema(id, schema, at);
        self.finish_definition(id, schema, kind);
    }

    /// What a named type is.
    pub(super) fn kind_of_schema(&mut self, id: TypeId, schema: &Schema, at: At<'_>) -> TypeKind {
        let plain = plain(&schema.schema_kind);
        let form = shape_of(&plain);
        let heirs = match (&form, &schema.schema_data.discriminator) {
            (Form::Struct | Form::Merge, Some(discriminator))
                if plain.one_of.is_empty() && plain.any_of.is_empty() =>
            {
                self.union_of_heirs(id, discriminator, &plain, at)
            }
            _ => None,
        };
        heirs.unwrap_or_else(|| match form {
            Form::Merge => self.kind_of_parts(id, &parts_of(&plain, at), schema, at),
            Form::Union => self.kind_of_alternatives(id, schema, at),
            _ => self.kind_of_plain(id, schema, &plain, at),
        })
    }

    fn finish_definition(&mut self, id: TypeId, schema: &Schema, kind: TypeKind) {
        let data = &schema.schema_data;
        let def = self.types.def_mut(id);
        def.docs = data.description.clone().or_else(|| data.title.clone());
        def.deprecated = data.deprecated;
        def.nullable |= data.nullable;
        def.default = data.default.as_ref().map(ToString::to_string);
        def.kind = kind;
    }

    /// What a named type is whose schema is neither a union nor made of several.
    pub(super) fn kind_of_plain(
        &mut self,
        id: TypeId,
        schema: &Schema,
        plain: &AnySchema,
        at: At<'_>,
    ) -> TypeKind {
        let form = shape_of(plain);
        self.report_left_out(&form, plain, at);
        match form {
            Form::Struct => TypeKind::Struct(self.structure(id, plain, at)),
            Form::Enum => self.enumeration(id, schema, plain, at),
            _ => TypeKind::Alias(self.inline(plain, at)),
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
            Form::Merge => self.type_of_parts(parts_of(&plain, at), at),
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
        let (keyword, message) = match form {
            Form::Struct if has_counts => {
                let key =
                    if schema.min_properties.is_some() { "minProperties" } else { "maxProperties" };
                (key, messages::property_count(key))
            }
            Form::Other
                if !schema.enumeration.is_empty() && schema.typ.as_deref() != Some("boolean") =>
            {
                ("enum", messages::untyped_enum())
            }
            _ => return,
        };
        self.diagnostics.report(Location::Pointer(child(at.pointer, keyword)), message);
    }

    /// Scalars, lists, maps and free-form JSON.
    pub(super) fn inline(&mut self, schema: &AnySchema, at: At<'_>) -> Type {
        let mut ty = Type::plain(self.inline_shape(schema, at));
        ty.constraints = self.rules(&ty.shape, schema, at);
        ty
    }

    fn inline_shape(&mut self, schema: &AnySchema, at: At<'_>) -> Shape {
        if self.files.contains(at.pointer) {
            return Shape::Blob;
        }
        match schema.typ.as_deref() {
            Some("string") => match schema.format.as_deref() {
                Some("date-time") => Shape::Timestamp,
                Some("date") => Shape::Date,
                _ => Shape::String,
            },
            Some("integer") => match schema.format.as_deref() {
                Some("int32") => Shape::Int32,
                Some("uint64") => Shape::Uint64,
                // What the description allows must fit.
                _ if schema.maximum.is_some_and(|most| most > i64::MAX as f64) => {
                    let natural = schema.minimum.is_some_and(|least| least >= 0.0);
                    if natural { Shape::Uint64 } else { Shape::Number }
                }
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
                    let location = Location::pointer(child(at.pointer, "not"));
                    self.diagnostics.report(location, messages::untyped_negation());
                }
                Shape::Json
            }
            Some(other) => {
                let location = Location::pointer(child(at.pointer, "type"));
                self.diagnostics.report(location, messages::unknown_type(other));
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

/// What a type is called that a reference finds somewhere: the names on the way to it, without
/// the words of OpenAPI between them.
fn name_of(pointer: &str) -> Option<String> {
    const BETWEEN: [&str; 16] = [
        "additionalProperties",
        "allOf",
        "anyOf",
        "components",
        "content",
        "definitions",
        "headers",
        "items",
        "oneOf",
        "parameters",
        "paths",
        "properties",
        "requestBodies",
        "responses",
        "schema",
        "schemas",
    ];
    let names = pointer.split('/').filter(|step| {
        let is_media_type = step.contains("~1") && !step.starts_with("~1");
        !step.is_empty() && !is_media_type && !BETWEEN.contains(step)
    });
    let names: Vec<String> = names.map(unescape).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// A schema that says nothing.
fn any() -> SchemaKind {
    SchemaKind::Any(AnySchema::default())
}
