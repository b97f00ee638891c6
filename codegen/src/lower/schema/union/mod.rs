//! `oneOf` and `anyOf`: the variants of a union. A pass decides the variant of a value later, when
//! all types are known.
//!
//! | module | responsibility |
//! |---|---|
//! | `impossible` | variants that no value matches |
//! | `names` | names of variants whose types have no name |

mod impossible;
mod names;

use crate::diagnostics::{Location, messages};
use crate::ir::{Decision, Shape, Type, TypeId, TypeKind, TypeName, Union, Variant};
use crate::lower::context::combinations::SchemaPart;
use crate::lower::context::pending::PendingUnion;
use crate::lower::context::state::Context;
use crate::lower::schema::all_of::{leaves_of, report_excess};
use crate::lower::schema::at::At;
use crate::lower::schema::classify::{any_schema, is_string_enum};
use crate::lower::schema::combine::{Alternatives, Combined, combine_leaves};
use crate::lower::schema::enums::{configured_name, unknown_variant};
use crate::lower::schema::type_of::{type_of, type_of_parts};
use crate::lower::schema::union::impossible::is_impossible;
use crate::lower::schema::union::names::{
    inline_name, inline_schemas, plural_name, shape_name, title_of,
};
use crate::names::{Scope, type_name};
use crate::select::local_pointer;
use crate::text::child;
use openapiv3::{Discriminator, ReferenceOr, Schema};

/// The values of a schema with a discriminator and subtypes.
pub(crate) struct SubtypeUnion {
    /// The type of its own objects.
    pub(crate) base: TypeId,
    pub(crate) discriminator: Discriminator,
    /// The pointers of its subtypes.
    pub(crate) subtypes: Vec<String>,
}

/// Returns a union. Each variant is combined with the schemas next to the alternatives.
pub(crate) fn union_of(
    context: &mut Context<'_>,
    id: TypeId,
    alternatives: Alternatives,
    at: At<'_>,
) -> TypeKind {
    let Alternatives { keyword, members, discriminator, pointer, siblings } = alternatives;
    let own_pointer = context.types.def(id).pointer.clone();
    let combinations = &context.types.combinations;
    if !siblings.is_empty() && !combinations.can_distribute(&own_pointer) {
        report_excess(context, at.pointer);
        return TypeKind::Alias(Type::plain(Shape::Json));
    }
    let union_pointer = pointer;
    let pointer = child(&union_pointer, keyword);
    let mut variants: Vec<Variant> = Vec::new();
    let mut targets = Vec::new();
    let mut scope = Scope::new();
    let possible: Vec<bool> = members
        .iter()
        .enumerate()
        .map(|(i, member)| {
            let parts = parts_with(&siblings, member, &child(&pointer, i));
            // A single schema without `allOf` does not contradict itself.
            let is_single = siblings.is_empty() && !has_all_of(member);
            is_single || !is_impossible(context, &parts)
        })
        .collect();
    // If no variant is possible, the document means something else.
    let possible = Some(possible).filter(|possible| possible.contains(&true));
    let inline = inline_schemas(&members);
    for (i, member) in members.iter().enumerate() {
        let at_member = child(&pointer, i);
        let suggested = match member {
            ReferenceOr::Reference { reference } => reference.rsplit('/').next().map(str::to_owned),
            ReferenceOr::Item(schema) => {
                let name = || inline_name(&any_schema(&schema.schema_kind), &inline);
                schema.schema_data.title.clone().or_else(name)
            }
        };
        let suggested = suggested.unwrap_or_else(|| (i + 1).to_string());
        let suggested = format!("{} {suggested}", at.suggested);
        let parts = parts_with(&siblings, member, &at_member);
        if possible.as_ref().is_some_and(|possible| !possible[i]) {
            let message = messages::impossible_variant(i + 1, keyword);
            context.diagnostics.report(Location::Pointer(at_member), message);
            continue;
        }
        let ty = if siblings.is_empty() {
            type_of(context, member, At { pointer: &at_member, suggested: &suggested })
        } else {
            let pointer = child(&child(at.pointer, keyword), i);
            let at = At { pointer: &pointer, suggested: &suggested };
            let ty = type_of_parts(context, parts, at);
            if let Shape::Named(variant) = ty.shape {
                context.types.distributed(&own_pointer, variant);
            }
            ty
        };
        if variants.iter().any(|variant| variant.ty == ty) {
            // Strings of two formats have the same Rust type, but they are not duplicates.
            let earlier =
                members.iter().take(i).position(|earlier| accept_same_values(earlier, member));
            if let (Some(earlier), "oneOf") = (earlier, keyword) {
                let message = messages::duplicate_variant(earlier + 1, i + 1);
                context.diagnostics.report(Location::Pointer(at_member), message);
            }
            continue;
        }
        // Named when all are known, since a name depends on the others.
        let name = TypeName(title_of(member).unwrap_or_default());
        variants.push(Variant { name, ty, boxed: false });
        targets.push(match member {
            ReferenceOr::Reference { reference } => local_pointer(reference),
            ReferenceOr::Item(_) => None,
        });
    }
    name_variants(context, id, &mut variants, &mut scope);
    if let [only] = variants.as_slice() {
        return TypeKind::Alias(only.ty.clone());
    }
    if let Some(open) = open_enum(context, &variants) {
        return TypeKind::Alias(open);
    }
    if let Some(discriminator) = &discriminator {
        check_mapping(context, discriminator, &targets, &union_pointer);
    }
    context.pending.unions.push(PendingUnion {
        id,
        pointer,
        discriminator,
        targets,
        has_base: false,
    });
    let other = Some(unknown_variant(&mut scope));
    TypeKind::Union(Union { variants, decision: Decision::default(), other })
}

