//! `oneOf` and `anyOf`: the variants of a union. How the variant of a value is decided is
//! settled in `decide`, when all types are known.

use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema};

use super::Lower;
use super::naming::{Scope, type_name};
use super::schema::At;
use crate::diagnostic::{Place, code};
use crate::ir::{Decision, Shape, Type, TypeId, TypeKind, TypeName, Union, Variant};
use crate::resolve::local_pointer;
use crate::source::child;

/// A union whose variants are known and whose decision is not.
pub(super) struct Undecided {
    pub(super) id: TypeId,
    pub(super) pointer: String,
    pub(super) discriminator: Option<Discriminator>,
    /// The place of each variant's schema, for discriminators that name it.
    pub(super) targets: Vec<Option<String>>,
}

impl Lower<'_> {
    pub(super) fn union(
        &mut self,
        id: TypeId,
        schema: &Schema,
        plain: &AnySchema,
        at: At<'_>,
    ) -> TypeKind {
        let (keyword, members) = match plain.one_of.as_slice() {
            [] => ("anyOf", &plain.any_of),
            _ => ("oneOf", &plain.one_of),
        };
        let pointer = child(at.pointer, keyword);
        let mut variants: Vec<Variant> = Vec::new();
        let mut targets = Vec::new();
        let mut scope = Scope::new();
        for (i, member) in members.iter().enumerate() {
            let at_member = child(&pointer, i);
            let title = member.as_item().and_then(|schema| schema.schema_data.title.as_deref());
            let suggested = title.map_or_else(
                || format!("{} {}", at.suggested, i + 1),
                |title| format!("{} {title}", at.suggested),
            );
            let ty = self.type_of(member, At { pointer: &at_member, suggested: &suggested });
            if variants.iter().any(|variant| variant.ty == ty) {
                // Texts of two formats are one type in Rust, and yet two variants.
                let earlier =
                    members.iter().take(i).position(|earlier| accept_the_same(earlier, member));
                if let (Some(earlier), "oneOf") = (earlier, keyword) {
                    let message = format!(
                        "variants {} and {} are the same, and `oneOf` wants exactly one of them: no value fits",
                        earlier + 1,
                        i + 1
                    );
                    let place = Place::Pointer(at_member);
                    self.diagnostics.error(&code::AMBIGUOUS_UNION, place, message);
                }
                continue;
            }
            let name = self.variant_name(id, &ty, &mut scope);
            variants.push(Variant { name, ty, boxed: false });
            targets.push(match member {
                ReferenceOr::Reference { reference } => local_pointer(reference),
                ReferenceOr::Item(_) => None,
            });
        }
        if let [only] = variants.as_slice() {
            return TypeKind::Alias(only.ty.clone());
        }
        if let Some(discriminator) = &schema.schema_data.discriminator {
            self.check_mapping(discriminator, &targets, at);
        }
        self.undecided.push(Undecided {
            id,
            pointer,
            discriminator: schema.schema_data.discriminator.clone(),
            targets,
        });
        let other = ["Unknown", "Other", "Unrecognized"].iter().find(|name| scope.take(name));
        let other = other.map_or_else(|| scope.free("Unknown"), |name| (*name).to_owned());
        TypeKind::Union(Union {
            variants,
            decision: Decision::default(),
            other: Some(TypeName(other)),
        })
    }

    /// Every value of a mapping leads to a variant.
    fn check_mapping(
        &mut self,
        discriminator: &Discriminator,
        targets: &[Option<String>],
        at: At<'_>,
    ) {
        let mapping = child(&child(at.pointer, "discriminator"), "mapping");
        for (value, target) in &discriminator.mapping {
            if !targets.contains(&Some(mapped_pointer(target))) {
                let message =
                    format!("`{value}` leads to `{target}`, which is none of the variants");
                let place = Place::Pointer(child(&mapping, value));
                self.diagnostics.error(&code::BAD_DISCRIMINATOR, place, message);
            }
        }
    }

    /// The name of a variant's type, without the union's own name in front.
    fn variant_name(&mut self, id: TypeId, ty: &Type, scope: &mut Scope) -> TypeName {
        let union = self.types.def(id).name.0.clone();
        let (key, derived) = match &ty.shape {
            Shape::Named(id) => (self.upstream_name(*id), self.types.def(*id).name.0.clone()),
            shape => (shape_name(shape).to_owned(), shape_name(shape).to_owned()),
        };
        let short = derived
            .strip_prefix(&union)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        let short = type_name(short.unwrap_or(&derived));
        let key = format!("{}.{key}", self.upstream_name(id));
        TypeName(self.names.variants.name(&key, scope, &short.0, self.diagnostics))
    }
}

/// Whether two schemas are written alike, but for what they say of themselves.
fn accept_the_same(a: &ReferenceOr<Schema>, b: &ReferenceOr<Schema>) -> bool {
    match (a, b) {
        (ReferenceOr::Item(a), ReferenceOr::Item(b)) => a.schema_kind == b.schema_kind,
        _ => a == b,
    }
}

/// Where a value of a discriminator's mapping leads: a reference, or the name of a schema.
pub(super) fn mapped_pointer(target: &str) -> String {
    local_pointer(target).unwrap_or_else(|| child("/components/schemas", target))
}

/// What a variant is called whose type has no name.
fn shape_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::String => "String",
        Shape::Timestamp => "Timestamp",
        Shape::Date => "Date",
        Shape::Boolean => "Boolean",
        Shape::Int32 | Shape::Int64 | Shape::Uint64 => "Integer",
        Shape::Number => "Number",
        Shape::Blob => "File",
        Shape::Json | Shape::Named(_) => "Json",
        Shape::JsonObject => "Object",
        Shape::List(_) => "List",
        Shape::Map(_) => "Map",
    }
}
