//! Inheritance: a schema with a discriminator and without alternatives, which other schemas are
//! made from with `allOf`. Its values are theirs: it is a union of them, and of its own objects.

use std::collections::BTreeMap;

use openapiv3::{AnySchema, Discriminator, ReferenceOr};
use serde_json::Value;

use super::Lower;
use super::all_of::{Part, parts_of};
use super::schema::At;
use super::union::Heirs;
use crate::diagnostics::{Location, messages};
use crate::ir::{TypeId, TypeKind};
use crate::select::local_pointer;
use crate::spec::Document;
use crate::text::child;

const SCHEMAS: &str = "/components/schemas";

/// With more heirs than these, a schema is the root of nearly everything, and a union of it would
/// bring nearly everything along.
const MANY_HEIRS: usize = 64;

/// The schemas of a description that are made from each other, all in its order.
#[derive(Default)]
pub(super) struct Inheritance {
    /// The places of the schemas whose `allOf` names a schema, by the place of that.
    heirs: BTreeMap<String, Vec<String>>,
}

impl Inheritance {
    pub(super) fn new(document: &Document) -> Self {
        let mut heirs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for key in document.keys(SCHEMAS) {
            let pointer = child(SCHEMAS, key);
            let all_of = document.get(&child(&pointer, "allOf")).and_then(Value::as_array);
            for member in all_of.into_iter().flatten() {
                let parent = member.get("$ref").and_then(Value::as_str).and_then(local_pointer);
                let Some(parent) = parent.filter(|parent| *parent != pointer) else { continue };
                let known = heirs.entry(parent).or_default();
                if !known.contains(&pointer) {
                    known.push(pointer.clone());
                }
            }
        }
        Self { heirs }
    }

    /// All that are made from a schema, directly or not.
    fn heirs_of(&self, pointer: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut open = vec![pointer.to_owned()];
        while let Some(at) = open.pop() {
            for heir in self.heirs.get(&at).into_iter().flatten() {
                if heir != pointer && !found.contains(heir) {
                    found.push(heir.clone());
                    open.push(heir.clone());
                }
            }
        }
        found.sort();
        found
    }
}

impl Lower<'_> {
    /// The union of the heirs of a schema with a discriminator, if it has any.
    pub(super) fn union_of_heirs(
        &mut self,
        id: TypeId,
        discriminator: &Discriminator,
        schema: &AnySchema,
        at: At<'_>,
    ) -> Option<TypeKind> {
        let heirs = self.inheritance.heirs_of(at.pointer);
        if heirs.is_empty() {
            return None;
        }
        if heirs.len() > MANY_HEIRS {
            let location = Location::Pointer(child(at.pointer, "discriminator"));
            self.diagnostics.report(location, messages::many_subtypes(heirs.len()));
            return None;
        }
        let parts = match schema.all_of.is_empty() {
            true => vec![Part::rest(schema.clone(), at.pointer, "discriminator")],
            false => parts_of(schema, at),
        };
        // It stands where the discriminator does, where nothing else can.
        let pointer = child(at.pointer, "discriminator");
        let suggested = format!("{} base", at.suggested);
        self.combined_parts.insert(pointer.clone(), parts);
        let base = self.types.at(&pointer, &suggested, self.diagnostics);
        Some(self.union_with_base(
            id,
            Heirs { base, discriminator: discriminator.clone(), heirs },
            at,
        ))
    }

    /// Whether the schema at a pointer is made from nothing but one that has heirs.
    pub(super) fn is_heir(&self, part: &Part, pointer: &str) -> bool {
        let ReferenceOr::Reference { reference } = &part.schema else { return false };
        let Some(parent) = local_pointer(reference) else { return false };
        self.inheritance
            .heirs
            .get(&parent)
            .is_some_and(|heirs| heirs.iter().any(|heir| heir == pointer))
            && self.document.get(&child(&parent, "discriminator")).is_some()
    }
}
