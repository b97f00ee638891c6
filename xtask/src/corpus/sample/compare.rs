//! Comparison of a drawn value with what became of it.

use serde_json::Value;

use super::numbers::as_strings;
use crate::corpus::examples::difference;
use crate::corpus::program::Outcome;

/// Why a value does not pass.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) why: String,
    /// Whether it was decoded as another variant than the one that it was drawn from.
    pub(super) is_wrong_variant: bool,
}

impl Failure {
    fn new(why: String) -> Self {
        Self { why, is_wrong_variant: false }
    }
}

/// Compares the JSON of a value with what the program returned, and its variant with the member.
pub(super) fn compare(
    json: &str,
    outcome: &Outcome,
    member: Option<&Outcome>,
) -> Result<(), Failure> {
    let (back, violations, debug) = match outcome {
        Outcome::Decoded { json, violations, debug } => (json, violations, debug),
        Outcome::Refused(error) => return Err(Failure::new(format!("cannot be decoded: {error}"))),
    };
    let parsed = |json: &str| -> Result<Value, Failure> {
        serde_json::from_str(&as_strings(json)).map_err(|error| Failure::new(error.to_string()))
    };
    let (before, after) = (parsed(json)?, parsed(back)?);
    if let Some(pointer) = difference(&before, &after) {
        let at = |value: &Value| value.pointer(&pointer).map_or("nothing".into(), Value::to_string);
        let (before, after) = (at(&before), at(&after));
        return Err(Failure::new(format!("at `{pointer}`, {before} becomes {after}")));
    }
    if let Some(violations) = violations {
        return Err(Failure::new(format!("is invalid: {violations}")));
    }
    match member {
        Some(Outcome::Decoded { debug: wanted, .. }) if !is_variant(debug, wanted) => {
            Err(Failure {
                why: format!("the variant is {debug:.60}, not one of {wanted:.60}"),
                is_wrong_variant: true,
            })
        }
        Some(Outcome::Refused(error)) => {
            Err(Failure::new(format!("its variant cannot be decoded: {error}")))
        }
        _ => Ok(()),
    }
}

/// Returns whether the `Debug` output of a union is that of a variant with a value.
fn is_variant(union: &str, value: &str) -> bool {
    let inner = |debug: &str| {
        let (_, rest) = debug.split_once('(')?;
        rest.strip_suffix(')').map(str::to_owned)
    };
    // A type that may be null is an option.
    let value =
        value.strip_prefix("Some(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(value);
    let mut at = Some(union.to_owned());
    while let Some(debug) = at {
        if debug == value {
            return true;
        }
        at = inner(&debug);
    }
    // A variant without a value, such as a constant.
    !union.contains('(')
}
