//! The definitions of named types.

use crate::diagnostics::{Location, messages};
use crate::ir::{Shape, Type, TypeId, TypeKind};
use crate::lower::context::combinations::{SchemaPart, Source};
use crate::lower::context::state::Context;
use crate::lower::schema::all_of::{
    combine, leaves_of, only_nullable, parts_of, report_contradiction, report_excess,
};
use crate::lower::schema::at::At;
use crate::lower::schema::classify::{SchemaClass, any_schema, classify};
use crate::lower::schema::combine::{Combined, Leaf, combine_leaves, is_nullable};
use crate::lower::schema::enums::enum_of;
use crate::lower::schema::structs::{struct_of, struct_of_members};
use crate::lower::schema::type_of::secrets::{hide_at, hide_definition};
use crate::lower::schema::type_of::{inline, type_of, type_of_reference};
use crate::lower::schema::union::{SubtypeUnion, union_of, union_of_objects, union_with_base};
use crate::text::child;
use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema, SchemaData, SchemaKind};
use serde_json::Value;

/// The maximum number of subtypes of a union. A schema with more of them is the root of nearly
/// everything, and its union would pull in nearly all types.
const MAX_SUBTYPES: usize = 64;

/// Defines the named types, including those that their definitions add.
pub(crate) fn read_types(context: &mut Context<'_>) {
    while let Some(id) = context.types.next_undefined().filter(|_| !context.document.is_exhausted())
    {
        let pointer = context.types.def(id).pointer.clone();
        let name = context.types.def(id).name.0.clone();
        let at = At { pointer: &pointer, suggested: &name };
        if let Some(parts) = context.types.combinations.parts.get(&pointer).cloned() {
            define_parts(context, id, &parts, at);
            continue;
        }
        match context.typed::<ReferenceOr<Schema>>(&pointer) {
            Some(ReferenceOr::Item(schema)) => define(context, id, &schema, at),
            // A schema that is only a reference is an alias.
            Some(ReferenceOr::Reference { reference }) => {
                let mut ty = type_of_reference(context, &reference, at);
                hide_at(context, &pointer, &mut ty);
                context.types.def_mut(id).kind = TypeKind::Alias(ty);
            }
            None => {}
        }
    }
}

/// A named type that is being defined.
#[derive(Clone, Copy)]
struct Definition<'d> {
    id: TypeId,
    /// The schema that documents it.
    schema: &'d Schema,
    at: At<'d>,
}

/// Defines a type of several schemas. Annotations come from the last schema that has them.
fn define_parts(context: &mut Context<'_>, id: TypeId, parts: &[SchemaPart], at: At<'_>) {
    let mut last = Schema { schema_data: SchemaData::default(), schema_kind: unconstrained() };
    for data in parts.iter().filter_map(|part| Some(&part.schema.as_item()?.schema_data)) {
        let merged = &mut last.schema_data;
        merged.description = data.description.clone().or(merged.description.take());
        merged.title = data.title.clone().or(merged.title.take());
        merged.deprecated |= data.deprecated;
        merged.extensions.extend(data.extensions.clone());
    }
    let it = Definition { id, schema: &last, at };
    it.define(context, parts, |it, context| it.parts(context, parts));
}

fn define(context: &mut Context<'_>, id: TypeId, schema: &Schema, at: At<'_>) {
    let part = SchemaPart::new(ReferenceOr::Item(schema.clone()), at.pointer.to_owned());
    Definition { id, schema, at }.define(context, &[part], |it, context| it.schema(context));
}

