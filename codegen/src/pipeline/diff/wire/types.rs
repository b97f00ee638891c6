//! Definitions of types.

use std::collections::HashMap;

use super::constraints::compare_rules;
use super::shapes::{allows_null, is_same_def};
use super::shapes::{compare_flat, compare_use, is_renamed, is_same_name, report_null};
use super::site::{Site, Step, Subject};
use super::unions::{compare_enums, compare_unions};
use super::walker::{Walker, definition, first_by};
use crate::ir::{Additional, Api, Field, Presence, Shape, Struct, Type, TypeDef, TypeId, TypeKind};
use crate::pipeline::diff::table::kinds;

/// Compares all pairs of types that were found.
pub(super) fn compare_pairs(walker: &mut Walker<'_>) {
    while let Some(pair) = walker.next() {
        compare_definitions(walker, pair);
    }
}

/// Compares the types that no use has brought together, and adds those that only one API has.
pub(super) fn compare_other_types(walker: &mut Walker<'_>) {
    walker.direction = None;
    let (mut is_paired_old, mut is_paired_new) =
        (vec![false; walker.old.types.len()], vec![false; walker.new.types.len()]);
    for (old, new) in walker.pairs.iter() {
        // A type that is used instead of another one has not replaced it, if both exist.
        if is_same_name(walker, old, new) || is_same_def(walker.old.def(old), walker.new.def(new)) {
            is_paired_old[old.0] = true;
            is_paired_new[new.0] = true;
        }
    }
    let (old_api, new_api) = (walker.old, walker.new);
    let candidates = Candidates::new(old_api);
    let mut only_new = Vec::new();
    for (i, new) in new_api.types.iter().enumerate().filter(|(i, _)| !is_paired_new[*i]) {
        match candidates.of(new).find(|old| !is_paired_old[*old]) {
            Some(old) => {
                is_paired_old[old] = true;
                walker.pair(TypeId(old), TypeId(i));
            }
            None => only_new.push((TypeId(i), new)),
        }
    }
    compare_pairs(walker);
    walker.direction = None;
    for (id, def) in only_new {
        let message = format!("type `{}` is added", def.name.0);
        let subject = Subject::Type(None, Some(id));
        walker.report_whole(kinds::TYPE_ADDED, subject, [None, Some(&def.pointer)], message, None);
    }
    for (i, def) in old_api.types.iter().enumerate().filter(|(i, _)| !is_paired_old[*i]) {
        let message = format!("type `{}` is removed", def.name.0);
        let subject = Subject::Type(Some(TypeId(i)), None);
        walker.report_whole(
            kinds::TYPE_REMOVED,
            subject,
            [Some(&def.pointer), None],
            message,
            None,
        );
    }
}

/// The definitions of an API by what identifies them.
struct Candidates<'a> {
    api: &'a Api,
    by_schema: HashMap<&'a str, Vec<usize>>,
    by_name: HashMap<&'a str, Vec<usize>>,
    by_pointer: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Candidates<'a> {
    fn new(api: &'a Api) -> Self {
        let (mut by_schema, mut by_name, mut by_pointer) =
            (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (i, def) in api.types.iter().enumerate() {
            if let Some(name) = &def.schema_name {
                by_schema.entry(name.as_str()).or_default().push(i);
            }
            by_name.entry(def.name.0.as_str()).or_default().push(i);
            by_pointer.entry(def.pointer.as_str()).or_default().push(i);
        }
        Self { api, by_schema, by_name, by_pointer }
    }

    /// Returns the indices of the definitions that are the same as one of another document, in order.
    fn of(&self, other: &TypeDef) -> impl Iterator<Item = usize> {
        let keys = [
            (&self.by_schema, other.schema_name.as_deref().unwrap_or_default()),
            (&self.by_name, other.name.0.as_str()),
            (&self.by_pointer, other.pointer.as_str()),
        ];
        let mut found: Vec<usize> =
            keys.iter().filter_map(|(index, key)| index.get(key)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|i| self.api.types.get(*i).is_some_and(|def| is_same_def(def, other)));
        found.into_iter()
    }
}

fn compare_definitions(walker: &mut Walker<'_>, pair: [(TypeId, &TypeDef); 2]) {
    let [(old_id, old), (new_id, new)] = pair;
    let site = definition(pair);
    // Documentation of different types always differs.
    let is_same = is_same_name(walker, old_id, new_id) || is_same_def(old, new);
    if is_same {
        walker.compare_docs(&site, [&old.docs, &new.docs], [old.deprecated, new.deprecated]);
    }
    if is_renamed(walker, old, new) {
        let message = format!("type `{}` is renamed to `{}`", old.name.0, new.name.0);
        let pointers = [Some(old.pointer.as_str()), Some(new.pointer.as_str())];
        let subject = Subject::Type(Some(old_id), Some(new_id));
        walker.quietly(|walker| {
            walker.report_whole(kinds::TYPE_RENAMED, subject, pointers, message, None);
        });
    }
    if old.is_secret != new.is_secret {
        let predicate = if new.is_secret { "is secret" } else { "is not secret any more" };
        walker.quietly(|walker| walker.report(kinds::SECRET_CHANGED, &site, predicate));
    }
    let named = |id| Type::plain(Shape::Named(id));
    let is_nullable =
        [allows_null(walker.old, &named(old_id)), allows_null(walker.new, &named(new_id))];
    report_null(walker, &site, is_nullable);
    if is_same {
        compare_defaults(walker, &site, [&old.default, &new.default]);
    }
    match (&old.kind, &new.kind) {
        (TypeKind::Struct(a), TypeKind::Struct(b)) => compare_structs(walker, &site, a, b),
        (TypeKind::Enum(a), TypeKind::Enum(b)) if a.literals == b.literals => {
            compare_enums(walker, &site, a, b);
        }
        (TypeKind::Union(a), TypeKind::Union(b)) => compare_unions(walker, &site, a, b),
        // Each is compared as a use, which follows aliases.
        (TypeKind::Alias(a), TypeKind::Alias(b)) => compare_alias(walker, &site, a, b),
        _ => compare_flat(walker, &site, &named(old_id), &named(new_id)),
    }
}

