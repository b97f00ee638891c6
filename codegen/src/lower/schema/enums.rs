//! Enums of strings and of integers.

use crate::diagnostics::{Location, messages};
use crate::ir::{Enum, EnumValue, Literals, TypeId, TypeKind, TypeName};
use crate::lower::context::state::Context;
use crate::lower::schema::at::At;
use crate::names::{Scope, type_name};
use crate::text::child;
use openapiv3::{AnySchema, Schema};
use serde_json::Value;
use std::collections::BTreeSet;

/// Candidates for the name of the variant for unknown values; the first that is free is used.
const OTHER: [&str; 3] = ["Unknown", "Other", "Unrecognized"];

/// Extensions that name the values, in order.
const VALUE_NAMES: [&str; 2] = ["x-enum-varnames", "x-enumNames"];

pub(crate) fn enum_of(
    context: &mut Context<'_>,
    id: TypeId,
    (schema, titles): (&Schema, &[(Value, String)]),
    plain: &AnySchema,
    at: At<'_>,
) -> TypeKind {
    let names = given_names(context, schema, plain, at);
    let mut scope = Scope::new();
    let mut values: Vec<EnumValue> = Vec::new();
    let mut known = BTreeSet::new();
    let mut literals = Literals::Strings;
    for (i, value) in plain.enumeration.iter().enumerate() {
        let wire = &match value {
            Value::String(value) => value.clone(),
            Value::Number(number) => {
                literals = Literals::Integers;
                number.to_string()
            }
            // Some documents use `null` as an enum value instead of `nullable`.
            _ => {
                context.types.def_mut(id).nullable = true;
                continue;
            }
        };
        if !known.insert(wire.clone()) {
            continue;
        }
        let key = format!("{}.{wire}", configured_name(context, id));
        let title = || titles.iter().find(|(known, _)| known == value).map(|(_, title)| title);
        let given = names.as_ref().and_then(|names| names.get(i)).or_else(title);
        let derived = given.map_or(wire, |name| name);
        let derived = type_name(derived);
        let name = context.options.values.name(&key, &mut scope, &derived.0, context.diagnostics);
        let former = Vec::new();
        values.push(EnumValue { name: TypeName(name), wire: wire.clone(), former });
    }
    let owner = configured_name(context, id);
    for value in &mut values {
        let former = &mut context.options.former_values;
        let names = former.take(Some(&owner), &value.wire, &mut scope, context.diagnostics);
        value.former = names.into_iter().map(TypeName).collect();
    }
    let other = unknown_variant(&mut scope);
    TypeKind::Enum(Enum { literals, values, other, is_open: false })
}

/// Returns a free name for the variant for unknown values.
pub(crate) fn unknown_variant(scope: &mut Scope) -> TypeName {
    let name = OTHER.iter().find(|name| scope.take(name));
    TypeName(name.map_or_else(|| scope.free("Unknown"), |name| (*name).to_owned()))
}

/// Returns the names from an extension, if there is one for each value.
fn given_names(
    context: &mut Context<'_>,
    schema: &Schema,
    plain: &AnySchema,
    at: At<'_>,
) -> Option<Vec<String>> {
    let extensions = &schema.schema_data.extensions;
    let (key, given) =
        VALUE_NAMES.iter().find_map(|key| Some((*key, extensions.get(*key)?.as_array()?)))?;
    let names: Vec<String> = given.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if names.len() == plain.enumeration.len() {
        return Some(names);
    }
    let message = messages::enum_names_mismatch(key, given.len(), plain.enumeration.len());
    context.diagnostics.report(Location::Pointer(child(at.pointer, key)), message);
    None
}

/// Returns the name of a type in the configuration: that of its schema or, for inline schemas, the
/// generated one.
pub(crate) fn configured_name(context: &Context<'_>, id: TypeId) -> String {
    let def = context.types.def(id);
    def.schema_name.clone().unwrap_or_else(|| def.name.0.clone())
}