fn has_all_of(member: &ReferenceOr<Schema>) -> bool {
    member.as_item().is_some_and(|schema| !any_schema(&schema.schema_kind).all_of.is_empty())
}

/// Returns the schemas of a variant.
fn parts_with(
    siblings: &[SchemaPart],
    member: &ReferenceOr<Schema>,
    pointer: &str,
) -> Vec<SchemaPart> {
    let own = SchemaPart::new(member.clone(), pointer.to_owned());
    siblings.iter().cloned().chain([own]).collect()
}

/// Returns the union of the subtypes of a schema, and of its own objects.
pub(crate) fn union_with_base(
    context: &mut Context<'_>,
    id: TypeId,
    values: SubtypeUnion,
    at: At<'_>,
) -> TypeKind {
    let mut scope = Scope::new();
    let mut variants = Vec::new();
    let mut targets = Vec::new();
    let pointers = values.subtypes.into_iter().map(Some).chain([None]);
    for pointer in pointers {
        let variant = match &pointer {
            Some(pointer) => context.type_at(pointer, at.suggested),
            None => values.base,
        };
        let ty = Type::plain(Shape::Named(variant));
        let name = variant_name(context, id, &ty, None, &mut scope);
        variants.push(Variant { name, ty, boxed: false });
        targets.push(Some(pointer.unwrap_or_else(|| at.pointer.to_owned())));
    }
    context.pending.unions.push(PendingUnion {
        id,
        pointer: child(at.pointer, "discriminator"),
        discriminator: Some(values.discriminator),
        targets,
        has_base: true,
    });
    TypeKind::Union(Union { variants, decision: Decision::default(), other: None })
}

/// Returns the union of a type of objects and all other values.
pub(crate) fn union_of_objects(
    context: &mut Context<'_>,
    id: TypeId,
    object: TypeId,
    at: At<'_>,
) -> TypeKind {
    let mut scope = Scope::new();
    let ty = Type::plain(Shape::Named(object));
    let name = variant_name(context, id, &ty, None, &mut scope);
    context.pending.unions.push(PendingUnion {
        id,
        pointer: at.pointer.to_owned(),
        discriminator: None,
        targets: vec![None],
        has_base: false,
    });
    let other = Some(unknown_variant(&mut scope));
    let variants = vec![Variant { name, ty, boxed: false }];
    TypeKind::Union(Union { variants, decision: Decision::default(), other })
}