impl Definition<'_> {
    /// Defines the type as this kind, with the annotations of its schema.
    fn define(
        self,
        context: &mut Context<'_>,
        parts: &[SchemaPart],
        kind: impl FnOnce(Self, &mut Context<'_>) -> TypeKind,
    ) {
        let mut kind = kind(self, context);
        let is_secret = hide_definition(context, parts, &mut kind);
        let data = &self.schema.schema_data;
        let def = context.types.def_mut(self.id);
        def.docs = data.description.clone().or_else(|| data.title.clone());
        def.deprecated = data.deprecated;
        def.nullable |= data.nullable;
        def.default = data.default.as_ref().map(ToString::to_string);
        def.is_secret = is_secret;
        def.kind = kind;
    }

    /// Returns the kind of its schema.
    fn schema(self, context: &mut Context<'_>) -> TypeKind {
        let plain = any_schema(&self.schema.schema_kind);
        let class = classify(&plain);
        let subtypes = match (&class, &self.schema.schema_data.discriminator) {
            (SchemaClass::Struct | SchemaClass::Merge, Some(discriminator))
                if plain.one_of.is_empty() && plain.any_of.is_empty() =>
            {
                union_of_subtypes(context, self.id, discriminator, &plain, self.at)
            }
            _ => None,
        };
        subtypes.unwrap_or_else(|| match class {
            SchemaClass::Merge => self.parts(context, &parts_of(context, &plain, self.at)),
            SchemaClass::Union => self.alternatives(context),
            _ => self.plain(context, &plain, &[Source::new(self.at.pointer)], &[]),
        })
    }

    /// Returns the kind of a schema that is neither a union nor a combination.
    fn plain(
        self,
        context: &mut Context<'_>,
        plain: &AnySchema,
        sources: &[Source],
        titles: &[(Value, String)],
    ) -> TypeKind {
        match classify(plain) {
            SchemaClass::Struct if plain.typ.is_none() && self.is_exact(context) => {
                let schema = AnySchema { typ: Some("object".to_owned()), ..plain.clone() };
                let part = SchemaPart::rest(schema, self.at.pointer, "type");
                union_with_others(context, self.id, vec![part], self.at)
            }
            SchemaClass::Struct => TypeKind::Struct(struct_of(context, self.id, plain, self.at)),
            SchemaClass::Enum => enum_of(context, self.id, (self.schema, titles), plain, self.at),
            _ => TypeKind::Alias(inline(context, plain, sources, self.at)),
        }
    }

    /// Returns the kind of a combination of schemas.
    fn parts(self, context: &mut Context<'_>, parts: &[SchemaPart]) -> TypeKind {
        let leaves = leaves_of(context, parts);
        // Each schema of several is copied to the type.
        let can_copy = |leaf: &Leaf| context.document.copy(&leaf.pointer);
        if leaves.len() > 1 && !leaves.iter().all(can_copy) {
            return TypeKind::Alias(Type::plain(Shape::Json));
        }
        if parts.iter().any(only_nullable) || is_nullable(&leaves) {
            context.types.def_mut(self.id).nullable = true;
        }
        let combined = combine(context, parts, self.at.pointer);
        let is_typed = leaves.iter().any(|leaf| leaf.schema.typ.is_some());
        if matches!(combined, Combined::Struct(_)) && !is_typed && self.is_exact(context) {
            let object = AnySchema { typ: Some("object".to_owned()), ..AnySchema::default() };
            let object = SchemaPart::rest(object, self.at.pointer, "type");
            let parts = parts.iter().cloned().chain([object]).collect();
            return union_with_others(context, self.id, parts, self.at);
        }
        self.combined(context, combined)
    }

    /// Returns whether values of all types are accepted if the schema has none. Values that are not
    /// objects belong to no variant of a union anyway.
    fn is_exact(self, context: &Context<'_>) -> bool {
        let pointer = &context.types.def(self.id).pointer;
        let is_object_of_union = || {
            pointer.ends_with("/properties")
                && context.types.combinations.parts.contains_key(pointer)
        };
        let mut steps = pointer.rsplit('/').skip(1);
        context.config.exact_types
            && !steps.next().is_some_and(|step| matches!(step, "anyOf" | "oneOf"))
            && !is_object_of_union()
    }

    /// Returns the kind of a schema with alternatives, and possibly other keywords.
    fn alternatives(self, context: &mut Context<'_>) -> TypeKind {
        let schema = ReferenceOr::Item(self.schema.clone());
        let whole = SchemaPart::new(schema, self.at.pointer.to_owned());
        let leaves = leaves_of(context, &[whole]);
        let combined = combine_leaves(context, leaves);
        self.combined(context, combined)
    }

    fn combined(self, context: &mut Context<'_>, combined: Combined) -> TypeKind {
        match combined {
            Combined::Same(part) => {
                let at = At { pointer: &part.pointer, ..self.at };
                match &part.schema {
                    ReferenceOr::Item(schema) => Definition { schema, at, ..self }.schema(context),
                    ReferenceOr::Reference { .. } => {
                        TypeKind::Alias(type_of(context, &part.schema, at))
                    }
                }
            }
            Combined::Plain(plain) => {
                if plain.is_open {
                    context.pending.open_enums.insert(self.id);
                }
                let at = At { pointer: &plain.pointer, ..self.at };
                Definition { at, ..self }.plain(
                    context,
                    &plain.schema,
                    &plain.sources,
                    &plain.titles,
                )
            }
            Combined::Struct(members) => {
                TypeKind::Struct(struct_of_members(context, self.id, members, self.at))
            }
            Combined::Union(alternatives) => union_of(context, self.id, *alternatives, self.at),
            Combined::Untyped(shape) => {
                report_contradiction(context, self.at);
                TypeKind::Alias(Type::plain(shape))
            }
            Combined::Excessive => {
                report_excess(context, self.at.pointer);
                TypeKind::Alias(Type::plain(Shape::Json))
            }
        }
    }
}

/// Returns the union of the objects that some schemas describe, and all values that are not objects.
fn union_with_others(
    context: &mut Context<'_>,
    id: TypeId,
    parts: Vec<SchemaPart>,
    at: At<'_>,
) -> TypeKind {
    // The objects get the pointer of the properties, where no other type can be.
    let pointer = child(at.pointer, "properties");
    let suggested = format!("{} object", at.suggested);
    context.types.combinations.parts.insert(pointer.clone(), parts);
    let object = context.type_at(&pointer, &suggested);
    union_of_objects(context, id, object, at)
}

/// Returns the union of the subtypes of a schema with a discriminator, if it has any.
pub(crate) fn union_of_subtypes(
    context: &mut Context<'_>,
    id: TypeId,
    discriminator: &Discriminator,
    schema: &AnySchema,
    at: At<'_>,
) -> Option<TypeKind> {
    let subtypes = context.index.subtypes.descendants(at.pointer);
    if subtypes.is_empty() {
        return None;
    }
    if subtypes.len() > MAX_SUBTYPES {
        let location = Location::Pointer(child(at.pointer, "discriminator"));
        context.diagnostics.report(location, messages::many_subtypes(subtypes.len()));
        return None;
    }
    let parts = match schema.all_of.is_empty() {
        true => vec![SchemaPart::rest(schema.clone(), at.pointer, "discriminator")],
        false => parts_of(context, schema, at),
    };
    // The base type gets the pointer of the discriminator, where no other type can be.
    let pointer = child(at.pointer, "discriminator");
    let suggested = format!("{} base", at.suggested);
    context.types.combinations.parts.insert(pointer.clone(), parts);
    let base = context.type_at(&pointer, &suggested);
    Some(union_with_base(
        context,
        id,
        SubtypeUnion { base, discriminator: discriminator.clone(), subtypes },
        at,
    ))
}

/// Returns a schema without keywords.
fn unconstrained() -> SchemaKind {
    SchemaKind::Any(AnySchema::default())
}
