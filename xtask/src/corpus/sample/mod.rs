//! Round trip of drawn values: for each component schema of a document, and for each union in other
//! locations, values that it allows are decoded as its type, validated and encoded again. They must
//! round-trip unchanged and without a violation, and a union must decode as the variant whose schema
//! the value was drawn from.
//!
//! Numbers must have the digits that they were sent with; timestamps may be written in UTC. A `null`
//! property equals an absent one, as for examples.
//!
//! | module | responsibility |
//! |---|---|
//! | `compare` | whether a value passes |
//! | `document` | the document that the values are drawn from, and the types of its schemas |
//! | `draw` | values of a schema |
//! | `merge` | plain schemas, for one choice of variants |
//! | `numbers` | numbers as they are written |
//! | `pattern` | strings that match a regular expression |
//! | `results` | the results of a document |
//! | `strings` | strings by format, pattern and length |
//! | `unions` | the unions of a document |

mod compare;
mod document;
mod draw;
mod merge;
mod numbers;
mod pattern;
mod results;
mod strings;
mod unions;

pub(super) use results::{HEAD, Sampled};

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::compare::{Failure, compare};
use self::document::Located;
use self::draw::{Extent, Sampler};
use self::merge::{Choice, Schemas};
use self::numbers::with_zeros;
use super::documents::Document;
use super::examples::{contradicts, is_old};
use super::mutate::Random;
use super::pointer::unescape;
use super::{one, process};
use crate::corpus::program::{self, Case, Outcome};
use crate::timed::write;

/// The seed of all values.
const SEED: u64 = 1;
/// The maximum number of values, for unions with more members than values are wanted.
const VALUES: usize = 64;

/// A value of a schema.
struct Drawn {
    /// The index of the schema.
    schema: usize,
    json: String,
    /// The index of the program's result for the same value as the member it was drawn from.
    member: Option<usize>,
}

/// A schema that values are drawn from.
struct Target {
    pointer: String,
    is_component: bool,
}

impl Target {
    /// Returns the name of a component, or the pointer of another schema.
    fn name(&self) -> String {
        let sections = ["/components/schemas/", "/definitions/"];
        let name = sections.iter().find_map(|section| self.pointer.strip_prefix(section));
        let name = name.filter(|_| self.is_component);
        name.map_or_else(|| format!("#{}", self.pointer), unescape)
    }
}

/// Draws values of the components and unions of a document.
pub(super) fn run(document: &Document, is_part: bool, count: usize) -> Result<Sampled, String> {
    let crates = process::directory()?.join("sampled-crates");
    let directory = crates.join(&document.name);
    let input = one::input(&document.path, &directory, is_part)?;
    let root = input.spec.tree()?;
    let located = Located::new(&input, &root)?;
    located.generate(&directory)?;
    let targets = targets(&root, &located);
    let (mut cases, mut members, mut drawn) = (Vec::new(), Vec::new(), Vec::new());
    let mut without: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, target) in targets.iter().enumerate() {
        let Some(schema) = root.pointer(&target.pointer) else { continue };
        let name = target.name();
        let Some(ty) = located.types.get(&target.pointer).filter(|ty| !is_file(ty)) else {
            without.entry(reason(target, &located)).or_default().push(name);
            continue;
        };
        let values = values(&root, &name, schema, count);
        if values.is_empty() && target.is_component {
            without.entry("no value was found").or_default().push(name);
        }
        for DrawnValue { value, choice, json } in values {
            let member = choice.and_then(|choice| {
                sole_member(&root, schema, &choice, &value, &target.pointer, &located.types)
            });
            let member = member.map(|ty| {
                members.push(Case { ty, json: json.clone() });
                members.len() - 1
            });
            cases.push(Case { ty: ty.clone(), json: json.clone() });
            drawn.push(Drawn { schema: index, json, member });
        }
    }
    let first_member = cases.len();
    cases.extend(members);
    let folder = process::directory()?.join("sampled").join(&document.name);
    let outcomes =
        program::run(&cases, &directory, &folder, &process::directory()?.join("programs"))?;
    let results = Results { drawn: &drawn, outcomes: &outcomes, first_member };
    let (mut sampled, failures) = results.count(&targets);
    sampled.unused = located.unused.len();
    let of_reason = |(why, names): (&&str, &Vec<String>)| format!("{} {why}", names.len());
    sampled.not_reached = without.iter().map(of_reason).collect();
    let lines = |all: &mut dyn Iterator<Item = String>| -> String {
        all.map(|line| format!("{line}\n")).collect()
    };
    write(&folder.join("failed.txt"), &lines(&mut failures.into_iter()))?;
    let names = without.iter().flat_map(|(why, names)| names.iter().map(move |name| (why, name)));
    let mut names = names.map(|(why, name)| format!("{name}: {why}"));
    write(&folder.join("not-reached.txt"), &lines(&mut names))?;
    Ok(sampled)
}

