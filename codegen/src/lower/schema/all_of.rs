//! `allOf`: several schemas of the same value, merged into one.
//!
//! Objects become one struct with all properties; a property of several members is merged
//! likewise. Scalars become one scalar with all constraints. A union next to other schemas becomes
//! a union whose variants each include those schemas.

use crate::diagnostics::{Location, messages};
use crate::lower::context::combinations::SchemaPart;
use crate::lower::context::state::Context;
use crate::lower::schema::at::At;
use crate::lower::schema::classify::{any_schema, is_unrestricted};
use crate::lower::schema::combine::{Combined, Leaf, combine_leaves, is_nullable};
use crate::lower::schema::constraints::rules::has_more_keywords;
use crate::select::{local_pointer, target_or_nothing};
use crate::text::child;
use openapiv3::{AnySchema, ReferenceOr, Schema};
use serde_json::Value;
use std::collections::BTreeSet;
use std::iter::Enumerate;

/// The maximum number of combined types. More of them indicate endless combinations.
const MAX_COMBINED: usize = 5_000;

/// Returns the members of a schema's `allOf`, and its other keywords.
pub(crate) fn parts_of(context: &Context<'_>, schema: &AnySchema, at: At<'_>) -> Vec<SchemaPart> {
    let all_of = child(at.pointer, "allOf");
    let members = schema.all_of.iter().enumerate();
    let mut parts: Vec<SchemaPart> =
        members.map(|(i, member)| SchemaPart::new(member.clone(), child(&all_of, i))).collect();
    let rest = AnySchema { all_of: Vec::new(), ..schema.clone() };
    if !is_unrestricted(&rest) || rest.typ.is_some() || has_more_keywords(context, at.pointer) {
        parts.push(SchemaPart::rest(rest, at.pointer, "allOf"));
    }
    parts
}

pub(crate) fn combine(context: &mut Context<'_>, parts: &[SchemaPart], pointer: &str) -> Combined {
    let is_self = |part: &SchemaPart| match &part.schema {
        ReferenceOr::Reference { reference } => {
            local_pointer(reference).is_some_and(|target| target == pointer)
        }
        ReferenceOr::Item(_) => false,
    };
    if parts.iter().any(is_self) {
        report_cycle(context, pointer);
    }
    let typed_parts = parts.iter().filter(|part| !is_self(part) && !part_is_empty(context, part));
    let typed_parts: Vec<&SchemaPart> = typed_parts.collect();
    match typed_parts.as_slice() {
        [only]
            if only.omitted.is_empty()
                && has_own_type(context, only)
                && !is_subtype(context, only, pointer)
                && (parts.len() == 1 || keeps_null(context, only, parts, pointer)) =>
        {
            return Combined::Same(Box::new((*only).clone()));
        }
        [] => {
            let leaves = leaves_within(context, parts, pointer);
            return combine_leaves(context, leaves);
        }
        _ => {}
    }
    if context.types.combinations.parts.len() > MAX_COMBINED {
        return Combined::Excessive;
    }
    // A part that was made from the others already contains them.
    let leaves = leaves_within(context, parts, pointer);
    for part in typed_parts.into_iter().rev() {
        if !part.omitted.is_empty() || is_subtype(context, part, pointer) {
            continue;
        }
        let part_leaves = leaves_of(context, std::slice::from_ref(part));
        let known: BTreeSet<_> =
            part_leaves.iter().map(|leaf| (&leaf.pointer, leaf.omitted)).collect();
        let has = |leaf: &Leaf| known.contains(&(&leaf.pointer, leaf.omitted));
        let is_same = leaves.iter().all(|leaf| has(leaf) || adds_nothing(leaf, &part_leaves));
        if is_same && keeps_null(context, part, parts, pointer) {
            return Combined::Same(Box::new(part.clone()));
        }
    }
    combine_leaves(context, leaves)
}

/// Returns the schemas of some parts without `allOf`; each appears once, members of `allOf` first.
pub(crate) fn leaves_of(context: &mut Context<'_>, parts: &[SchemaPart]) -> Vec<Leaf> {
    leaves_within(context, parts, "")
}

