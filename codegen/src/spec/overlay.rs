//! OpenAPI overlays: documents that repair or trim a description without editing it. Their
//! actions are carried out one after the other, and each has to match something.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use super::Tree;
use crate::diagnostics::{Diagnostics, Location, code};
use crate::text::Origins;
use crate::text::child;

/// What an action may have.
const KEYS: [&str; 5] = ["target", "description", "update", "remove", "copy"];

/// How deep the brackets of a target may be nested: they are read by recursion.
const DEPTH: usize = 64;

/// An overlay that is being applied.
struct Overlay<'a> {
    tree: &'a Tree,
    document: usize,
    diagnostics: &'a mut Diagnostics,
}

/// Something to merge into a target: a part of a tree.
struct Part<'a> {
    value: &'a Value,
    origins: &'a Origins,
    pointer: String,
}

/// Applies an overlay, which is the document of this number, to a tree.
pub(super) fn apply(
    overlay: &Tree,
    document: usize,
    target: &mut Tree,
    diagnostics: &mut Diagnostics,
) {
    let mut overlay = Overlay { tree: overlay, document, diagnostics };
    let version = overlay.tree.value.get("overlay").and_then(Value::as_str);
    if !version.is_some_and(|version| version.starts_with("1.")) {
        let message = "this is no overlay of version 1: it has no `overlay: 1.0.0`";
        return overlay.bad("/overlay", message);
    }
    let Some(actions) = overlay.tree.value.get("actions").and_then(Value::as_array) else {
        return overlay.bad("/actions", "an overlay has a list of `actions`");
    };
    for (i, action) in actions.iter().enumerate() {
        let at = child("/actions", i);
        if let Err((pointer, message)) = overlay.act(action, &at, target) {
            overlay.bad(&pointer, &message);
        }
    }
}

/// Why an action cannot be carried out, and where.
type Refused = (String, String);

impl Overlay<'_> {
    fn act(&mut self, action: &Value, at: &str, target: &mut Tree) -> Result<(), Refused> {
        let refuse = |key: &str, message: &str| (child(at, key), message.to_owned());
        let Some(entries) = action.as_object() else {
            return Err((at.to_owned(), "an action is an object".to_owned()));
        };
        if let Some(key) =
            entries.keys().find(|key| !KEYS.contains(&key.as_str()) && !key.starts_with("x-"))
        {
            return Err((child(at, key), format!("an action has no `{key}`")));
        }
        let Some(expression) = action.get("target").and_then(Value::as_str) else {
            return Err(refuse("target", "an action has a `target`, which is a JSONPath"));
        };
        let places = query(expression, &target.value).map_err(|why| (child(at, "target"), why))?;
        if places.is_empty() {
            let place = Location::Document(self.document, child(at, "target"));
            let message = format!("`{expression}` matches nothing in the description");
            self.diagnostics.error(&code::MATCHES_NOTHING, place, message);
            return Ok(());
        }
        match (action.get("remove"), action.get("update"), action.get("copy")) {
            (Some(Value::Bool(true)), ..) => {
                // From the back, so that the places of those in front stay what they are.
                for place in places.iter().rev() {
                    remove(target, place).map_err(|why| refuse("target", why))?;
                }
                Ok(())
            }
            (Some(other), ..) if !other.is_boolean() => {
                Err(refuse("remove", "`remove` is `true` or `false`"))
            }
            (_, Some(update), _) => {
                let pointer = child(at, "update");
                let part = Part { value: update, origins: &self.tree.origins, pointer };
                update_all(target, &places, &part).map_err(|why| refuse("update", &why))
            }
            (_, None, Some(copy)) => {
                let (value, origins, pointer) =
                    copied(copy, target).map_err(|why| refuse("copy", &why))?;
                let part = Part { value: &value, origins: &origins, pointer };
                update_all(target, &places, &part).map_err(|why| refuse("copy", &why))
            }
            (_, None, None) => {
                Err((at.to_owned(), "an action has an `update`, a `remove` or a `copy`".to_owned()))
            }
        }
    }

    fn bad(&mut self, pointer: &str, message: &str) {
        let place = Location::Document(self.document, pointer.to_owned());
        self.diagnostics.error(&code::BAD_OVERLAY, place, message);
    }
}

/// One step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Index(usize),
    Name(String),
}