fn compare_alias(walker: &mut Walker<'_>, site: &Site<'_>, old: &Type, new: &Type) {
    match (&old.shape, &new.shape) {
        (Shape::Named(_), _) | (_, Shape::Named(_)) => compare_use(walker, site, old, new),
        // Whether they are nullable was compared as a whole.
        _ => compare_flat(walker, site, old, new),
    }
}

/// Adds a change of a default value.
pub(super) fn compare_defaults(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    defaults: [&Option<String>; 2],
) {
    match defaults {
        [None, Some(new)] => {
            walker.report(kinds::DEFAULT_ADDED, site, &format!("has the default `{new}`"));
        }
        [Some(old), None] => {
            let predicate = format!("no longer has the default `{old}`");
            walker.report(kinds::DEFAULT_REMOVED, site, &predicate);
        }
        [Some(old), Some(new)] if old != new => {
            let predicate = format!("changes its default from `{old}` to `{new}`");
            walker.report(kinds::DEFAULT_CHANGED, site, &predicate);
        }
        _ => {}
    }
}

fn compare_structs(walker: &mut Walker<'_>, site: &Site<'_>, old: &Struct, new: &Struct) {
    let old_fields = first_by(&old.fields, |field| field.wire.as_str());
    let new_fields = first_by(&new.fields, |field| field.wire.as_str());
    for b in &new.fields {
        let names = |a: &Field| [a.name.0.clone(), b.name.0.clone()];
        match old_fields.get(b.wire.as_str()) {
            Some(a) => {
                let [old_name, new_name] = names(a);
                let step = Step::Property(&b.wire, [&old_name, &new_name]);
                compare_fields(walker, &site.part(step), a, b);
            }
            None => {
                let site = site.part(Step::Property(&b.wire, ["", &b.name.0]));
                let kind = match is_required(b) {
                    true => kinds::REQUIRED_PROPERTY_ADDED,
                    false => kinds::PROPERTY_ADDED,
                };
                walker.report_added(kind, &site);
            }
        }
    }
    for a in old.fields.iter().filter(|a| !new_fields.contains_key(a.wire.as_str())) {
        let site = site.part(Step::Property(&a.wire, [&a.name.0, ""]));
        let kind = match is_required(a) {
            true => kinds::REQUIRED_PROPERTY_REMOVED,
            false => kinds::PROPERTY_REMOVED,
        };
        walker.report_removed(kind, &site);
    }
    compare_additional(walker, site, &old.additional, &new.additional);
    compare_rules(walker, site, old.rules.as_deref(), new.rules.as_deref());
}

fn compare_fields(walker: &mut Walker<'_>, site: &Site<'_>, old: &Field, new: &Field) {
    walker.compare_docs(site, [&old.docs, &new.docs], [old.deprecated, new.deprecated]);
    if old.name != new.name {
        let held = match new.former.contains(&old.name) {
            true => "; the setter of the builder keeps the former name, the field cannot",
            false => "",
        };
        let (name, former) = (&new.name.0, &old.name.0);
        let predicate = format!("is called `{name}` instead of `{former}`{held}");
        walker.quietly(|walker| walker.report(kinds::PROPERTY_RENAMED, site, &predicate));
    }
    match (is_required(old), is_required(new)) {
        (false, true) => walker.report(kinds::PROPERTY_REQUIRED, site, "becomes required"),
        (true, false) => walker.report(kinds::PROPERTY_OPTIONAL, site, "becomes optional"),
        _ => {}
    }
    if old.is_conditional != new.is_conditional {
        let predicate = match new.is_conditional {
            true => "has its type only under a condition",
            false => "always has its type",
        };
        walker.report(kinds::PROPERTY_CONDITION, site, predicate);
    }
    compare_defaults(walker, site, [&old.default, &new.default]);
    compare_use(walker, site, &old.ty, &new.ty);
}

fn compare_additional(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: &Additional,
    new: &Additional,
) {
    use Additional::{Forbid, Keep, Typed};
    let (kind, predicate) = match (old, new) {
        (Keep, Keep) | (Forbid, Forbid) => return,
        (Typed(a), Typed(b)) => return compare_use(walker, &site.part(Step::Values), a, b),
        (_, Forbid) => (kinds::ADDITIONAL_FORBIDDEN, "allows no undeclared properties"),
        (Forbid, _) => (kinds::ADDITIONAL_ALLOWED, "allows undeclared properties"),
        (Keep, Typed(_)) => (kinds::ADDITIONAL_TYPED, "has undeclared properties of one type"),
        (Typed(_), Keep) => (kinds::ADDITIONAL_UNTYPED, "has undeclared properties of any type"),
    };
    walker.report(kind, site, predicate);
}

fn is_required(field: &Field) -> bool {
    matches!(field.presence, Presence::Required | Presence::RequiredNullable)
}
