//! Types of values that several schemas describe at once (`allOf`).

use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind};
use std::collections::BTreeMap;

/// One of several schemas that describe the same value.
#[derive(Clone, Debug)]
pub(crate) struct SchemaPart {
    pub(crate) schema: ReferenceOr<Schema>,
    /// The pointer of the schema, or of the schema that it is a part of.
    pub(crate) pointer: String,
    /// The keyword of the schema at the pointer that is left out of this part.
    pub(crate) omitted: &'static str,
}

impl SchemaPart {
    pub(crate) fn new(schema: ReferenceOr<Schema>, pointer: String) -> Self {
        Self { schema, pointer, omitted: "" }
    }

    /// Creates a part from a schema without one keyword.
    pub(crate) fn rest(schema: AnySchema, pointer: &str, omitted: &'static str) -> Self {
        let schema_data = SchemaData::default();
        let schema = Schema { schema_data, schema_kind: SchemaKind::Any(schema) };
        Self { schema: ReferenceOr::Item(schema), pointer: pointer.to_owned(), omitted }
    }
}

/// A schema that rules are taken from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) pointer: String,
    /// The keyword of it that does not apply.
    pub(crate) omitted: &'static str,
    /// Its alternatives that became rules, because they have no types.
    pub(crate) alternatives: Vec<&'static str>,
}

impl Source {
    pub(crate) fn new(pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), ..Self::default() }
    }
}

/// The maximum number of unions in each other whose variants are combined with the schemas around
/// them. Each of them can multiply the number of types.
const MAX_LEVELS: usize = 6;

/// The types that consist of several schemas.
#[derive(Default)]
pub(crate) struct Combinations {
    /// The schemas of each type, by the pointer of the type.
    pub(crate) parts: BTreeMap<String, Vec<SchemaPart>>,
    /// The pointer of each type, by its schemas.
    pub(crate) pointers: BTreeMap<Vec<String>, String>,
    /// The number of unions around each type whose variants are combined with other schemas.
    levels: BTreeMap<String, usize>,
}

impl Combinations {
    /// Returns whether the variants of a union at a pointer can be combined with other schemas.
    pub(crate) fn can_distribute(&self, pointer: &str) -> bool {
        self.levels.get(pointer).is_none_or(|level| *level < MAX_LEVELS)
    }

    /// Records that a type is a variant of a union at a pointer, combined with other schemas.
    pub(crate) fn distributed(&mut self, union: &str, variant: &str) {
        let level = self.levels.get(union).copied().unwrap_or_default() + 1;
        self.levels.entry(variant.to_owned()).or_insert(level);
    }
}
