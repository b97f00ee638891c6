//! JSON values with separators, such as `application/jsonl` and `application/json-seq`.

use serde::Serialize;
use serde_json::value::RawValue;

use super::elements;
use crate::stream::{Framing, Splitter};
use crate::validate::ValidationError;

/// Encodes the elements of a list.
///
/// # Errors
/// Returns an error if the value is not a list.
pub fn encode_values(framing: Framing, list: &impl Serialize) -> Result<Vec<u8>, ValidationError> {
    let mut body = Vec::new();
    for element in elements(list)? {
        if framing == Framing::Sequence {
            body.push(0x1E);
        }
        // JSON in its original form may have line breaks, but not within strings.
        let is_break = |byte: u8| matches!(byte, b'\n' | b'\r');
        body.extend(element.get().bytes().map(|byte| if is_break(byte) { b' ' } else { byte }));
        body.push(b'\n');
    }
    Ok(body)
}

/// Decodes a body to the JSON of a list.
///
/// # Errors
/// Returns the indexes of the elements that are not JSON, each with the reason.
pub fn decode_values(framing: Framing, body: &[u8]) -> Result<Vec<u8>, Vec<(usize, String)>> {
    let mut splitter = Splitter::new(framing, body.len());
    splitter.feed(body);
    splitter.end();
    let mut list = Vec::with_capacity(body.len() + 2);
    let mut problems = Vec::new();
    list.push(b'[');
    for (index, element) in splitter.whole.iter().enumerate() {
        if let Err(error) = serde_json::from_slice::<&RawValue>(element) {
            problems.push((index, error.to_string()));
        }
        if index > 0 {
            list.push(b',');
        }
        list.extend_from_slice(element);
    }
    list.push(b']');
    if problems.is_empty() { Ok(list) } else { Err(problems) }
}
