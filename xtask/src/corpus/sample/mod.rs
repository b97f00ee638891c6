//! Round trip of drawn values: for each component schema of a document, values that it allows are
//! decoded as its type, validated and encoded again. They must round-trip unchanged and without a
//! violation, and a union must decode as the variant whose schema the value was drawn from.
//!
//! Numbers must have the digits that they were sent with; timestamps may be written in UTC. A `null`
//! property equals an absent one, as for examples.
//!
//! | module | responsibility |
//! |---|---|
//! | `draw` | values of a schema |
//! | `merge` | plain schemas, for one choice of variants |
//! | `pattern` | strings that match a regular expression |
//! | `strings` | strings by format, pattern and length |
//! | `types` | the Rust types of components and of the members of unions |

mod draw;
mod merge;
mod pattern;
mod strings;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Sum;
use std::path::Path;

use serde_json::Value;

use self::draw::{Extent, Sampler};
use self::merge::{Choice, Schemas};
use super::documents::Document;
use super::examples::{contradicts, difference, is_old};
use super::mutate::Random;
use super::pointer::escape;
use super::table::grouped;
use super::{one, process};
use crate::corpus::program::{self, Case, Outcome};
use crate::timed::write;

/// The seed of all values.
const SEED: u64 = 1;
/// The maximum number of values, for unions with more members than values are wanted.
const VALUES: usize = 64;

/// The results for the components of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Sampled {
    /// The component schemas of the document.
    pub(super) components: usize,
    /// Those with a generated type and at least one value.
    pub(super) reached: usize,
    /// Those of which all values round-trip unchanged.
    pub(super) equal: usize,
    pub(super) values: usize,
    /// Values whose variant was compared with the member that they were drawn from.
    pub(super) variants: usize,
    /// What went wrong, one line for each component.
    pub(super) failed: Vec<String>,
}

/// The columns of the results.
pub(super) const HEAD: [&str; 7] =
    ["document", "components", "reached", "equal", "share", "values", "variants compared"];

impl Sampled {
    /// Returns whether fewer than 99.5 % of the components pass.
    pub(super) fn has_failed(&self) -> bool {
        self.equal * 1000 < self.reached * 995
    }

    /// Renders a row of the results.
    pub(super) fn row(&self, name: &str) -> Vec<String> {
        let per_mille = self.equal * 10_000 / self.reached.max(1);
        vec![
            name.to_owned(),
            grouped(self.components),
            grouped(self.reached),
            grouped(self.equal),
            format!("{}.{:02} %", per_mille / 100, per_mille % 100),
            grouped(self.values),
            grouped(self.variants),
        ]
    }
}

impl<'a> Sum<&'a Self> for Sampled {
    fn sum<I: Iterator<Item = &'a Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            components: sum.components + one.components,
            reached: sum.reached + one.reached,
            equal: sum.equal + one.equal,
            values: sum.values + one.values,
            variants: sum.variants + one.variants,
            failed: [sum.failed, one.failed.clone()].concat(),
        })
    }
}

/// A value of a component.
struct Drawn<'a> {
    component: &'a str,
    value: Value,
    /// The index of the program's result for the same value as the member it was drawn from.
    member: Option<usize>,
}

/// Draws values of the components of a document whose crate is in a directory.
pub(super) fn run(
    document: &Document,
    directory: &Path,
    is_part: bool,
    count: usize,
) -> Result<Sampled, String> {
    let input = one::input(&document.path, directory, is_part)?;
    let root = input.spec.tree()?;
    let types = types::find(&input, &root)?;
    let empty = serde_json::Map::new();
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&empty);
    let mut cases = Vec::new();
    let mut members = Vec::new();
    let mut drawn = Vec::new();
    let mut without = Vec::new();
    for (name, schema) in schemas {
        let pointer = format!("/components/schemas/{}", escape(name));
        let Some(ty) = types.get(&pointer) else {
            without.push(format!("{name}: has no type"));
            continue;
        };
        let values = values(&root, name, schema, count);
        if values.is_empty() {
            without.push(format!("{name}: no value was found"));
        }
        for (value, choice) in values {
            let json = value.to_string();
            let member = choice
                .and_then(|choice| sole_member(&root, schema, &choice, &value, &pointer, &types));
            let member = member.map(|ty| {
                members.push(Case { ty, json: json.clone() });
                members.len() - 1
            });
            cases.push(Case { ty: ty.clone(), json });
            drawn.push(Drawn { component: name, value, member });
        }
    }
    let first_member = cases.len();
    cases.extend(members);
    let folder = process::directory()?.join("sampled").join(&document.name);
    let outcomes =
        program::run(&cases, directory, &folder, &process::directory()?.join("programs"))?;
    let mut sampled =
        Sampled { components: schemas.len(), values: drawn.len(), ..Sampled::default() };
    let mut failures: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut reached = BTreeSet::new();
    for (one, outcome) in drawn.iter().zip(&outcomes) {
        reached.insert(one.component);
        let member = one.member.and_then(|index| outcomes.get(first_member + index));
        sampled.variants += usize::from(member.is_some());
        if let Err(why) = compare(&one.value, outcome, member) {
            let line = format!("{}: {why}: {}", one.component, one.value);
            failures.entry(one.component).or_default().push(line);
        }
    }
    sampled.reached = reached.len();
    sampled.equal = reached.len() - failures.len();
    sampled.failed = failures.values().filter_map(|lines| lines.first().cloned()).collect();
    let lines = |all: &mut dyn Iterator<Item = &String>| -> String {
        all.map(|line| format!("{line}\n")).collect()
    };
    write(&folder.join("failed.txt"), &lines(&mut failures.values().flatten()))?;
    write(&folder.join("not-reached.txt"), &lines(&mut without.iter()))?;
    Ok(sampled)
}

