//! What serde_json says of a value, in the words of this crate.

use crate::refusal::Problem;

/// How much of a value is shown.
const SHOWN: usize = 80;

/// The problem that an error of decoding is.
pub(crate) fn problem_of(place: impl Into<String>, message: &str) -> Problem {
    let place = place.into();
    let words = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.rsplit_once(", expected "));
    let message = match words {
        Some((found, expected)) => format!("must be {}, not {}", wanted(expected), shown(found)),
        None => format!("cannot be read: {}", shown(message)),
    };
    // A sentence needs a subject.
    let message = if place.is_empty() { format!("the body {message}") } else { message };
    Problem { place, message }
}

/// The properties that an error of decoding says are missing.
pub(super) fn missing(message: &str) -> Option<Vec<&str>> {
    let list = ["missing property `", "missing properties `", "missing field `"]
        .iter()
        .find_map(|words| message.strip_prefix(words))?;
    Some(list.strip_suffix('`')?.split("`, `").collect())
}

/// What an error of decoding says it wants.
pub(super) fn expected(message: &str) -> Option<&str> {
    message.rsplit_once("expected ").map(|(_, expected)| expected)
}

fn wanted(expected: &str) -> &str {
    match expected {
        "i32" => "an integer of 32 bits",
        "i64" => "an integer of 64 bits",
        "u64" => "a natural number of 64 bits",
        "f64" => "a number",
        "a sequence" => "an array",
        "a map" => "an object",
        other => other,
    }
}

/// The beginning of a text that came with the request.
fn shown(text: &str) -> String {
    let text = match text {
        "map" => "an object",
        "sequence" => "an array",
        "unit value" => "null",
        other => other,
    };
    if text.chars().count() <= 2 * SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain("…".chars()).collect()
}
