//! Runs the instances through the generated types, and judges what becomes of them.

use serde_json::Value;

use super::document::{self, Verdict, held, holder};
use super::expressible::obstacle;
use super::suite::{Group, Version};
use crate::corpus::program::{self, Case, Outcome};
use crate::workspace::root;

/// The results of a group.
pub(super) struct Tested<'a> {
    pub(super) version: Version,
    pub(super) group: &'a Group,
    /// Why it is not tested.
    pub(super) left_out: Option<&'static str>,
    /// The codes of the generator's warnings.
    pub(super) warnings: Vec<&'static str>,
    /// One for each test.
    pub(super) judged: Vec<Judgement>,
}

/// What became of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Right,
    /// It is valid, but was rejected or changed.
    FalseRejection(String),
    /// It is invalid, but was decoded without a violation.
    FalseAcceptance,
}

/// Tests the groups of a version.
///
/// # Errors
/// Returns an error if the generated code cannot be compiled and run.
pub(super) fn run(version: Version, groups: &[Group]) -> Result<Vec<Tested<'_>>, String> {
    let mut all = Vec::new();
    let mut accepted = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let left_out = obstacle(version, &group.schema);
        let verdict = match left_out {
            None => document::verdict(version, group)?,
            Some(_) => Verdict { refused: None, warnings: Vec::new() },
        };
        let judged = match (left_out, verdict.refused) {
            (None, Some(why)) => group.tests.iter().map(|test| refused(test.valid, &why)).collect(),
            (None, None) => {
                accepted.push((index, group));
                Vec::new()
            }
            (Some(_), _) => Vec::new(),
        };
        all.push(Tested { version, group, left_out, warnings: verdict.warnings, judged });
    }
    let target = root()?.join("target/conformance");
    let directory = target.join(format!("crates/{}", version.draft()));
    document::write(version, &accepted, &directory)?;
    let cases: Vec<Case> = accepted
        .iter()
        .flat_map(|(index, group)| {
            group.tests.iter().map(|test| Case { ty: holder(*index), json: held(test.data.get()) })
        })
        .collect();
    let folder = target.join(format!("programs/{}", version.draft()));
    let programs = root()?.join("target/corpus/programs");
    let mut outcomes = program::run(&cases, &directory, &folder, &programs)?.into_iter();
    for (index, group) in accepted {
        let judged = group.tests.iter().zip(outcomes.by_ref());
        all[index].judged =
            judged.map(|(test, outcome)| judge(test.valid, test.data.get(), outcome)).collect();
    }
    Ok(all)
}

/// A schema that the generator rejects rejects all instances.
fn refused(is_valid: bool, why: &str) -> Judgement {
    match is_valid {
        true => Judgement::FalseRejection(format!("the schema is rejected: {why}")),
        false => Judgement::Right,
    }
}

fn judge(is_valid: bool, instance: &str, outcome: Outcome) -> Judgement {
    let why = match outcome {
        Outcome::Refused(why) => Some(why),
        Outcome::Decoded { violations: Some(why), .. } => Some(why),
        Outcome::Decoded { json, .. } => changed(&held(instance), &json),
    };
    match (is_valid, why) {
        (true, Some(why)) => Judgement::FalseRejection(why),
        // An invalid instance may change: what it means is not defined.
        (false, Some(why)) if !why.starts_with(CHANGED) => Judgement::Right,
        (false, _) => Judgement::FalseAcceptance,
        (true, None) => Judgement::Right,
    }
}

const CHANGED: &str = "it becomes ";

/// Returns the difference if an instance does not round-trip unchanged.
fn changed(before: &str, after: &str) -> Option<String> {
    // Numbers are equal by value: `1.0` is an integer.
    let value = |json: &str| serde_json::from_str::<Value>(json).ok();
    let is_equal = match (value(before), value(after)) {
        (Some(before), Some(after)) => equal(&before, &after),
        // A number that is larger than any float.
        _ => before.split_whitespace().eq(after.split_whitespace()),
    };
    (!is_equal).then(|| format!("{CHANGED}{after}"))
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}