/// Draws different values of a component, and reports which member of a union each has.
fn values(root: &Value, name: &str, schema: &Value, count: usize) -> Vec<(Value, Option<Choice>)> {
    let mut all: Vec<(Value, Option<Choice>)> = Vec::new();
    let of_name = name.bytes().fold(SEED, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte));
    let mut wanted = count;
    let mut round = 0;
    while round < wanted {
        let extent = match round {
            0 => Extent::Least,
            1 => Extent::Most,
            _ => Extent::Some,
        };
        let random = Random::new(of_name, round as u64);
        let mut sampler =
            Sampler { schemas: Schemas { root, is_old: is_old(root), random }, extent };
        let mut chosen = None;
        // The first two members are drawn with the least and the most, like everything else.
        let value = sampler.draw(schema, round, &mut chosen);
        if let Some(choice) = &chosen {
            wanted = count.max((choice.members + 1).min(VALUES));
        }
        round += 1;
        let Some(value) = value else { continue };
        let is_new = all.iter().all(|(known, _)| *known != value);
        if is_new && contradicts(root, schema, &value).is_none() {
            all.push((value, chosen));
        }
    }
    all
}

/// Returns the type of the member that a value of a union was drawn from, if no other member
/// allows the value.
fn sole_member(
    root: &Value,
    schema: &Value,
    choice: &Choice,
    value: &Value,
    pointer: &str,
    types: &BTreeMap<String, String>,
) -> Option<String> {
    let members = schema.get(choice.keyword)?.as_array()?;
    let fitting = |member: &&Value| contradicts(root, member, value).is_none();
    if members.iter().filter(fitting).count() != 1 {
        return None;
    }
    let member = members.get(choice.member)?;
    let reference = member.get("$ref").and_then(Value::as_str);
    let own = || format!("{pointer}/{}/{}", choice.keyword, choice.member);
    let pointer =
        reference.map_or_else(own, |reference| reference.trim_start_matches('#').to_owned());
    types.get(&pointer).cloned()
}

/// Compares a value with what the program returned, and its variant with the member.
fn compare(value: &Value, outcome: &Outcome, member: Option<&Outcome>) -> Result<(), String> {
    let (json, violations, debug) = match outcome {
        Outcome::Decoded { json, violations, debug } => (json, violations, debug),
        Outcome::Refused(error) => return Err(format!("cannot be decoded: {error}")),
    };
    let back: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    if let Some(pointer) = difference(value, &back) {
        let at = |value: &Value| value.pointer(&pointer).map_or("nothing".into(), Value::to_string);
        return Err(format!("at `{pointer}`, {} becomes {}", at(value), at(&back)));
    }
    if let Some(violations) = violations {
        return Err(format!("is invalid: {violations}"));
    }
    match member {
        Some(Outcome::Decoded { debug: wanted, .. }) if !is_variant(debug, wanted) => {
            Err(format!("the variant is {debug:.60}, not one of {wanted:.60}"))
        }
        Some(Outcome::Refused(error)) => Err(format!("its variant cannot be decoded: {error}")),
        _ => Ok(()),
    }
}

/// Returns whether the `Debug` output of a union is that of a variant with a value.
fn is_variant(union: &str, value: &str) -> bool {
    let inner = |debug: &str| {
        let (_, rest) = debug.split_once('(')?;
        rest.strip_suffix(')').map(str::to_owned)
    };
    // A type that may be null is an option.
    let value =
        value.strip_prefix("Some(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(value);
    let mut at = Some(union.to_owned());
    while let Some(debug) = at {
        if debug == value {
            return true;
        }
        at = inner(&debug);
    }
    // A variant without a value, such as a constant.
    !union.contains('(')
}
