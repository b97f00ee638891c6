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
            if let Some(same) = variants.iter().position(|variant| variant.ty == ty) {
                if keyword == "oneOf" {
                    let message = format!(
                        "variants {} and {} are the same, and `oneOf` wants exactly one of them: no value fits",
                        same + 1,
                        i + 1
                    );
                    self.diagnostics.error(
                        &code::AMBIGUOUS_UNION,
                        Place::Pointer(at_member),
                        message,
                    );
                }
                continue;
            }
            let name = self.variant_name(id, &ty);
            variants.push(Variant { name: scope.free_type(&name), ty, boxed: false });
            targets.push(match member {
                ReferenceOr::Reference { reference } => local_pointer(reference),
                ReferenceOr::Item(_) => None,
            });
        }
        if let [only] = variants.as_slice() {
            return TypeKind::Alias(only.ty.clone());
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

    /// The name of a variant's type, without the union's own name in front.
    fn variant_name(&mut self, id: TypeId, ty: &Type) -> TypeName {
        let union = self.types.def(id).name.0.clone();
        let (key, derived) = match &ty.shape {
            Shape::Named(id) => (self.upstream_name(*id), self.types.def(*id).name.0.clone()),
            shape => (shape_name(shape).to_owned(), shape_name(shape).to_owned()),
        };
        if let Some(chosen) = self.names.variants.get(&format!("{}.{key}", self.upstream_name(id)))
        {
            return TypeName(chosen.to_owned());
        }
        let short = derived
            .strip_prefix(&union)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        type_name(short.unwrap_or(&derived))
    }
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
        Shape::Json | Shape::Named(_) => "Json",
        Shape::JsonObject => "Object",
        Shape::List(_) => "List",
        Shape::Map(_) => "Map",
    }
}
