//! What several schemas without `allOf` describe together: a struct, a union, or a scalar.

use crate::diagnostics::{Location, messages};
use crate::ir::Shape;
use crate::lower::context::combinations::SchemaPart;
use crate::lower::context::state::Context;
use crate::lower::schema::classify::{any_schema, is_unrestricted};
use crate::lower::schema::members::Members;
use crate::text::child;
use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema};

/// A schema without `allOf`.
#[derive(Clone)]
pub(crate) struct Leaf {
    pub(crate) schema: AnySchema,
    pub(crate) discriminator: Option<Discriminator>,
    pub(crate) pointer: String,
    /// The keyword that is left out of it.
    pub(crate) omitted: &'static str,
}

/// What several schemas describe together.
pub(crate) enum Combined {
    /// The same as one of them.
    Same(Box<SchemaPart>),
    /// A scalar, a list or a map; the pointer is that of the schema with its items.
    Plain(Box<AnySchema>, String),
    Struct(Members),
    Union(Box<Alternatives>),
    /// Contradicting schemas, which have no type in Rust.
    Untyped(Shape),
}

/// The variants of a union, and the schemas that each variant also has.
pub(crate) struct Alternatives {
    pub(crate) keyword: &'static str,
    pub(crate) members: Vec<ReferenceOr<Schema>>,
    pub(crate) discriminator: Option<Discriminator>,
    /// The pointer of the union.
    pub(crate) pointer: String,
    pub(crate) siblings: Vec<SchemaPart>,
}

pub(crate) fn combine_leaves(context: &mut Context<'_>, mut leaves: Vec<Leaf>) -> Combined {
    for leaf in &mut leaves {
        drop_untyped_alternatives(context, leaf);
        merge_scalar_alternatives(context, leaf);
    }
    // A schema that allows only `null` contradicts all others.
    let is_null = |leaf: &Leaf| leaf.schema.enumeration == [serde_json::Value::Null];
    if leaves.len() > 1 && leaves.iter().any(is_null) {
        return Combined::Untyped(Shape::Json);
    }
    let is_union = |leaf: &Leaf| !leaf.schema.one_of.is_empty() || !leaf.schema.any_of.is_empty();
    if let Some(i) = leaves.iter().position(is_union) {
        return distribute(leaves, i);
    }
    let is_object = |leaf: &Leaf| {
        leaf.schema.typ.as_deref() == Some("object") || !leaf.schema.properties.is_empty()
    };
    let is_other = |leaf: &Leaf| {
        let schema = &leaf.schema;
        schema.typ.as_deref().is_some_and(|typ| typ != "object")
            || !schema.enumeration.is_empty()
            || schema.items.is_some()
    };
    let (objects, others) = (leaves.iter().any(is_object), leaves.iter().any(is_other));
    if objects && others {
        return Combined::Untyped(Shape::Json);
    }
    let has_properties = leaves.iter().any(|leaf| !leaf.schema.properties.is_empty());
    if has_properties {
        let mut members = Members::default();
        leaves.iter().for_each(|leaf| members.add(&leaf.schema, &leaf.pointer));
        return Combined::Struct(members);
    }
    merged(leaves)
}

/// Drops alternatives that differ only in their required properties, which types cannot express.
fn drop_untyped_alternatives(context: &mut Context<'_>, leaf: &mut Leaf) {
    let is_untyped = |member: &ReferenceOr<Schema>| match member {
        ReferenceOr::Reference { .. } => false,
        ReferenceOr::Item(schema) => {
            let mut schema = any_schema(&schema.schema_kind).into_owned();
            schema.required.clear();
            schema.not = None;
            is_unrestricted(&schema)
        }
    };
    for (keyword, members) in
        [("oneOf", &mut leaf.schema.one_of), ("anyOf", &mut leaf.schema.any_of)]
    {
        let has_properties = !leaf.schema.properties.is_empty();
        if has_properties && !members.is_empty() && members.iter().all(is_untyped) {
            members.clear();
            let location = Location::Pointer(child(&leaf.pointer, keyword));
            context.diagnostics.report(location, messages::required_combinations(keyword));
        }
    }
}

/// Merges alternatives of one scalar: enums are combined, and other constraints are dropped.
fn merge_scalar_alternatives(context: &mut Context<'_>, leaf: &mut Leaf) {
    for keyword in ["oneOf", "anyOf"] {
        let schema = &leaf.schema;
        let members = if keyword == "oneOf" { &schema.one_of } else { &schema.any_of };
        let members: Option<Vec<AnySchema>> = members
            .iter()
            .map(|member| Some(any_schema(&member.as_item()?.schema_kind).into_owned()))
            .collect();
        let Some(members) = members.filter(|members| !members.is_empty()) else { continue };
        let Some(typ) = scalar_of(&leaf.schema, &members) else { continue };
        let values = members.iter().flat_map(|member| member.enumeration.iter().cloned());
        // Enums are open, so a plain string as an alternative adds nothing.
        let is_any_string = |member: &AnySchema| typ == "string" && is_unrestricted(member);
        if members.iter().any(is_enum)
            && members.iter().all(|member| is_enum(member) || is_any_string(member))
        {
            leaf.schema.enumeration.extend(values);
        } else if leaf.schema.typ.is_some() {
            let location = Location::Pointer(child(&leaf.pointer, keyword));
            context.diagnostics.report(location, messages::constraint_alternatives(keyword));
        } else {
            continue;
        }
        leaf.schema.typ = Some(typ);
        if keyword == "oneOf" {
            leaf.schema.one_of.clear();
        } else {
            leaf.schema.any_of.clear();
        }
    }
}