/// As [`leaves_of`], for parts that make up the schema at a pointer.
fn leaves_within(context: &mut Context<'_>, parts: &[SchemaPart], pointer: &str) -> Vec<Leaf> {
    let is_self = |part: &SchemaPart| part.pointer == pointer && part.omitted.is_empty();
    let within = Some(pointer.to_owned()).filter(|_| !parts.iter().any(is_self));
    let mut leaves = Leaves::default();
    for part in parts {
        leaves.around = within.iter().cloned().collect();
        add_leaves(context, part, &mut leaves);
    }
    leaves.all
}

/// The schemas without `allOf` that were found so far.
#[derive(Default)]
struct Leaves {
    all: Vec<Leaf>,
    /// The pointer of each, and the keyword that is left out of it.
    known: BTreeSet<(String, &'static str)>,
    /// The pointers of schemas that only have members, all of which were added. Without them, a
    /// chain of schemas with two references each would have exponentially many members.
    done: BTreeSet<String>,
    /// The pointers of the schemas around the current one.
    around: BTreeSet<String>,
}

/// A schema whose members of `allOf` are being added.
struct Open {
    leaf: Leaf,
    members: Enumerate<std::vec::IntoIter<ReferenceOr<Schema>>>,
    /// Whether its pointer was added to [`Leaves::around`].
    is_added: bool,
}

/// Adds the schemas of a part, without recursion: chains of `allOf` can be long.
fn add_leaves(context: &mut Context<'_>, part: &SchemaPart, leaves: &mut Leaves) {
    let mut open: Vec<Open> = leaves.enter(context, part).into_iter().collect();
    while let Some(current) = open.last_mut() {
        match current.members.next() {
            Some((i, member)) => {
                let pointer = child(&child(&current.leaf.pointer, "allOf"), i);
                let inner = leaves.enter(context, &SchemaPart::new(member, pointer));
                open.extend(inner);
            }
            None => open.pop().into_iter().for_each(|current| leaves.leave(current)),
        }
    }
}

impl Leaves {
    fn enter(&mut self, context: &mut Context<'_>, part: &SchemaPart) -> Option<Open> {
        let (schema, pointer) = schema_of(context, part)?;
        if self.around.contains(&pointer) && part.omitted.is_empty() {
            report_cycle(context, &pointer);
            return None;
        }
        if self.known.contains(&(pointer.clone(), part.omitted)) || self.done.contains(&pointer) {
            return None;
        }
        let discriminator = schema.schema_data.discriminator.clone();
        let mut nullable = schema.schema_data.nullable;
        let has_rules = has_more_keywords(context, &pointer);
        let mut schema = any_schema(&schema.schema_kind).into_owned();
        nullable |= schema.enumeration.contains(&Value::Null);
        let members = std::mem::take(&mut schema.all_of).into_iter().enumerate();
        let is_added = self.around.insert(pointer.clone());
        let (omitted, dropped, titles) = (part.omitted, Vec::new(), Vec::new());
        let leaf = Leaf {
            schema,
            discriminator,
            pointer,
            omitted,
            nullable,
            has_rules,
            dropped,
            titles,
            is_open: false,
        };
        Some(Open { leaf, members, is_added })
    }

