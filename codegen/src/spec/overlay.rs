//! OpenAPI overlays: documents that repair or trim a description without editing it. Their
//! actions are carried out one after the other, and each has to match something.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use super::Tree;
use crate::diagnostics::{Diagnostics, Location, Message, messages};
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
        return overlay.report("/overlay", messages::unsupported_overlay_version());
    }
    let Some(actions) = overlay.tree.value.get("actions").and_then(Value::as_array) else {
        return overlay.report("/actions", messages::overlay_without_actions());
    };
    for (i, action) in actions.iter().enumerate() {
        let at = child("/actions", i);
        if let Err((pointer, message)) = overlay.act(action, &at, target) {
            overlay.report(&pointer, message);
        }
    }
}

/// Why an action cannot be applied, and where.
type Invalid = (String, Message);

impl Overlay<'_> {
    fn act(&mut self, action: &Value, at: &str, target: &mut Tree) -> Result<(), Invalid> {
        let invalid = |key: &str, message: Message| (child(at, key), message);
        let Some(entries) = action.as_object() else {
            return Err((at.to_owned(), messages::invalid_action()));
        };
        if let Some(key) =
            entries.keys().find(|key| !KEYS.contains(&key.as_str()) && !key.starts_with("x-"))
        {
            return Err(invalid(key, messages::unknown_action_field(key)));
        }
        let Some(expression) = action.get("target").and_then(Value::as_str) else {
            return Err(invalid("target", messages::action_without_target()));
        };
        let places = query(expression, &target.value).map_err(|why| invalid("target", why))?;
        if places.is_empty() {
            self.report(&child(at, "target"), messages::unmatched_overlay_target(expression));
            return Ok(());
        }
        match (action.get("remove"), action.get("update"), action.get("copy")) {
            (Some(Value::Bool(true)), ..) => {
                // From the back, so that the places of those in front stay what they are.
                for place in places.iter().rev() {
                    remove(target, place).map_err(|why| invalid("target", why))?;
                }
                Ok(())
            }
            (Some(other), ..) if !other.is_boolean() => {
                Err(invalid("remove", messages::invalid_remove()))
            }
            (_, Some(update), _) => {
                let pointer = child(at, "update");
                let part = Part { value: update, origins: &self.tree.origins, pointer };
                update_all(target, &places, &part).map_err(|why| invalid("update", why))
            }
            (_, None, Some(copy)) => {
                let (value, origins, pointer) =
                    copied(copy, target).map_err(|why| invalid("copy", why))?;
                let part = Part { value: &value, origins: &origins, pointer };
                update_all(target, &places, &part).map_err(|why| invalid("copy", why))
            }
            (_, None, None) => Err((at.to_owned(), messages::action_without_effect())),
        }
    }

    fn report(&mut self, pointer: &str, message: Message) {
        let location =
            Location::InDocument { document: self.document, pointer: pointer.to_owned() };
        self.diagnostics.report(location, message);
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
fn query(expression: &str, value: &Value) -> Result<Vec<Vec<Step>>, Message> {
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
        return Err(messages::nested_json_path(DEPTH));
    }
    let path = JsonPath::parse(expression).map_err(|error| {
        let (before, rest) =
            expression.split_at_checked(error.position()).unwrap_or((expression, ""));
        match (expression.starts_with('$'), rest) {
            (false, _) => messages::json_path_without_root(expression),
            (true, "") => messages::incomplete_json_path(expression),
            (true, rest) => {
                let column = before.chars().count() + 1;
                messages::invalid_json_path(expression, column, rest, error.message())
            }
        }
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
fn remove(target: &mut Tree, place: &[Step]) -> Result<(), Message> {
    let Some((last, parent)) = place.split_last() else {
        return Err(messages::removed_root());
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
fn copied(copy: &Value, target: &Tree) -> Result<(Value, Origins, String), Message> {
    let expression = copy.as_str().ok_or_else(messages::invalid_copy)?;
    let places = query(expression, &target.value)?;
    let [place] = places.as_slice() else {
        return Err(messages::ambiguous_copy(expression, places.len()));
    };
    let pointer = pointer(place);
    let value = target.value.pointer(&pointer).cloned().unwrap_or_default();
    Ok((value, target.origins.clone(), pointer))
}

fn update_all(target: &mut Tree, places: &[Vec<Step>], part: &Part<'_>) -> Result<(), Message> {
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
                return Err(messages::merge_into_object(at));
            }
            (_, Value::Object(_) | Value::Array(_)) => {
                return Err(messages::merge_into_scalar(at));
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
