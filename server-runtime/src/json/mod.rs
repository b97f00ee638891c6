//! A JSON body as a typed value, or every problem in it.

mod mend;
mod sound;
mod wording;

use serde::de::DeserializeOwned;
use specwright_runtime::__private::locate;
use specwright_runtime::Checks;

pub(crate) use wording::problem_of;

use crate::refusal::Problem;

/// Decodes a body and checks its constraints.
///
/// # Errors
/// Fails with every problem: one where the text is no JSON, all that can be found otherwise.
pub(crate) fn decode<T: DeserializeOwned>(
    bytes: &[u8],
    check: impl FnOnce(&mut Checks, &T),
) -> Result<T, Vec<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        vec![Problem::new("", format!("the body is not UTF-8 from byte {at} on"))]
    })?;
    sound::check(text).map_err(|problem| vec![problem])?;
    match serde_json::from_str(text) {
        Ok(value) => {
            let problems = violations(&value, check);
            if problems.is_empty() { Ok(value) } else { Err(problems) }
        }
        Err(error) => Err(mend::problems(text, locate(text, &error), check)),
    }
}

/// The constraints that do not hold in a value.
fn violations<T>(value: &T, check: impl FnOnce(&mut Checks, &T)) -> Vec<Problem> {
    let mut checks = Checks::new();
    check(&mut checks, value);
    let Err(error) = checks.finish() else { return Vec::new() };
    let violations = error.violations().iter();
    violations.map(|violation| Problem::new(&violation.pointer, &violation.message)).collect()
}

#[cfg(test)]
mod tests;
