//! Every problem of a body that does not decode.

use serde::de::DeserializeOwned;
use specwright_model::diagnose::diagnose;
use specwright_model::validate::{Validator, Violation};

use super::violations;
use crate::refusal::Problem;

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
    // Constraints are checked on a whole value: with placeholders where there are problems.
    let repaired = diagnosis.repaired.and_then(|json| serde_json::from_str(&json).ok());
    if let Some(value) = repaired {
        let violations = violations(&value, check).into_iter();
        let sent: Vec<_> =
            violations.filter(|found| !is_of_placeholder(found, &problems)).collect();
        problems.extend(sent);
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

/// Converts a violation into a problem of a body.
pub(super) fn problem(Violation { pointer, message }: Violation) -> Problem {
    match pointer.as_str() {
        // A sentence needs a subject.
        "" => Problem::new("", format!("the body {message}")),
        _ => Problem::new(pointer, message),
    }
}

/// Whether a violation may be one of a placeholder: at it, inside it, around it where two
/// placeholders are equal, or next to it where the placeholder is named as the reason.
fn is_of_placeholder(violation: &Problem, placeholders: &[Problem]) -> bool {
    placeholders.iter().any(|Problem { place, .. }| {
        let Some((around, name)) = place.rsplit_once('/') else { return true };
        let parent = violation.place.rsplit_once('/').map(|(parent, _)| parent);
        is_within(&violation.place, place)
            || around == violation.place
            || parent == Some(around) && violation.message.contains(&format!("`{name}`"))
    })
}

/// Whether a pointer is equal to another one or inside it.
fn is_within(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
