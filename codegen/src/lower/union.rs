//! `oneOf` and `anyOf`: the variants of a union. How the variant of a value is decided is
//! settled in `decide`, when all types are known.

use openapiv3::{Discriminator, ReferenceOr, Schema};

use super::Lower;
use super::all_of::{Alternatives, Combined, Part};
use super::form::{is_text_enum, plain};
use super::schema::At;
use crate::diagnostics::{Location, messages};
use crate::ir::{Decision, Shape, Type, TypeId, TypeKind, TypeName, Union, Variant};
use crate::names::{Scope, type_name};
use crate::select::local_pointer;
use crate::text::child;

/// A union whose variants are known and whose decision is not.
pub(super) struct Undecided {
    pub(super) id: TypeId,
    pub(super) pointer: String,
    pub(super) discriminator: Option<Discriminator>,
    /// The place of each variant's schema, for discriminators that name it.
    pub(super) targets: Vec<Option<String>>,
    /// Whether the last variant takes what the discriminator does not tell.
    pub(super) has_base: bool,
}

/// What is made from a schema with a discriminator.
pub(super) struct Heirs {
    /// The type of its own objects.
    pub(super) base: TypeId,
    pub(super) discriminator: Discriminator,
    /// The places of the schemas that are made from it.
    pub(super) heirs: Vec<String>,
}

impl Lower<'_> {
    /// A union, each variant of which has what stands beside the alternatives, too.
    pub(super) fn union_of(
        &mut self,
        id: TypeId,
        alternatives: Alternatives,
        at: At<'_>,
    ) -> TypeKind {
        let Alternatives { keyword, members, discriminator, pointer, besides } = alternatives;
        let of_union = pointer;
        let pointer = child(&of_union, keyword);
        let mut variants: Vec<Variant> = Vec::new();
        let mut targets = Vec::new();
        let mut scope = Scope::new();
        for (i, member) in members.iter().enumerate() {
            let at_member = child(&pointer, i);
            let suggested = match member {
                ReferenceOr::Reference { reference } => {
                    reference.rsplit('/').next().map(str::to_owned)
                }
                ReferenceOr::Item(schema) => {
                    schema.schema_data.title.clone().or_else(|| of_enum(schema))
                }
            };
            let suggested = suggested.unwrap_or_else(|| (i + 1).to_string());
            let suggested = format!("{} {suggested}", at.suggested);
            let ty = if besides.is_empty() {
                self.type_of(member, At { pointer: &at_member, suggested: &suggested })
            } else {
                let mut parts = besides.clone();
                parts.push(Part::new(member.clone(), at_member.clone()));
                let pointer = child(&child(at.pointer, keyword), i);
                self.type_of_parts(parts, At { pointer: &pointer, suggested: &suggested })
            };
            if variants.iter().any(|variant| variant.ty == ty) {
                // Texts of two formats are one type in Rust, and yet two variants.
                let earlier =
                    members.iter().take(i).position(|earlier| accept_the_same(earlier, member));
                if let (Some(earlier), "oneOf") = (earlier, keyword) {
                    let message = messages::duplicate_variant(earlier + 1, i + 1);
                    self.diagnostics.report(Location::Pointer(at_member), message);
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
        if let Some(open) = self.open_enum(&variants) {
            return TypeKind::Alias(open);
        }
        if let Some(discriminator) = &discriminator {
            self.check_mapping(discriminator, &targets, &of_union);
        }
        self.pending.unions.push(Undecided {
            id,
            pointer,
            discriminator,
            targets,
            has_base: false,
        });
        let other = ["Unknown", "Other", "Unrecognized"].iter().find(|name| scope.take(name));
        let other = other.map_or_else(|| scope.free("Unknown"), |name| (*name).to_owned());
        TypeKind::Union(Union {
            variants,
            decision: Decision::default(),
            other: Some(TypeName(other)),
        })
    }

    /// A union of the schemas that are made from another one, and of the objects of that.
    pub(super) fn union_with_base(&mut self, id: TypeId, heirs: Heirs, at: At<'_>) -> TypeKind {
        let mut scope = Scope::new();
        let mut variants = Vec::new();
        let mut targets = Vec::new();
        let places = heirs.heirs.into_iter().map(Some).chain([None]);
        for place in places {
            let of = match &place {
                Some(place) => self.types.at(place, at.suggested, self.diagnostics),
                None => heirs.base,
            };
            let ty = Type::plain(Shape::Named(of));
            let name = self.variant_name(id, &ty, &mut scope);
            variants.push(Variant { name, ty, boxed: false });
            targets.push(Some(place.unwrap_or_else(|| at.pointer.to_owned())));
        }
        self.pending.unions.push(Undecided {
            id,
            pointer: child(at.pointer, "discriminator"),
            discriminator: Some(heirs.discriminator),
            targets,
            has_base: true,
        });
        TypeKind::Union(Union { variants, decision: Decision::default(), other: None })
    }

    /// The enum among a text and an enum of texts: it takes any text as it is.
    fn open_enum(&mut self, variants: &[Variant]) -> Option<Type> {
        let is_text =
            |ty: &Type| ty.shape == Shape::String && ty.constraints.is_empty() && !ty.nullable;
        let (texts, others): (Vec<&Variant>, Vec<&Variant>) =
            variants.iter().partition(|variant| is_text(&variant.ty));
        match (texts.as_slice(), others.as_slice()) {
            ([_], [only]) if self.is_text_enum(&only.ty) => Some(only.ty.clone()),
            _ => None,
        }
    }

    /// Whether the schema of a type is an enum of texts. It may not have been read yet.
    fn is_text_enum(&mut self, ty: &Type) -> bool {
        let Shape::Named(id) = ty.shape else { return false };
        let pointer = self.types.def(id).pointer.clone();
        let Some(Ok(schema)) = self.document.typed::<ReferenceOr<Schema>>(&pointer) else {
            return false;
        };
        let leaves = self.leaves(&[Part::new(schema, pointer)]);
        matches!(self.combined_leaves(leaves), Combined::Plain(schema, _) if is_text_enum(&schema))
    }

    /// Every value of a mapping should lead to a variant.
    fn check_mapping(
        &mut self,
        discriminator: &Discriminator,
        targets: &[Option<String>],
        pointer: &str,
    ) {
        let mapping = child(&child(pointer, "discriminator"), "mapping");
        for (value, target) in &discriminator.mapping {
            if !targets.contains(&Some(mapped_pointer(target))) {
                let location = Location::Pointer(child(&mapping, value));
                self.diagnostics.report(location, messages::invalid_mapping_target(value, target));
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

/// What an enum without a name of its own is called among alternatives.
fn of_enum(schema: &Schema) -> Option<String> {
    let schema = plain(&schema.schema_kind);
    match schema.typ.as_deref() {
        _ if schema.enumeration.is_empty() => None,
        Some("string") => Some("string".to_owned()),
        Some("integer") => Some("integer".to_owned()),
        _ => None,
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
