//! Uses of types: a property, a parameter, an element of an array.

use super::constraints::compare_constraints;
use super::constraints::together;
use super::site::{Site, Step};
use super::walker::Walker;
use crate::ir::{Api, Constraints, Literals, Shape, Tuple, Type, TypeDef, TypeId, TypeKind, Union};
use crate::pipeline::diff::table::{ChangeKind, kinds};

/// How the values of a new type relate to those of the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Same,
    Wider,
    Narrower,
    Other,
}

/// A type without aliases.
struct Flat<'a> {
    shape: &'a Shape,
    /// The definition of a named type, which is not an alias.
    def: Option<(TypeId, &'a TypeDef)>,
    constraints: Constraints,
}

/// Compares two uses of types.
pub(super) fn compare_use(walker: &mut Walker<'_>, site: &Site<'_>, old: &Type, new: &Type) {
    compare_null(walker, site, old, new);
    if walker.old.hides(old) != walker.new.hides(new) {
        let predicate = if new.is_secret { "is secret" } else { "is not secret any more" };
        walker.quietly(|walker| walker.report(kinds::SECRET_CHANGED, site, predicate));
    }
    if let (Shape::Named(a), Shape::Named(b)) = (&old.shape, &new.shape) {
        let known = is_same_name(walker, *a, *b);
        walker.pair(*a, *b);
        if !known {
            let (old, new) = (&walker.old.def(*a).name.0, &walker.new.def(*b).name.0);
            let predicate = format!("has the type `{new}` instead of `{old}`");
            walker.quietly(|walker| walker.report(kinds::TYPE_REPLACED, site, &predicate));
        }
        compare_constraints(walker, site, &old.constraints, &new.constraints);
        return;
    }
    compare_flat(walker, site, old, new);
}

/// Compares two types whose aliases are followed.
pub(super) fn compare_flat(walker: &mut Walker<'_>, site: &Site<'_>, old: &Type, new: &Type) {
    let (old, new) = (flat(walker.old, old), flat(walker.new, new));
    match (old.shape, new.shape) {
        (Shape::List(a), Shape::List(b)) => compare_use(walker, &site.part(Step::Items), a, b),
        (Shape::Map(a), Shape::Map(b)) => compare_use(walker, &site.part(Step::Values), a, b),
        (Shape::Tuple(a), Shape::Tuple(b)) => compare_tuples(walker, site, a, b),
        (Shape::Named(a), Shape::Named(b)) => walker.pair(*a, *b),
        _ => {
            compare_shapes(walker, site, &old, &new);
            // Constraints of different types mean different things.
            if relation(&old, &new) != Relation::Same {
                return;
            }
        }
    }
    compare_constraints(walker, site, &old.constraints, &new.constraints);
}

fn compare_null(walker: &mut Walker<'_>, site: &Site<'_>, old: &Type, new: &Type) {
    let is_nullable = [allows_null(walker.old, old), allows_null(walker.new, new)];
    // What the definitions of both allow is reported there.
    if let (Shape::Named(a), Shape::Named(b)) = (&old.shape, &new.shape) {
        let of = |api: &Api, id: &TypeId| allows_null(api, &Type::plain(Shape::Named(*id)));
        if [of(walker.old, a), of(walker.new, b)] == is_nullable {
            return;
        }
    }
    report_null(walker, site, is_nullable);
}

/// Adds a change of whether `null` is allowed.
pub(super) fn report_null(walker: &mut Walker<'_>, site: &Site<'_>, is_nullable: [bool; 2]) {
    match is_nullable {
        [false, true] => walker.report(kinds::NULLABLE, site, "may be `null`"),
        [true, false] => walker.report(kinds::NOT_NULLABLE, site, "may no longer be `null`"),
        _ => {}
    }
}

fn compare_tuples(walker: &mut Walker<'_>, site: &Site<'_>, old: &Tuple, new: &Tuple) {
    let lengths = |tuple: &Tuple| (tuple.items.len(), tuple.optional.len());
    if lengths(old) != lengths(new) || old.rest.is_some() != new.rest.is_some() {
        return walker.report(kinds::TYPE_CHANGED, site, "has other elements");
    }
    for (index, (a, b)) in old.types().zip(new.types()).enumerate() {
        compare_use(walker, &site.part(Step::Element(index)), a, b);
    }
}