/// Returns the schemas that values are drawn from: all components, then all other unions.
fn targets(root: &Value, located: &Located) -> Vec<Target> {
    let components = document::components(root).into_iter();
    let components = components.map(|pointer| Target { pointer, is_component: true });
    let unions = located.inline_unions.iter().cloned();
    components.chain(unions.map(|pointer| Target { pointer, is_component: false })).collect()
}

/// Returns whether a type has files of forms.
fn is_file(ty: &str) -> bool {
    ty.contains("Blob")
}

/// Returns why no values are drawn from a schema.
fn reason(target: &Target, located: &Located) -> &'static str {
    match located.types.get(&target.pointer) {
        Some(_) => "are files",
        None if target.is_component => "have no type, even with an operation",
        None => "unions are not types: parts of an `allOf`, or of bodies that are not JSON",
    }
}

/// A value with the member of the union that it was drawn from.
struct DrawnValue {
    value: Value,
    choice: Option<Choice>,
    json: String,
}

/// What became of all values.
struct Results<'a> {
    drawn: &'a [Drawn],
    outcomes: &'a [Outcome],
    /// The index of the first result of a member.
    first_member: usize,
}

impl Results<'_> {
    /// Counts what passes, and describes what does not.
    fn count(&self, targets: &[Target]) -> (Sampled, Vec<String>) {
        let mut sampled = Sampled { values: self.drawn.len(), ..Sampled::default() };
        let mut failures: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let (mut reached, mut unions) = (BTreeSet::new(), BTreeSet::new());
        for (one, outcome) in self.drawn.iter().zip(self.outcomes) {
            let target = &targets[one.schema];
            reached.insert(one.schema);
            let member = one.member.and_then(|index| self.outcomes.get(self.first_member + index));
            if member.is_some() {
                sampled.variants += 1;
                unions.insert(one.schema);
            }
            if let Err(Failure { why, is_wrong_variant }) = compare(&one.json, outcome, member) {
                sampled.wrong += usize::from(is_wrong_variant);
                let line = format!("{}: {why}: {}", target.name(), one.json);
                failures.entry(one.schema).or_default().push(line);
            }
        }
        let is_component = |index: &&usize| targets[**index].is_component;
        sampled.components = targets.iter().filter(|target| target.is_component).count();
        sampled.reached = reached.iter().filter(is_component).count();
        sampled.equal = sampled.reached - failures.keys().filter(is_component).count();
        sampled.unions = unions.len();
        sampled.failed = failures.values().filter_map(|lines| lines.first().cloned()).collect();
        (sampled, failures.into_values().flatten().collect())
    }
}

/// Draws different values of a component, and reports which member of a union each has.
fn values(root: &Value, name: &str, schema: &Value, count: usize) -> Vec<DrawnValue> {
    let mut all: Vec<DrawnValue> = Vec::new();
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
        let is_new = all.iter().all(|known| known.value != value);
        if is_new && contradicts(root, schema, &value).is_none() {
            let json = match extent {
                // Numbers are often written with more digits than they need.
                Extent::Most => with_zeros(&value.to_string()),
                _ => value.to_string(),
            };
            all.push(DrawnValue { value, choice: chosen, json });
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
    // The content of a file is not JSON.
    types.get(&pointer).filter(|ty| !is_file(ty)).cloned()
}