/// The places that an expression matches, each once, in an order in which an element of an
/// array comes before those behind it and before what it holds.
fn query(expression: &str, value: &Value) -> Result<Vec<Vec<Step>>, String> {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for c in expression.chars() {
        match c {
            '(' | '[' | '!' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > DEPTH {
        return Err(format!("the brackets of this JSONPath are nested deeper than {DEPTH}"));
    }
    let path = JsonPath::parse(expression).map_err(|error| {
        let (before, rest) =
            expression.split_at_checked(error.position()).unwrap_or((expression, ""));
        let place = match (expression.starts_with('$'), rest) {
            (false, _) => "it must begin with `$`".to_owned(),
            (true, "") => "it ends too early".to_owned(),
            (true, rest) => {
                let sign = before.chars().count() + 1;
                format!("`{rest}`, from sign {sign} on, cannot be read ({})", error.message())
            }
        };
        format!("`{expression}` is no JSONPath (RFC 9535): {place}")
    })?;
    let mut places: Vec<Vec<Step>> = path
        .query_located(value)
        .locations()
        .map(|location| {
            let steps = location.iter().map(|element| match element {
                PathElement::Name(name) => Step::Name((*name).to_owned()),
                PathElement::Index(index) => Step::Index(*index),
            });
            steps.collect()
        })
        .collect();
    places.sort();
    places.dedup();
    Ok(places)
}

fn pointer(place: &[Step]) -> String {
    place.iter().fold(String::new(), |pointer, step| match step {
        Step::Index(index) => child(&pointer, index),
        Step::Name(name) => child(&pointer, name),
    })
}

/// Removes what stands at a place, if it has not gone with something around it.
fn remove(target: &mut Tree, place: &[Step]) -> Result<(), &'static str> {
    let Some((last, parent)) = place.split_last() else {
        return Err("the whole description cannot be removed");
    };
    let parent = pointer(parent);
    match (target.value.pointer_mut(&parent), last) {
        (Some(Value::Object(entries)), Step::Name(name)) => {
            entries.shift_remove(name);
            target.origins.forget(&child(&parent, name));
        }
        (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
            target.origins.removed(&parent, *index, items.len());
            items.remove(*index);
        }
        _ => {}
    }
    Ok(())
}

/// What an action copies: one value of the description as it is now.
fn copied(copy: &Value, target: &Tree) -> Result<(Value, Origins, String), String> {
    let expression = copy.as_str().ok_or("`copy` is a JSONPath")?;
    let places = query(expression, &target.value)?;
    let [place] = places.as_slice() else {
        return Err(format!("`{expression}` must match one value, and matches {}", places.len()));
    };
    let pointer = pointer(place);
    let value = target.value.pointer(&pointer).cloned().unwrap_or_default();
    Ok((value, target.origins.clone(), pointer))
}

fn update_all(target: &mut Tree, places: &[Vec<Step>], part: &Part<'_>) -> Result<(), String> {
    for place in places {
        let at = pointer(place);
        let Some(value) = target.value.pointer_mut(&at) else { continue };
        match (&mut *value, part.value) {
            (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => {}
            // One entry to append.
            (Value::Array(items), entry) => {
                let end = child(&at, items.len());
                items.push(entry.clone());
                target.origins.graft(&end, part.origins, &part.pointer);
                continue;
            }
            (Value::Object(_), _) => {
                return Err(format!("`{at}` is an object, so what is merged into it must be one"));
            }
            (_, Value::Object(_) | Value::Array(_)) => {
                return Err(format!("`{at}` is a plain value, and cannot be merged with this"));
            }
            _ => {}
        }
        merge(value, &at, &mut target.origins, part);
    }
    Ok(())
}

/// Merges objects key by key, appends to arrays, and replaces all else.
fn merge(value: &mut Value, at: &str, origins: &mut Origins, part: &Part<'_>) {
    match (value, part.value) {
        (Value::Object(entries), Value::Object(updates)) => {
            for (key, update) in updates {
                let (at, pointer) = (child(at, key), child(&part.pointer, key));
                match entries.get_mut(key) {
                    Some(value) => {
                        merge(value, &at, origins, &Part { value: update, pointer, ..*part });
                    }
                    None => {
                        entries.insert(key.clone(), update.clone());
                        origins.graft(&at, part.origins, &pointer);
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(updates)) => {
            for (i, update) in updates.iter().enumerate() {
                origins.graft(&child(at, items.len()), part.origins, &child(&part.pointer, i));
                items.push(update.clone());
            }
        }
        (value, update) => {
            *value = update.clone();
            origins.graft(at, part.origins, &part.pointer);
        }
    }
}
