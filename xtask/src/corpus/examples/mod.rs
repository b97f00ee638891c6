//! Every example of a description, decoded as its type and encoded again by a program that is
//! written for it: what comes back must be what came, or else contradict its own schema.

mod program;
mod same;
mod schema;
mod time;
mod written;

use std::path::Path;

use serde_json::Value;
use specwright::Example;

use super::descriptions::Description;
use super::one;
use crate::timed::write;

/// What became of the examples of a description.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// How many came back as they were.
    pub(super) agree: usize,
    /// How many have no generated type.
    pub(super) without_type: usize,
    /// Those that did not, and that their own schema does not allow either.
    pub(super) contradict: Vec<String>,
    /// Those that did not although their schema allows them.
    pub(super) failed: Vec<String>,
}

/// Tries the examples of a description, whose crate is in a directory.
pub(super) fn run(
    description: &Description,
    directory: &Path,
    is_part: bool,
) -> Result<Outcome, String> {
    let input = one::input(&description.path, directory, is_part)?;
    let examples = specwright::examples(&input).map_err(|found| found.render(false))?;
    let root = input.spec.tree()?;
    let workplace = super::workplace()?.join("examples").join(&description.name);
    let answers = program::run(&examples.found, directory, &workplace)?;
    let without_type = examples.without_type.len();
    let mut outcome = Outcome { without_type, ..Outcome::default() };
    for (example, answer) in examples.found.iter().zip(answers) {
        let Err(why) = judged(example, answer) else {
            outcome.agree += 1;
            continue;
        };
        let told = format!("#{} as {}: {why}", example.pointer, example.ty);
        match schema::contradiction(&root, &example.schema, &example.value) {
            Some(how) => outcome.contradict.push(format!("{told}; its schema: {how}")),
            None => outcome.failed.push(told),
        }
    }
    for (name, list) in [
        ("contradict.txt", &outcome.contradict),
        ("failed.txt", &outcome.failed),
        ("without-type.txt", &examples.without_type),
    ] {
        let lines: String = list.iter().map(|line| format!("{line}\n")).collect();
        write(&workplace.join(name), &lines)?;
    }
    Ok(outcome)
}

/// Whether what came back is what came; else why not.
fn judged(example: &Example, answer: Result<String, String>) -> Result<(), String> {
    let text = answer.map_err(|error| format!("cannot be decoded: {error}"))?;
    let back: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    match same::difference(&example.value, &back) {
        Some(place) => {
            let at = |value: &Value| value.pointer(&place).map_or("nothing".to_owned(), shortened);
            Err(format!("at `{place}`, {} comes back as {}", at(&example.value), at(&back)))
        }
        None => Ok(()),
    }
}

/// A value as a few words.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
