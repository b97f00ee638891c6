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

/// The types that consist of several schemas.
#[derive(Default)]
pub(crate) struct Combinations {
    /// The schemas of each type, by the pointer of the type.
    pub(crate) parts: BTreeMap<String, Vec<SchemaPart>>,
    /// The pointer of each type, by its schemas.
    pub(crate) pointers: BTreeMap<Vec<String>, String>,
}