/// Compares two types of different shape.
fn compare_shapes(walker: &mut Walker<'_>, site: &Site<'_>, old: &Flat<'_>, new: &Flat<'_>) {
    let relation = relation_with_unions(walker, old, new);
    let kind: &'static ChangeKind = match relation {
        Relation::Same if old.shape == new.shape => return,
        Relation::Same => kinds::TYPE_REPLACED,
        Relation::Wider => kinds::TYPE_WIDENED,
        Relation::Narrower => kinds::TYPE_NARROWED,
        Relation::Other => kinds::TYPE_CHANGED,
    };
    let predicate = format!(
        "changes its type from {} to {}",
        described(walker.old, old.shape),
        described(walker.new, new.shape)
    );
    walker.report(kind, site, &predicate);
}

/// Returns how two types relate. A union contains its variants.
fn relation_with_unions(walker: &mut Walker<'_>, old: &Flat<'_>, new: &Flat<'_>) -> Relation {
    if let Some((_, TypeDef { kind: TypeKind::Union(union), .. })) = new.def
        && let Some(found) = variant_like(union, walker.new, old, walker.old)
    {
        if let (Some((a, _)), Some((b, _))) = (old.def, found) {
            walker.pair(a, b);
        }
        return Relation::Wider;
    }
    if let Some((_, TypeDef { kind: TypeKind::Union(union), .. })) = old.def
        && let Some(found) = variant_like(union, walker.old, new, walker.new)
    {
        if let (Some((a, _)), Some((b, _))) = (found, new.def) {
            walker.pair(a, b);
        }
        return Relation::Narrower;
    }
    relation(old, new)
}

/// Returns whether two types have the same name, or one is renamed.
pub(super) fn is_same_name(walker: &Walker<'_>, old: TypeId, new: TypeId) -> bool {
    let (a, b) = (walker.old.def(old), walker.new.def(new));
    a.name == b.name || is_renamed(walker, a, b)
}

/// Returns whether a type has another name now: neither API has both names.
pub(super) fn is_renamed(walker: &Walker<'_>, old: &TypeDef, new: &TypeDef) -> bool {
    old.name != new.name && !walker.has_name(1, old) && !walker.has_name(0, new)
}

/// Returns the definition of the variant that is like a type of the other API, if there is one.
fn variant_like<'a>(
    union: &'a Union,
    api: &'a Api,
    other: &Flat<'_>,
    other_api: &Api,
) -> Option<Option<(TypeId, &'a TypeDef)>> {
    let shown = described(other_api, other.shape);
    let found = union.variants.iter().map(|variant| flat(api, &variant.ty)).find(|flat| {
        match (flat.def, other.def) {
            (Some((_, a)), Some((_, b))) => is_same_def(a, b),
            (None, None) => described(api, flat.shape) == shown,
            _ => false,
        }
    });
    found.map(|flat| flat.def)
}

/// Returns whether two definitions are the same one in two documents.
pub(super) fn is_same_def(old: &TypeDef, new: &TypeDef) -> bool {
    match (&old.schema_name, &new.schema_name) {
        (Some(a), Some(b)) => a == b,
        _ => old.name == new.name || old.pointer == new.pointer,
    }
}

/// Follows the aliases of a type.
fn flat<'a>(api: &'a Api, ty: &'a Type) -> Flat<'a> {
    let (mut at, mut all) = (ty, vec![&*ty.constraints]);
    // Aliases can form a cycle; no chain is longer than the list of types.
    for _ in 0..=api.types.len() {
        let Shape::Named(id) = &at.shape else { break };
        let def = api.def(*id);
        match &def.kind {
            TypeKind::Alias(target) => {
                at = target;
                all.push(&target.constraints);
            }
            _ => {
                return Flat {
                    shape: &at.shape,
                    def: Some((*id, def)),
                    constraints: together(all),
                };
            }
        }
    }
    Flat { shape: &at.shape, def: None, constraints: together(all) }
}

/// Returns whether a type allows `null` itself, and not only as a variant of a union.
pub(super) fn allows_null(api: &Api, ty: &Type) -> bool {
    let mut at = ty;
    // Aliases can form a cycle; no chain is longer than the list of types.
    for _ in 0..=api.types.len() {
        if at.nullable {
            return true;
        }
        let Shape::Named(id) = &at.shape else { return false };
        let def = api.def(*id);
        match &def.kind {
            _ if def.nullable => return true,
            TypeKind::Alias(target) => at = target,
            _ => return false,
        }
    }
    false
}

/// What values a type has, as far as it is compared with another type.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Set {
    Any,
    AnyObject,
    Object,
    AnyArray,
    Number,
    /// From and up to.
    Integers(i128, i128),
    AnyString,
    /// Some strings. The number distinguishes the formats.
    Strings(u8),
    Boolean,
    Blob,
    Other,
}

