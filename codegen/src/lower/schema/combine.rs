//! What several schemas without `allOf` describe together: a struct, a union, or a scalar.

use crate::ir::Shape;
use crate::lower::context::combinations::{SchemaPart, Source};
use crate::lower::context::state::Context;
use crate::lower::schema::classify::{any_schema, is_unrestricted};
use crate::lower::schema::members::Members;
use crate::text::child;
use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema};
use serde_json::Value;
use std::collections::HashSet;

/// A schema without `allOf`.
#[derive(Clone)]
pub(crate) struct Leaf {
    pub(crate) schema: AnySchema,
    pub(crate) discriminator: Option<Discriminator>,
    pub(crate) pointer: String,
    /// The keyword that is left out of it.
    pub(crate) omitted: &'static str,
    /// Whether `null` is a value of it.
    pub(crate) nullable: bool,
    /// Whether it has constraints that `AnySchema` does not have.
    pub(crate) has_rules: bool,
    /// Its alternatives that become rules, because they have no types.
    pub(crate) dropped: Vec<(&'static str, Vec<ReferenceOr<Schema>>)>,
    /// The titles of its values, if they are alternatives.
    pub(crate) titles: Vec<(Value, String)>,
    /// Whether any string is an alternative to its values.
    pub(crate) is_open: bool,
}

impl Leaf {
    /// Returns whether it does not restrict the values of its type.
    pub(crate) fn is_unrestricted(&self) -> bool {
        is_unrestricted(&self.schema) && !self.has_rules
    }