/// Returns the alternatives of one leaf, each combined with the other leaves.
fn distribute(leaves: Vec<Leaf>, union: usize) -> Combined {
    let mut siblings = Vec::new();
    let mut found = None;
    for (i, mut leaf) in leaves.into_iter().enumerate() {
        if i == union {
            let (keyword, members) = match leaf.schema.one_of.is_empty() {
                true => ("anyOf", std::mem::take(&mut leaf.schema.any_of)),
                false => ("oneOf", std::mem::take(&mut leaf.schema.one_of)),
            };
            found = Some((keyword, members, leaf.discriminator, leaf.pointer.clone()));
            leaf.omitted = keyword;
        }
        if !is_unrestricted(&leaf.schema) {
            siblings.push(SchemaPart::rest(leaf.schema, &leaf.pointer, leaf.omitted));
        }
    }
    let Some((keyword, members, discriminator, pointer)) = found else {
        return Combined::Untyped(Shape::Json);
    };
    let alternatives = Alternatives { keyword, members, discriminator, pointer, siblings };
    Combined::Union(Box::new(alternatives))
}

/// Returns the scalar type that a schema and its alternatives have in common.
fn scalar_of(schema: &AnySchema, members: &[AnySchema]) -> Option<String> {
    let all = || std::iter::once(schema).chain(members);
    let typ = all().find_map(|schema| schema.typ.clone())?;
    let is_scalar = ["string", "integer", "number", "boolean"].contains(&typ.as_str());
    let composes = |schema: &AnySchema| {
        !schema.all_of.is_empty() || !schema.one_of.is_empty() || !schema.any_of.is_empty()
    };
    let fits = all().all(|schema| schema.typ.as_ref().is_none_or(|other| *other == typ));
    (is_scalar && fits && !members.iter().any(composes)).then_some(typ)
}

/// Returns whether a schema has only known values.
fn is_enum(schema: &AnySchema) -> bool {
    let bare = AnySchema { enumeration: Vec::new(), ..schema.clone() };
    !schema.enumeration.is_empty() && is_unrestricted(&bare)
}

/// Merges scalars, lists or maps, with the stricter of each constraint.
fn merged(leaves: Vec<Leaf>) -> Combined {
    let mut all = AnySchema::default();
    let mut pointer = leaves.last().map(|leaf| leaf.pointer.clone()).unwrap_or_default();
    for leaf in leaves {
        let schema = leaf.schema;
        match (&all.typ, &schema.typ) {
            // Every integer is also a number.
            (Some(a), Some(b)) if a == "number" && b == "integer" => all.typ = schema.typ,
            (Some(a), Some(b)) if a == "integer" && b == "number" => {}
            (Some(a), Some(b)) if a != b => return Combined::Untyped(Shape::Json),
            (None, Some(_)) => all.typ = schema.typ,
            _ => {}
        }
        if schema.items.is_some() || schema.additional_properties.is_some() {
            pointer = leaf.pointer;
        }
        all.items = schema.items.or(all.items);
        all.additional_properties = schema.additional_properties.or(all.additional_properties);
        all.enumeration = match (all.enumeration.as_slice(), schema.enumeration.as_slice()) {
            ([], _) => schema.enumeration,
            (_, []) => all.enumeration,
            (known, narrower) => {
                let both: Vec<_> =
                    narrower.iter().filter(|value| known.contains(value)).cloned().collect();
                if both.is_empty() { schema.enumeration } else { both }
            }
        };
        all.format = schema.format.or(all.format);
        all.pattern = schema.pattern.or(all.pattern);
        all.multiple_of = schema.multiple_of.or(all.multiple_of);
        all.not = schema.not.or(all.not);
        all.unique_items = schema.unique_items.or(all.unique_items);
        all.min_length = all.min_length.max(schema.min_length);
        all.min_items = all.min_items.max(schema.min_items);
        all.min_properties = all.min_properties.max(schema.min_properties);
        let smaller = |a: Option<usize>, b: Option<usize>| a.into_iter().chain(b).min();
        all.max_length = smaller(all.max_length, schema.max_length);
        all.max_items = smaller(all.max_items, schema.max_items);
        all.max_properties = smaller(all.max_properties, schema.max_properties);
        if schema.minimum.is_some_and(|new| all.minimum.is_none_or(|known| new >= known)) {
            all.minimum = schema.minimum;
            all.exclusive_minimum = schema.exclusive_minimum;
        }
        if schema.maximum.is_some_and(|new| all.maximum.is_none_or(|known| new <= known)) {
            all.maximum = schema.maximum;
            all.exclusive_maximum = schema.exclusive_maximum;
        }
    }
    Combined::Plain(Box::new(all), pointer)
}