    fn leave(&mut self, Open { mut leaf, is_added, .. }: Open) {
        if is_added {
            self.around.remove(&leaf.pointer);
        }
        let Leaf { schema, omitted, .. } = &mut leaf;
        for (keyword, members) in [("oneOf", &mut schema.one_of), ("anyOf", &mut schema.any_of)] {
            let is_cycle = |member: &ReferenceOr<Schema>| match member {
                ReferenceOr::Reference { reference } => {
                    local_pointer(reference).is_some_and(|target| self.around.contains(&target))
                }
                ReferenceOr::Item(_) => false,
            };
            // If the base schema lists this schema as an alternative, the alternatives do not apply
            // to it.
            if members.iter().any(is_cycle) {
                members.clear();
                *omitted = keyword;
            }
        }
        if leaf.schema == AnySchema::default() && !leaf.has_rules {
            if leaf.omitted.is_empty() {
                self.done.insert(leaf.pointer);
            }
        } else if self.known.insert((leaf.pointer.clone(), leaf.omitted)) {
            self.all.push(leaf);
        }
    }
}

/// Returns the schema of a part after following references, and its pointer.
fn schema_of(context: &mut Context<'_>, part: &SchemaPart) -> Option<(Schema, String)> {
    let mut pointer = part.pointer.clone();
    let mut schema = part.schema.clone();
    let mut seen = BTreeSet::new();
    while seen.insert(pointer.clone()) {
        match schema {
            ReferenceOr::Item(schema) => return Some((schema, pointer)),
            ReferenceOr::Reference { reference } => {
                let target = target_or_nothing(
                    context.document,
                    &reference,
                    &pointer,
                    context.diagnostics,
                )??;
                schema = context.document.typed(&target)?.ok()?;
                pointer = target;
            }
        }
    }
    None
}

/// Returns whether a part forbids `null` if the others do.
fn keeps_null(
    context: &mut Context<'_>,
    part: &SchemaPart,
    parts: &[SchemaPart],
    pointer: &str,
) -> bool {
    !is_nullable(&leaves_of(context, std::slice::from_ref(part)))
        || is_nullable(&leaves_within(context, parts, pointer))
}

/// Returns whether a part has only annotations, or the type of objects.
fn part_is_empty(context: &mut Context<'_>, part: &SchemaPart) -> bool {
    let is_bare = |leaf: &Leaf| {
        leaf.is_unrestricted() && leaf.schema.typ.as_deref().is_none_or(|typ| typ == "object")
    };
    // A reference can lead to a long chain.
    !matches!(part.schema, ReferenceOr::Reference { .. })
        && leaves_of(context, std::slice::from_ref(part)).iter().all(is_bare)
}

/// Returns whether a schema restricts no value of some others.
fn adds_nothing(leaf: &Leaf, others: &[Leaf]) -> bool {
    let has_type = |typ: &str| {
        others.iter().any(|other| {
            let schema = &other.schema;
            schema.typ.as_deref() == Some(typ)
                || (typ == "number" && schema.typ.as_deref() == Some("integer"))
                || (typ == "object"
                    && !(schema.properties.is_empty()
                        && schema.one_of.is_empty()
                        && schema.any_of.is_empty()))
        })
    };
    leaf.is_unrestricted() && leaf.schema.typ.as_deref().is_none_or(has_type)
}

/// Returns whether a part alone determines the type of its values.
fn has_own_type(context: &mut Context<'_>, part: &SchemaPart) -> bool {
    let is_typed = |schema: &AnySchema| {
        schema.typ.is_some()
            || !schema.properties.is_empty()
            || !schema.enumeration.is_empty()
            || !schema.one_of.is_empty()
            || !schema.any_of.is_empty()
            || schema.items.is_some()
            || schema.additional_properties.is_some()
    };
    matches!(part.schema, ReferenceOr::Reference { .. })
        || leaves_of(context, std::slice::from_ref(part)).iter().any(|leaf| is_typed(&leaf.schema))
}

/// Returns whether a part only allows `null`.
pub(crate) fn only_nullable(part: &SchemaPart) -> bool {
    match &part.schema {
        ReferenceOr::Item(schema) => {
            let plain = any_schema(&schema.schema_kind);
            schema.schema_data.nullable && plain.typ.is_none() && is_unrestricted(&plain)
        }
        ReferenceOr::Reference { .. } => false,
    }
}

fn report_cycle(context: &mut Context<'_>, pointer: &str) {
    context.diagnostics.report(Location::pointer(pointer), messages::circular_all_of());
}

pub(crate) fn report_excess(context: &mut Context<'_>, pointer: &str) {
    context.diagnostics.report(Location::pointer(pointer), messages::excessive_combinations());
}

pub(crate) fn report_contradiction(context: &mut Context<'_>, at: At<'_>) {
    let location = Location::Pointer(child(at.pointer, "allOf"));
    context.diagnostics.report(location, messages::contradictory_all_of());
}

/// Returns whether the schema at a pointer is a subtype of the referenced part, which has a
/// discriminator.
pub(crate) fn is_subtype(context: &Context<'_>, part: &SchemaPart, pointer: &str) -> bool {
    let ReferenceOr::Reference { reference } = &part.schema else { return false };
    let Some(parent) = local_pointer(reference) else { return false };
    context.index.subtypes.is_direct(&parent, pointer)
        && context.document.get(&child(&parent, "discriminator")).is_some()
}
