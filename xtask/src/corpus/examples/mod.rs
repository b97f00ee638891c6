//! Round trip of the examples of a document: a generated program decodes each as its type and
//! encodes it again. The result must equal the example, unless that contradicts its schema.
//!
//! | module | responsibility |
//! |---|---|
//! | `difference` | whether two values are equal |
//! | `original` | the schema as it is written in the document |
//! | `schema` | whether a value contradicts its schema |
//! | `time` | RFC 3339 dates and timestamps |

mod difference;
mod original;
mod schema;
mod time;

pub(super) use difference::difference;
pub(super) use schema::{contradicts, is_old};

use std::path::Path;

use serde_json::Value;
use specwright::Example;

use super::documents::Document;
use super::{one, process};
use crate::corpus::program::{self, Case};
use crate::timed::write;

/// The results for the examples of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// How many are unchanged.
    pub(super) agree: usize,
    /// How many have no generated type.
    pub(super) without_type: usize,
    /// Changed examples that their schema does not allow.
    pub(super) contradict: Vec<String>,
    /// Changed examples that their schema allows.
    pub(super) failed: Vec<String>,
}

/// Checks the examples of a document whose crate is in a directory.
pub(super) fn run(document: &Document, directory: &Path, is_part: bool) -> Result<Outcome, String> {
    let input = one::input(&document.path, directory, is_part)?;
    let examples = specwright::examples(&input).map_err(|found| found.render(false))?;
    let root = input.spec.tree()?;
    let folder = process::directory()?.join("examples").join(&document.name);
    let of = |example: &Example| Case { ty: example.ty.clone(), json: example.value.to_string() };
    let cases: Vec<Case> = examples.found.iter().map(of).collect();
    let target = process::directory()?.join("programs");
    let results = program::run(&cases, directory, &folder, &target)?;
    let without_type = examples.without_type.len();
    let mut outcome = Outcome { without_type, ..Outcome::default() };
    for (example, result) in examples.found.iter().zip(results) {
        let Err(why) = compare(example, result) else {
            outcome.agree += 1;
            continue;
        };
        let message = format!("#{} as {}: {why}", example.pointer, example.ty);
        match schema::contradiction(&root, &example.schema, &example.value) {
            Some(how) => outcome.contradict.push(format!("{message}; its schema: {how}")),
            None => outcome.failed.push(message),
        }
    }
    for (name, list) in [
        ("contradict.txt", &outcome.contradict),
        ("failed.txt", &outcome.failed),
        ("without-type.txt", &examples.without_type),
    ] {
        let lines: String = list.iter().map(|line| format!("{line}\n")).collect();
        write(&folder.join(name), &lines)?;
    }
    Ok(outcome)
}

/// Compares an example with what the program returned; the error explains the difference.
fn compare(example: &Example, outcome: program::Outcome) -> Result<(), String> {
    let json = match outcome {
        program::Outcome::Decoded { json, .. } => json,
        program::Outcome::Refused(error) => return Err(format!("cannot be decoded: {error}")),
    };
    let back: Value = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    match difference(&example.value, &back) {
        Some(pointer) => {
            let at =
                |value: &Value| value.pointer(&pointer).map_or("nothing".to_owned(), shortened);
            Err(format!("at `{pointer}`, {} becomes {}", at(&example.value), at(&back)))
        }
        None => Ok(()),
    }
}

/// Renders a value, shortened.
fn shortened(value: &Value) -> String {
    let json = value.to_string();
    match json.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &json[..end]),
        None => json,
    }
}
