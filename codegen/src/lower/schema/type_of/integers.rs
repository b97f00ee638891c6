//! Integers that all values fit.

use openapiv3::AnySchema;
use serde_json::Value;

use crate::ir::{Integer, Shape};
use crate::lower::context::state::Context;
use crate::lower::schema::at::At;
use crate::text::child;

/// Returns the integer that all values within the bounds, the default and known values fit.
pub(super) fn wide_integer(
    context: &Context<'_>,
    schema: &AnySchema,
    format: Option<&str>,
    at: At<'_>,
) -> Shape {
    // Deserialized as floating-point numbers, the largest integers are rounded.
    let exact = |value: &Value| {
        let number = value.as_number()?;
        number.as_i128().or_else(|| number.as_f64().map(|number| number as i128))
    };
    let keyword = |key: &str| context.document.get(&child(at.pointer, key));
    let known = || schema.enumeration.iter().filter_map(exact);
    let limit = |key: &str| keyword(key).and_then(exact);
    let minimum = limit("minimum").or(schema.minimum.map(|limit| limit as i128));
    let minimum = minimum.into_iter().chain(known()).min();
    let maximum = limit("maximum").or(schema.maximum.map(|limit| limit as i128));
    if context.config.exact_types && format.is_none() && (minimum.is_none() || maximum.is_none()) {
        return Shape::Number;
    }
    let highest = maximum.max(limit("default")).max(known().max());
    let is_unsigned = minimum.is_some_and(|minimum| minimum >= 0);
    let is_rounded = format == Some("int64") && highest == Some(i128::from(i64::MAX) + 193);
    match highest {
        Some(highest) if highest > i128::from(u64::MAX) => Shape::Number,
        Some(highest) if highest > i128::from(i64::MAX) && !is_rounded => {
            if is_unsigned {
                Shape::Integer(Integer::U64)
            } else {
                Shape::Number
            }
        }
        _ if minimum.is_some_and(|minimum| minimum < i128::from(i64::MIN)) => Shape::Number,
        _ => Shape::Integer(Integer::I64),
    }
}
