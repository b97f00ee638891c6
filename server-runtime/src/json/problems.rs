//! Every problem of a body that does not decode.

use serde::de::DeserializeOwned;
use specwright_model::diagnose::diagnose;
use specwright_model::validate::{Validator, Violation};

use crate::reject::Problem;

/// The number of problems that are listed.
const LIMIT: usize = 100;

/// Finds every problem in a JSON document that does not fit a type, including violated
/// constraints.
pub(super) fn problems<T: DeserializeOwned>(
    json: &str,
    error: &serde_json::Error,
    check: impl FnOnce(&mut Validator, &T),
) -> Vec<Problem> {
    let diagnosis = diagnose::<T>(json, LIMIT);
    let mut problems: Vec<_> = diagnosis.problems.into_iter().map(problem).collect();
    // Constraints are checked on a complete value, with placeholders in invalid locations.
    let repaired = diagnosis.repaired.and_then(|json| serde_json::from_str(&json).ok());
    if let Some(value) = repaired {
        let mut violations = violations(&value, check);
        violations.retain(|violation| !is_of_placeholder(violation, &problems));
        problems.extend(violations);
    }
    if problems.is_empty() {
        problems.push(Problem::new("", format!("the body cannot be decoded: {error}")));
    }
    if diagnosis.is_cut || problems.len() > LIMIT {
        problems.truncate(LIMIT);
        problems.push(Problem::new("", "there may be more problems; the search was stopped"));
    }
    problems
}

/// Returns the constraints that a value violates.
pub(super) fn violations<T>(value: &T, check: impl FnOnce(&mut Validator, &T)) -> Vec<Problem> {
    let mut validator = Validator::new();
    check(&mut validator, value);
    let Err(error) = validator.finish() else { return Vec::new() };
    let violations = error.violations().iter();
    violations.map(|violation| Problem::new(&violation.pointer, &violation.message)).collect()
}

/// Converts a violation into a problem of a body.
fn problem(Violation { pointer, message }: Violation) -> Problem {
    match pointer.as_str() {
        // A sentence needs a subject.
        "" => Problem::new("", format!("the body {message}")),
        _ => Problem::new(pointer, message),
    }
}

/// Whether a violation may be caused by a placeholder: at it, inside it, around it where two
/// placeholders are equal, or next to it if the message names the placeholder.
fn is_of_placeholder(violation: &Problem, placeholders: &[Problem]) -> bool {
    placeholders.iter().any(|Problem { location, .. }| {
        let Some((around, name)) = location.rsplit_once('/') else { return true };
        let parent = violation.location.rsplit_once('/').map(|(parent, _)| parent);
        is_within(&violation.location, location)
            || around == violation.location
            || parent == Some(around) && violation.message.contains(&format!("`{name}`"))
    })
}

/// Whether a pointer is equal to another one or inside it.
fn is_within(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
