//! Constraints. A constraint that holds for every value of its type is left out, and so is one that
//! belongs to a different type.
//!
//! | module | responsibility |
//! |---|---|
//! | `reader` | schemas as rules |
//! | `rules` | constraints that no type expresses |

mod reader;
pub(crate) mod rules;

use crate::diagnostics::{Location, messages};
use crate::ir::{Bound, Constraints, Pattern, Shape};
use crate::lower::context::combinations::Source;
use crate::lower::context::state::Context;
use crate::lower::schema::at::At;
use crate::lower::schema::constraints::rules::shape_rules;
use crate::text::child;
use crate::text::pattern::translate;
use openapiv3::AnySchema;
use serde_json::Value;
use std::collections::HashSet;

/// The formats of strings that the runtime checks.
const FORMATS: [&str; 8] =
    ["duration", "ipv4", "ipv6", "time", "uri", "url", "uuid", "uri-reference"];

pub(crate) fn constraints_of(
    context: &mut Context<'_>,
    shape: &Shape,
    schema: &AnySchema,
    sources: &[Source],
    at: At<'_>,
) -> Constraints {
    let mut rules =
        Constraints { rules: shape_rules(context, sources, shape), ..Constraints::default() };
    match shape {
        Shape::String | Shape::Base64 | Shape::Base64Url | Shape::Timestamp | Shape::Date => {
            let format = schema.format.as_deref().filter(|_| *shape == Shape::String);
            rules.format = FORMATS.into_iter().find(|known| format == Some(known));
            rules.min_length = schema.min_length.filter(|&n| n > 0);
            rules.max_length = schema.max_length;
            rules.pattern = pattern_of(context, schema, at);
        }
        Shape::Integer(_) => {
            rules.minimum = lower_bound(schema).and_then(|bound| integer(bound, shape, true));
            rules.maximum = upper_bound(schema).and_then(|bound| integer(bound, shape, false));
            rules.multiple_of = schema.multiple_of.filter(|&factor| factor > 0.0 && factor != 1.0);
        }
        Shape::Number => {
            rules.format = (schema.format.as_deref() == Some("float")).then_some("float");
            rules.minimum = lower_bound(schema);
            rules.maximum = upper_bound(schema);
            rules.multiple_of = schema.multiple_of.filter(|&factor| factor > 0.0);
            // An integer that may have more than 64 bits.
            if schema.typ.as_deref() == Some("integer") {
                let is_part_of_one = |factor: &f64| factor.recip().fract() == 0.0;
                rules.multiple_of = rules.multiple_of.filter(|n| !is_part_of_one(n)).or(Some(1.0));
            }
            rules.values = values_of(schema, Value::is_number);
        }
        Shape::Boolean => {
            rules.values = values_of(schema, Value::is_boolean);
            // Both values are all values.
            rules.values.truncate(if rules.values.len() == 1 { 1 } else { 0 });
        }
        Shape::List(_) => {
            rules.min_count = schema.min_items.filter(|&n| n > 0);
            rules.max_count = schema.max_items;
            rules.unique = schema.unique_items.unwrap_or(false);
        }
        Shape::Map(_) | Shape::JsonObject => {
            rules.min_count = schema.min_properties.filter(|&n| n > 0);
            rules.max_count = schema.max_properties;
        }
        _ => {}
    }
    rules
}

/// Returns the JSON of the values of an `enum`, apart from `null`.
fn values_of(schema: &AnySchema, is: fn(&Value) -> bool) -> Vec<String> {
    let values = schema.enumeration.iter().filter(|value| is(value)).map(Value::to_string);
    let mut known = HashSet::new();
    values.filter(|value| known.insert(value.clone())).collect()
}

/// Returns the pattern, if Rust's regular expressions support its syntax.
fn pattern_of(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Option<Pattern> {
    let pattern = schema.pattern.clone()?;
    match translate(&pattern) {
        Ok(regex) => Some(Pattern { source: pattern, regex }),
        Err(error) => {
            let location = Location::pointer(child(at.pointer, "pattern"));
            context.diagnostics.report(location, messages::unsupported_pattern(pattern, error));
            None
        }
    }
}

fn lower_bound(schema: &AnySchema) -> Option<Bound> {
    Some(Bound { value: schema.minimum?, exclusive: schema.exclusive_minimum.unwrap_or(false) })
}

fn upper_bound(schema: &AnySchema) -> Option<Bound> {
    Some(Bound { value: schema.maximum?, exclusive: schema.exclusive_maximum.unwrap_or(false) })
}

/// Converts a bound to an integer. A fractional bound is rounded to the next integer inside the
/// range, which is allowed. Returns `None` if the bound is at the limit of the type or beyond it.
fn integer(bound: Bound, shape: &Shape, lower: bool) -> Option<Bound> {
    let Shape::Integer(integer) = shape else { return None };
    let (min, max) = integer.limits();
    let (min, max) = (min as f64, max as f64);
    let exclusive = bound.exclusive && bound.value.fract() == 0.0;
    let value = if lower { bound.value.ceil() } else { bound.value.floor() };
    let is_redundant = match lower {
        true => value <= min && !exclusive,
        false => value >= max && !exclusive,
    };
    let fits = (min..=max).contains(&value);
    (fits && !is_redundant).then_some(Bound { value, exclusive })
}
