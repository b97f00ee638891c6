//! Everything in a document that does not fit a type.
//!
//! | module | responsibility |
//! |---|---|
//! | `tape` | an index of the document |
//! | `position` | where decoding is inside of a container |
//! | `placeholder` | what is decoded instead of a value that does not fit |
//! | `shorten` | values of the document in messages |
//! | `changes` | how the document that is decoded differs from the one that was sent |
//! | `error` | why a value does not fit, as data |
//! | `walk` | what was found so far, and where decoding continues |
//! | `key` | the name of a property as a deserializer |
//! | `access` | the parts of a value |
//! | `node` | a value as a deserializer |

mod access;
mod changes;
mod error;
mod key;
mod node;
mod placeholder;
mod position;
mod shorten;
mod tape;
#[cfg(test)]
mod tests;
mod walk;

use serde::de::DeserializeOwned;

use self::node::Node;
use self::tape::Tape;
use self::walk::Walk;
use crate::validate::Violation;

/// How often decoding continues after an error. Each time costs the depth of the error.
const MAX_TURNS: usize = 10_000;
/// The bytes that decisions between variants may read: those of the document this many times,
/// and as many more.
const TIMES: usize = 16;
const AT_LEAST: usize = 16 << 20;

/// What a document has that does not fit a type.
#[derive(Debug)]
pub struct Diagnosis {
    /// The problems in document order; missing properties come after what is inside the object.
    pub problems: Vec<Violation>,
    /// Whether the search ended before the end of the document.
    pub is_cut: bool,
    /// The document with other values where there are problems, if such values were found.
    pub repaired: Option<String>,
}

/// Finds everything in a JSON document that does not fit a type, up to a number of problems.
///
/// The document is walked once, in time and memory that are linear in its size. It must be
/// known to be JSON. There are no problems if the document fits, or is not JSON.
#[must_use]
pub fn diagnose<T: DeserializeOwned>(json: &str, limit: usize) -> Diagnosis {
    let Some(tape) = Tape::new(json) else {
        return Diagnosis { problems: Vec::new(), is_cut: false, repaired: None };
    };
    let walk = Walk::new(tape, limit, json.len().saturating_mul(TIMES).saturating_add(AT_LEAST));
    for turn in 0.. {
        let id = walk.shown(0);
        let result = T::deserialize(Node { walk: &walk, id, trial: None });
        let Err(error) = result else { break };
        if turn == MAX_TURNS {
            walk.cut();
        }
        if !walk.settle(id, &error) || walk.is_cut() {
            break;
        }
    }
    let outcome = walk.finish();
    Diagnosis { problems: outcome.problems, is_cut: outcome.is_cut, repaired: outcome.repaired }
}
