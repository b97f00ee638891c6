//! Bodies of several values: the elements of a list, one after the other.
//!
//! | module | responsibility |
//! |---|---|
//! | `values` | JSON values with separators |
//! | `events` | server-sent events |
//! | `parts` | parts of a `multipart` body that have no names |

mod events;
mod parts;
mod values;

pub use events::{decode_events, encode_events};
pub use parts::encode_parts;
pub use values::{decode_values, encode_values};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::validate::{ValidationError, encoded};

/// Splits a serialized list into its elements.
fn elements(value: &impl Serialize) -> Result<Vec<Box<RawValue>>, ValidationError> {
    let json = encoded("", || serde_json::to_string(value))?;
    let elements = json.and_then(|json| serde_json::from_str(&json));
    elements.map_err(|error: serde_json::Error| {
        ValidationError::new(String::new(), format!("must be a list: {error}"))
    })
}

#[cfg(test)]
mod tests;
