//! Every problem of a body that does not decode.
//!
//! Decoding ends at the first problem. To find the next, a value that would fit there, a
//! stand-in, is put in the place of the one that does not, or where one is missing, and all is
//! decoded again. Nothing is taken out, so that indices stay, unions are decided as before,
//! and nothing is missing that was sent.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use specwright_model::union::locate;
use specwright_model::validate::Checks;

use super::violations;
use super::wording::{expected, missing, problem_of};
use crate::refusal::Problem;

/// How many problems are named.
const MANY: usize = 100;
/// How often a body is decoded again, and how many bytes that may be in all; a large body
/// is decoded a few times at least.
const TURNS: usize = 1500;
const WORK: usize = 16 * 1024 * 1024;
const LEAST_TURNS: usize = 4;

/// Every problem in a JSON text of which this is the first.
pub(super) fn problems<T: DeserializeOwned>(
    text: &str,
    first: (String, String),
    check: impl FnOnce(&mut Checks, &T),
) -> Vec<Problem> {
    let tree = serde_json::from_str(text).unwrap_or_default();
    let mut mend = Mend { tree, stand_ins: Vec::new(), problems: Vec::new() };
    let mut failure = first;
    let mut work = 0;
    for turn in 0.. {
        let (pointer, message) = &failure;
        if mend.step(pointer, message).is_none() {
            return mend.problems;
        }
        let text = mend.tree.to_string();
        work += text.len();
        let is_enough = turn >= LEAST_TURNS && (turn > TURNS || work > WORK);
        if mend.problems.len() >= MANY || is_enough {
            break;
        }
        match serde_json::from_str::<T>(&text) {
            Ok(value) => {
                let found = violations(&value, check);
                mend.problems.extend(found.into_iter().filter(|p| !mend.stand_ins.hides(p)));
                if mend.problems.len() <= MANY {
                    return mend.problems;
                }
                break;
            }
            Err(error) => failure = locate(&text, &error),
        }
    }
    mend.problems.truncate(MANY);
    let message = "there may be more problems: the search for them was cut short";
    mend.problems.push(Problem::new("", message));
    mend.problems
}

/// A body that is being mended.
struct Mend {
    tree: Value,
    stand_ins: Vec<StandIn>,
    problems: Vec<Problem>,
}

/// A value that was put somewhere.
struct StandIn {
    pointer: String,
    /// Which of the candidates have been there.
    tried: [bool; CANDIDATES],
}

const CANDIDATES: usize = 8;

fn candidate(index: usize) -> Value {
    match index {
        0 => json!("2000-01-01T00:00:00Z"),
        1 => json!({}),
        2 => json!([]),
        3 => json!(1),
        4 => json!(false),
        5 => json!("2000-01-01"),
        6 => json!(""),
        _ => Value::Null,
    }
}

/// The candidate that is likely to fit, by what an error says it wants.
fn likely(message: &str) -> usize {
    match expected(message) {
        Some("an object" | "a map" | "a JSON object") => 1,
        Some("a sequence" | "an array") => 2,
        Some("a boolean") => 4,
        Some("i32" | "i64" | "u64" | "f64" | "a number" | "a JSON number") => 3,
        _ => 0,
    }
}

impl Mend {
    /// Notes a problem and mends it; `None` where nothing can be done.
    fn step(&mut self, pointer: &str, message: &str) -> Option<()> {
        let is_below = self.stand_ins.iter().any(|other| is_within(pointer, &other.pointer));
        if let Some(names) = missing(message) {
            for name in names {
                let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                if !is_below && !self.stand_ins.has(&place) {
                    self.problems.push(Problem::new(&place, "is required"));
                }
                self.put(&place, "")?;
            }
            return Some(());
        }
        let pointer = self.nearest(pointer);
        // What does not fit around a stand-in may do so because of it.
        let is_around = self.stand_ins.iter().any(|other| is_within(&other.pointer, pointer));
        if !is_below && !is_around {
            self.problems.push(problem_of(pointer, message));
        }
        self.put(pointer, message)
    }

    /// Puts the next candidate at a place or, where all have been there, around it.
    fn put(&mut self, pointer: &str, message: &str) -> Option<()> {
        let known = self.stand_ins.iter().position(|other| other.pointer == pointer);
        let at = known.unwrap_or_else(|| {
            self.stand_ins
                .push(StandIn { pointer: pointer.to_owned(), tried: [false; CANDIDATES] });
            self.stand_ins.len() - 1
        });
        let tried = &mut self.stand_ins.get_mut(at)?.tried;
        let likely = Some(likely(message)).filter(|index| !tried[*index]);
        let next = likely.or_else(|| tried.iter().position(|tried| !tried));
        let Some(next) = next else {
            let (around, _) = pointer.rsplit_once('/')?;
            self.stand_ins.retain(|other| !is_within(&other.pointer, around));
            return self.put(around, "");
        };
        tried[next] = true;
        // What stood within it has gone with it.
        self.stand_ins
            .retain(|other| other.pointer == pointer || !is_within(&other.pointer, pointer));
        *self.place(pointer)? = candidate(next);
        Some(())
    }

    /// A place that is there: an error may be about an element that an array lacks.
    fn nearest<'p>(&self, mut pointer: &'p str) -> &'p str {
        while self.tree.pointer(pointer).is_none() {
            pointer = pointer.rsplit_once('/').map_or("", |(around, _)| around);
        }
        pointer
    }

    /// The value at a place, made where a property is missing.
    fn place(&mut self, pointer: &str) -> Option<&mut Value> {
        if self.tree.pointer(pointer).is_some() {
            return self.tree.pointer_mut(pointer);
        }
        let (around, name) = pointer.rsplit_once('/')?;
        let name = name.replace("~1", "/").replace("~0", "~");
        let object = self.tree.pointer_mut(around)?.as_object_mut()?;
        Some(object.entry(name).or_insert(Value::Null))
    }
}

trait Places {
    fn has(&self, pointer: &str) -> bool;
    fn hides(&self, problem: &Problem) -> bool;
}

impl Places for Vec<StandIn> {
    /// Whether there is a stand-in at a place.
    fn has(&self, pointer: &str) -> bool {
        self.iter().any(|other| other.pointer == pointer)
    }

    /// Whether what is said of a place may be said of a stand-in: there, within, around it where
    /// two stand-ins are equal to each other, or beside it where it is named as the reason.
    fn hides(&self, Problem { place, message }: &Problem) -> bool {
        self.iter().any(|other| {
            let Some((around, name)) = other.pointer.rsplit_once('/') else { return true };
            let is_beside = place.rsplit_once('/').is_some_and(|(beside, _)| beside == around);
            is_within(place, &other.pointer)
                || around == place
                || is_beside && message.contains(&format!("`{name}`"))
        })
    }
}

/// Whether a place is another one, or within it.
fn is_within(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