fn set(flat: &Flat<'_>) -> Set {
    match (flat.shape, flat.def.map(|(_, def)| &def.kind)) {
        (_, Some(TypeKind::Struct(_))) => Set::Object,
        (_, Some(TypeKind::Enum(of))) if of.literals == Literals::Integers => {
            let values = of.values.iter().filter_map(|value| value.wire.parse().ok());
            let values: Vec<i128> = values.collect();
            let limit = |value: Option<&i128>| value.copied().unwrap_or_default();
            Set::Integers(limit(values.iter().min()), limit(values.iter().max()))
        }
        (_, Some(TypeKind::Enum(of))) if of.is_open => Set::AnyString,
        (_, Some(TypeKind::Enum(_))) => Set::Strings(0),
        (Shape::String, _) => Set::AnyString,
        (Shape::Timestamp, _) => Set::Strings(1),
        (Shape::Date, _) => Set::Strings(2),
        (Shape::Base64, _) => Set::Strings(3),
        (Shape::Base64Url, _) => Set::Strings(4),
        (Shape::Boolean, _) => Set::Boolean,
        (Shape::Integer(integer), _) => {
            let (from, to) = integer.limits();
            Set::Integers(from, to)
        }
        (Shape::Number, _) => Set::Number,
        (Shape::Json, _) => Set::Any,
        (Shape::JsonObject, _) => Set::AnyObject,
        (Shape::Map(_), _) => Set::Object,
        (Shape::List(item), _) if item.shape == Shape::Json => Set::AnyArray,
        (Shape::Blob, _) => Set::Blob,
        _ => Set::Other,
    }
}

/// Returns how two types of different shape relate.
fn relation(old: &Flat<'_>, new: &Flat<'_>) -> Relation {
    let (a, b) = (set(old), set(new));
    let is_array = |flat: &Flat<'_>| matches!(flat.shape, Shape::List(_) | Shape::Tuple(_));
    match (a, b) {
        _ if old.shape == new.shape && old.def.is_none() && new.def.is_none() => Relation::Same,
        (Set::AnyString, Set::AnyString) => Relation::Same,
        (Set::Integers(a, b), Set::Integers(c, d)) if c <= a && b <= d => Relation::Wider,
        (Set::Integers(a, b), Set::Integers(c, d)) if a <= c && d <= b => Relation::Narrower,
        (Set::Integers(..), Set::Number) | (Set::Strings(_), Set::AnyString) => Relation::Wider,
        (Set::Number, Set::Integers(..)) | (Set::AnyString, Set::Strings(_)) => Relation::Narrower,
        (Set::Object, Set::AnyObject) => Relation::Wider,
        (Set::AnyObject, Set::Object) => Relation::Narrower,
        (_, Set::AnyArray) if is_array(old) => Relation::Wider,
        (Set::AnyArray, _) if is_array(new) => Relation::Narrower,
        (Set::Blob, _) | (_, Set::Blob) => Relation::Other,
        (_, Set::Any) => Relation::Wider,
        (Set::Any, _) => Relation::Narrower,
        _ => Relation::Other,
    }
}

/// Describes a type in a sentence.
fn described(api: &Api, shape: &Shape) -> String {
    described_within(api, shape, 0)
}

/// Describes a type, down to a depth: aliases may form a circle.
fn described_within(api: &Api, shape: &Shape, depth: usize) -> String {
    let inner = |ty: &Type| match depth {
        0..8 => described_within(api, &ty.shape, depth + 1),
        _ => "values".to_owned(),
    };
    match shape {
        Shape::String => "a string".to_owned(),
        Shape::Timestamp => "a timestamp".to_owned(),
        Shape::Date => "a date".to_owned(),
        Shape::Boolean => "a boolean".to_owned(),
        Shape::Base64 | Shape::Base64Url => "base64".to_owned(),
        Shape::Integer(integer) if integer.is_signed => {
            format!("an integer of {} bits", integer.bits)
        }
        Shape::Integer(integer) => format!("an unsigned integer of {} bits", integer.bits),
        Shape::Number => "a number".to_owned(),
        Shape::Blob => "raw bytes".to_owned(),
        Shape::Json => "any value".to_owned(),
        Shape::JsonObject => "any object".to_owned(),
        Shape::List(item) => format!("an array of {}", inner(item)),
        Shape::Tuple(_) => "an array of different elements".to_owned(),
        Shape::Map(value) => format!("a map to {}", inner(value)),
        Shape::Named(id) => match &api.def(*id).kind {
            TypeKind::Alias(ty) => inner(ty),
            TypeKind::Struct(_) => format!("the object `{}`", api.def(*id).name.0),
            TypeKind::Enum(_) => format!("the enum `{}`", api.def(*id).name.0),
            TypeKind::Union(_) => format!("the union `{}`", api.def(*id).name.0),
        },
    }
}