    fn source(&self) -> Source {
        Source {
            pointer: self.pointer.clone(),
            omitted: self.omitted,
            alternatives: self.dropped.iter().map(|(keyword, _)| *keyword).collect(),
        }
    }
}

/// What several schemas describe together.
pub(crate) enum Combined {
    /// The same as one of them.
    Same(Box<SchemaPart>),
    /// A scalar, a list or a map.
    Plain(Box<Plain>),
    Struct(Members),
    Union(Box<Alternatives>),
    /// Contradicting schemas, which have no type in Rust.
    Untyped(Shape),
    /// Schemas that would have too many types, or types that are too large.
    Excessive,
}

/// A scalar, a list or a map.
pub(crate) struct Plain {
    pub(crate) schema: AnySchema,
    /// The pointer of the schema with its items.
    pub(crate) pointer: String,
    /// The schemas that it was made of.
    pub(crate) sources: Vec<Source>,
    /// Whether `null` is a value of it.
    pub(crate) nullable: bool,
    /// The titles of its values.
    pub(crate) titles: Vec<(Value, String)>,
    /// Whether any other string is a value, too.
    pub(crate) is_open: bool,
}

/// Returns whether `null` is a value of all schemas that have a type, and of one at least.
pub(crate) fn is_nullable(leaves: &[Leaf]) -> bool {
    let forbids_null = |leaf: &Leaf| {
        let has_type = leaf.schema.typ.is_some() || !leaf.schema.enumeration.is_empty();
        has_type && !leaf.nullable
    };
    leaves.iter().any(|leaf| leaf.nullable) && !leaves.iter().any(forbids_null)
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
    share_type(&mut leaves);
    let is_object_type = |leaf: &Leaf| {
        leaf.schema.typ.as_deref() == Some("object") || !leaf.schema.properties.is_empty()
    };
    let is_object = leaves.iter().any(is_object_type);
    for leaf in &mut leaves {
        if is_object {
            drop_untyped_alternatives(context, leaf);
        }
        merge_scalar_alternatives(leaf);
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
    let is_other = |leaf: &Leaf| {
        let schema = &leaf.schema;
        schema.typ.as_deref().is_some_and(|typ| typ != "object")
            || !schema.enumeration.is_empty()
            || schema.items.is_some()
    };
    if is_object && leaves.iter().any(is_other) {
        return Combined::Untyped(Shape::Json);
    }
    let has_properties = leaves.iter().any(|leaf| !leaf.schema.properties.is_empty());
    if has_properties {
        let mut members = Members::default();
        leaves.iter().for_each(|leaf| members.add(context, &leaf.schema, leaf.source()));
        return Combined::Struct(members);
    }
    merged(leaves)
}

/// Gives the type of a scalar to the schemas of the same value that only constrain it.
fn share_type(leaves: &mut [Leaf]) {
    let types = || leaves.iter().filter_map(|leaf| leaf.schema.typ.as_deref());
    let Some(typ) = types().next().filter(|typ| *typ != "object") else { return };
    if types().any(|other| other != typ) {
        return;
    }
    let typ = typ.to_owned();
    let nullable = is_nullable(leaves);
    for leaf in leaves.iter_mut().filter(|leaf| leaf.schema.properties.is_empty()) {
        if leaf.schema.typ.is_none() {
            leaf.schema.typ = Some(typ.clone());
            leaf.nullable |= nullable;
        }
    }
}

/// Drops alternatives that differ only in their required properties, which types cannot express.
/// They become rules.
fn drop_untyped_alternatives(context: &Context<'_>, leaf: &mut Leaf) {
    let pointer = leaf.pointer.clone();
    let is_untyped = |member: &ReferenceOr<Schema>| match member {
        ReferenceOr::Reference { .. } => false,
        ReferenceOr::Item(schema) => {
            let mut schema = any_schema(&schema.schema_kind).into_owned();
            schema.required.clear();
            schema.not = None;
            schema.min_properties = None;
            schema.max_properties = None;
            schema.typ.as_deref().is_none_or(|typ| typ == "object") && is_unrestricted(&schema)
        }
    };
    for (keyword, members) in
        [("oneOf", &mut leaf.schema.one_of), ("anyOf", &mut leaf.schema.any_of)]
    {
        // Properties have types, whatever declares them.
        let declares = |i: usize| {
            let member = context.document.get(&child(&child(&pointer, keyword), i));
            member.is_some_and(|member| member.get("patternProperties").is_some())
        };
        if !members.is_empty()
            && members.iter().all(is_untyped)
            && !(0..members.len()).any(declares)
        {
            leaf.dropped.push((keyword, std::mem::take(members)));
        }
    }
}

/// Merges alternatives of one scalar: enums are combined, and other constraints become rules.
fn merge_scalar_alternatives(leaf: &mut Leaf) {
    for keyword in ["oneOf", "anyOf"] {
        let schema = &leaf.schema;
        let alternatives =
            if keyword == "oneOf" { schema.one_of.clone() } else { schema.any_of.clone() };
        let members: Option<Vec<AnySchema>> = alternatives
            .iter()
            .map(|member| Some(any_schema(&member.as_item()?.schema_kind).into_owned()))
            .collect();
        let Some(members) = members.filter(|members| !members.is_empty()) else { continue };
        let Some(typ) = scalar_of(&leaf.schema, &members) else { continue };
        let values = members.iter().flat_map(|member| member.enumeration.iter().cloned());
        // Enums keep other strings, so a plain string as an alternative adds no variant.
        let is_any_string = |member: &AnySchema| typ == "string" && is_unrestricted(member);
        if members.iter().any(is_enum)
            && members.iter().all(|member| is_enum(member) || is_any_string(member))
        {
            leaf.schema.enumeration.extend(values);
            let titles = alternatives.iter().filter_map(titled_value);
            leaf.titles.extend(titles);
            leaf.is_open = members.iter().any(is_any_string);
        } else if leaf.schema.typ.is_none() {
            continue;
        }
        let is_enum = !leaf.schema.enumeration.is_empty();
        leaf.schema.typ = Some(typ);
        let members = if keyword == "oneOf" {
            std::mem::take(&mut leaf.schema.one_of)
        } else {
            std::mem::take(&mut leaf.schema.any_of)
        };
        // Enums are open.
        if !is_enum {
            leaf.dropped.push((keyword, members));
        }
    }
}

/// Returns the value and the title of an alternative with only one value.
fn titled_value(alternative: &ReferenceOr<Schema>) -> Option<(Value, String)> {
    let schema = alternative.as_item()?;
    match any_schema(&schema.schema_kind).enumeration.as_slice() {
        [only] => Some((only.clone(), schema.schema_data.title.clone()?)),
        _ => None,
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
            found = Some((keyword, members, leaf.discriminator.take(), leaf.pointer.clone()));
            leaf.omitted = keyword;
        }
        // Each variant makes rules of them again.
        for (keyword, members) in std::mem::take(&mut leaf.dropped) {
            match keyword {
                "oneOf" => leaf.schema.one_of = members,
                _ => leaf.schema.any_of = members,
            }
        }
        let is_scalar = leaf.schema.typ.as_deref().is_some_and(|typ| typ != "object");
        if is_scalar || !leaf.is_unrestricted() {
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
    let sources = leaves.iter().map(Leaf::source).collect();
    let nullable = is_nullable(&leaves);
    let is_several = leaves.len() > 1;
    let has_items =
        leaves.iter().any(|l| l.schema.items.is_some() || l.schema.additional_properties.is_some());
    let is_closed = |leaf: &Leaf| !leaf.schema.enumeration.is_empty() && !leaf.is_open;
    let is_open = leaves.iter().any(|leaf| leaf.is_open) && !leaves.iter().any(is_closed);
    let titles = leaves.iter().flat_map(|leaf| leaf.titles.iter().cloned()).collect();
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
        let is_typed = schema.items.is_some() || schema.additional_properties.is_some();
        if is_typed || (leaf.has_rules && !has_items) {
            pointer = leaf.pointer;
        }
        all.items = schema.items.or(all.items);
        all.additional_properties = schema.additional_properties.or(all.additional_properties);
        all.enumeration = match (all.enumeration.as_slice(), schema.enumeration.as_slice()) {
            ([], _) => schema.enumeration,
            (_, []) => all.enumeration,
            (known, narrower) => {
                let known: HashSet<&Value> = known.iter().collect();
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
    if is_several && !nullable && all.enumeration.iter().any(|value| !value.is_null()) {
        all.enumeration.retain(|value| !value.is_null());
    }
    Combined::Plain(Box::new(Plain { schema: all, pointer, sources, nullable, titles, is_open }))
}