/// Returns the enum if the variants are a string and an enum of strings: it accepts any string.
fn open_enum(context: &mut Context<'_>, variants: &[Variant]) -> Option<Type> {
    let is_string =
        |ty: &Type| ty.shape == Shape::String && ty.constraints.is_empty() && !ty.nullable;
    let (strings, others): (Vec<&Variant>, Vec<&Variant>) =
        variants.iter().partition(|variant| is_string(&variant.ty));
    match (strings.as_slice(), others.as_slice()) {
        ([_], [only]) if is_string_enum_type(context, &only.ty) => {
            open(context, &only.ty);
            Some(only.ty.clone())
        }
        _ => None,
    }
}

/// Makes an enum accept any string. The type may not be defined yet, or be an alias.
fn open(context: &mut Context<'_>, ty: &Type) {
    if let Shape::Named(id) = ty.shape {
        context.pending.open_enums.insert(id);
    }
}

/// Returns whether the schema of a type is an enum of strings. The type may not be defined yet.
fn is_string_enum_type(context: &mut Context<'_>, ty: &Type) -> bool {
    let Shape::Named(id) = ty.shape else { return false };
    let pointer = context.types.def(id).pointer.clone();
    let Some(Ok(schema)) = context.document.typed::<ReferenceOr<Schema>>(&pointer) else {
        return false;
    };
    let leaves = leaves_of(context, &[SchemaPart::new(schema, pointer)]);
    matches!(combine_leaves(context, leaves), Combined::Plain(plain) if is_string_enum(&plain.schema))
}

/// Reports mapped values that select no variant.
fn check_mapping(
    context: &mut Context<'_>,
    discriminator: &Discriminator,
    targets: &[Option<String>],
    pointer: &str,
) {
    let mapping = child(&child(pointer, "discriminator"), "mapping");
    for (value, target) in &discriminator.mapping {
        if !targets.contains(&Some(mapped_pointer(target))) {
            let location = Location::Pointer(child(&mapping, value));
            context.diagnostics.report(location, messages::invalid_mapping_target(value, target));
        }
    }
}

/// Names the variants; their names are the titles of their schemas so far.
fn name_variants(
    context: &mut Context<'_>,
    id: TypeId,
    variants: &mut [Variant],
    scope: &mut Scope,
) {
    for i in 0..variants.len() {
        let title = std::mem::take(&mut variants[i].name.0);
        let ty = variants[i].ty.clone();
        let name = shape_name(&ty.shape);
        let is_shared = |other: &Variant| {
            !matches!(other.ty.shape, Shape::Named(_)) && shape_name(&other.ty.shape) == name
        };
        let unnamed = match &ty.shape {
            Shape::Named(_) => None,
            _ if !title.is_empty() => Some(title),
            shape if variants.iter().filter(|other| is_shared(other)).count() > 1 => {
                Some(plural_name(context, shape))
            }
            _ => None,
        };
        variants[i].name = variant_name(context, id, &ty, unnamed, scope);
    }
}

/// Returns the name of a variant: that of its type, without the name of the union as a prefix, or
/// another one if its type has no name.
fn variant_name(
    context: &mut Context<'_>,
    id: TypeId,
    ty: &Type,
    unnamed: Option<String>,
    scope: &mut Scope,
) -> TypeName {
    let union = context.types.def(id).name.0.clone();
    let (key, derived) = match (&ty.shape, unnamed) {
        (Shape::Named(id), _) => {
            (configured_name(context, *id), context.types.def(*id).name.0.clone())
        }
        (_, Some(name)) => (type_name(&name).0, type_name(&name).0),
        (shape, None) => (shape_name(shape).to_owned(), shape_name(shape).to_owned()),
    };
    let short = derived
        .strip_prefix(&union)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let short = type_name(short.unwrap_or(&derived));
    let key = format!("{}.{key}", configured_name(context, id));
    TypeName(context.options.variants.name(&key, scope, &short.0, context.diagnostics))
}

/// Returns whether two schemas are equal except for annotations.
fn accept_same_values(a: &ReferenceOr<Schema>, b: &ReferenceOr<Schema>) -> bool {
    match (a, b) {
        (ReferenceOr::Item(a), ReferenceOr::Item(b)) => a.schema_kind == b.schema_kind,
        _ => a == b,
    }
}

/// Returns the pointer of a mapping's target: a reference, or the name of a schema.
pub(crate) fn mapped_pointer(target: &str) -> String {
    local_pointer(target).unwrap_or_else(|| child("/components/schemas", target))
}
