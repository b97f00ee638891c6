//! Enums of strings and of integers.

use openapiv3::{AnySchema, Schema};
use serde_json::Value;

use super::Lower;
use super::schema::At;
use crate::diagnostics::{Location, messages};
use crate::ir::{Enum, EnumValue, Literals, TypeId, TypeKind, TypeName};
use crate::names::{Scope, type_name};
use crate::text::child;

/// The variant for values that the description does not name; the next where a value
/// already has the name.
const OTHER: [&str; 3] = ["Unknown", "Other", "Unrecognized"];

/// Extensions that name the values, in their order.
const VALUE_NAMES: [&str; 2] = ["x-enum-varnames", "x-enumNames"];

impl Lower<'_> {
    pub(super) fn enumeration(
        &mut self,
        id: TypeId,
        schema: &Schema,
        plain: &AnySchema,
        at: At<'_>,
    ) -> TypeKind {
        let names = self.given_names(schema, plain, at);
        let mut scope = Scope::new();
        let mut values: Vec<EnumValue> = Vec::new();
        let mut literals = Literals::Strings;
        for (i, value) in plain.enumeration.iter().enumerate() {
            let wire = &match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => {
                    literals = Literals::Integers;
                    number.to_string()
                }
                // `null` among the values is how some descriptions say nullable.
                _ => {
                    self.types.def_mut(id).nullable = true;
                    continue;
                }
            };
            if values.iter().any(|value| value.wire == *wire) {
                continue;
            }
            let key = format!("{}.{wire}", self.upstream_name(id));
            let derived = names.as_ref().and_then(|names| names.get(i)).map_or(wire, |name| name);
            let derived = type_name(derived);
            let name = self.names.values.name(&key, &mut scope, &derived.0, self.diagnostics);
            values.push(EnumValue { name: TypeName(name), wire: wire.clone() });
        }
        let other = OTHER
            .iter()
            .find(|name| scope.take(name))
            .map_or_else(|| scope.free("Unknown"), |name| (*name).to_owned());
        TypeKind::Enum(Enum { literals, values, other: TypeName(other) })
    }

    /// The names that the description gives the values, if there is one for each.
    fn given_names(
        &mut self,
        schema: &Schema,
        plain: &AnySchema,
        at: At<'_>,
    ) -> Option<Vec<String>> {
        let extensions = &schema.schema_data.extensions;
        let (key, given) =
            VALUE_NAMES.iter().find_map(|key| Some((*key, extensions.get(*key)?.as_array()?)))?;
        let names: Vec<String> =
            given.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if names.len() == plain.enumeration.len() {
            return Some(names);
        }
        let message = messages::enum_names_mismatch(key, given.len(), plain.enumeration.len());
        self.diagnostics.report(Location::Pointer(child(at.pointer, key)), message);
        None
    }

    /// The name under which the configuration knows a type: that of its schema or, if it has
    /// none, the one that it was given.
    pub(super) fn upstream_name(&self, id: TypeId) -> String {
        let def = self.types.def(id);
        def.schema_name.clone().unwrap_or_else(|| def.name.0.clone())
    }
}
