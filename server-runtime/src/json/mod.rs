//! A JSON body as a typed value, or every problem in it.

mod problems;
mod sound;

use serde::de::DeserializeOwned;
use specwright_model::validate::Validator;

use crate::refusal::Problem;

/// Decodes a JSON body and checks it: whatever it holds can be worked with then, also what is
/// kept as text.
///
/// ```
/// use specwright_server::decode;
///
/// let problems = decode(b"[1, 2]", |checks, numbers: &Vec<i64>| {
///     checks.items(numbers, |checks, number| checks.require(number % 2 == 1, "must be odd"));
/// });
/// assert_eq!(problems.unwrap_err()[0].to_string(), "/1 must be odd");
///
/// let problems = decode(b"[true, 3, null]", |_, _: &Vec<i64>| {}).unwrap_err();
/// let places: Vec<_> = problems.iter().map(|problem| problem.place.as_str()).collect();
/// assert_eq!(places, ["/0", "/2"]);
/// ```
///
/// # Errors
/// Fails with every problem: one where the text is no JSON, all that can be found otherwise.
pub fn decode<T: DeserializeOwned>(
    bytes: &[u8],
    check: impl FnOnce(&mut Validator, &T),
) -> Result<T, Vec<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        vec![Problem::new("", format!("the body is not UTF-8 from byte {at} on"))]
    })?;
    // RFC 8259 (8.1) lets readers ignore a byte order mark.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    sound::check(text).map_err(|problem| vec![problem])?;
    match serde_json::from_str(text) {
        Ok(value) => {
            let problems = violations(&value, check);
            if problems.is_empty() { Ok(value) } else { Err(problems) }
        }
        Err(error) => Err(problems::problems(text, &error, check)),
    }
}

/// The constraints that do not hold in a value.
fn violations<T>(value: &T, check: impl FnOnce(&mut Validator, &T)) -> Vec<Problem> {
    let mut checks = Validator::new();
    check(&mut checks, value);
    let Err(error) = checks.finish() else { return Vec::new() };
    let violations = error.violations().iter();
    violations.map(|violation| Problem::new(&violation.pointer, &violation.message)).collect()
}

#[cfg(test)]
mod tests;
