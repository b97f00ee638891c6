//! JSON bodies as typed values, or every problem in them.
//!
//! | module | responsibility |
//! |---|---|
//! | `sound` | whether all of a document is JSON that can be processed |
//! | `problems` | every problem of a body that does not decode |

mod problems;
mod sound;

use serde::de::DeserializeOwned;
use specwright_model::json::is_sound;
use specwright_model::scalar::{from_str, strict};
use specwright_model::validate::Validator;

use self::problems::{problems, violations};
use crate::reject::Problem;

/// Decodes and validates a JSON body. All of it can be processed, including parts that are kept
/// as JSON.
///
/// A valid body is decoded once. Only if decoding fails, the body is walked a second time to
/// find all problems.
///
/// ```
/// use specwright_server::decode;
///
/// let problems = decode(b"[1, 2]", |validator, numbers: &Vec<i64>| {
///     validator.items(numbers, |validator, number| {
///         validator.require(number % 2 == 1, "must be odd");
///     });
/// });
/// assert_eq!(problems.unwrap_err()[0].to_string(), "/1 must be odd");
///
/// let problems = decode(b"[true, 3, null]", |_, _: &Vec<i64>| {}).unwrap_err();
/// let locations: Vec<_> = problems.iter().map(|problem| problem.location.as_str()).collect();
/// assert_eq!(locations, ["/0", "/2"]);
/// ```
///
/// # Errors
/// Returns one problem if the body is not JSON, and otherwise up to a hundred problems.
pub fn decode<T: DeserializeOwned + 'static>(
    bytes: &[u8],
    check: impl FnOnce(&mut Validator, &T),
) -> Result<T, Vec<Problem>> {
    let json = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        vec![Problem::new("", format!("the body is not UTF-8 after byte {at}"))]
    })?;
    // Parsers may ignore a byte order mark (RFC 8259, section 8.1).
    let json = json.strip_prefix('\u{FEFF}').unwrap_or(json);
    // Decoding finds everything else that is wrong, so that a valid body is parsed only once.
    if is_sound(json)
        && let Ok(value) = strict(|| from_str(json))
    {
        return validated(value, check);
    }
    sound::check(json).map_err(|problem| vec![problem])?;
    decode_sound(json, check)
}

/// As [`decode`], for JSON all of which can be processed.
pub(crate) fn decode_sound<T: DeserializeOwned + 'static>(
    json: &str,
    check: impl FnOnce(&mut Validator, &T),
) -> Result<T, Vec<Problem>> {
    match strict(|| from_str(json)) {
        Ok(value) => validated(value, check),
        Err(error) => Err(strict(|| problems(json, &error, check))),
    }
}

fn validated<T>(value: T, check: impl FnOnce(&mut Validator, &T)) -> Result<T, Vec<Problem>> {
    let problems = violations(&value, check);
    if problems.is_empty() { Ok(value) } else { Err(problems) }
}

#[cfg(test)]
mod tests;
