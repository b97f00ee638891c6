//! Application of an overlay. Its actions are applied in order, and each must match something.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use crate::diagnostics::{Diagnostics, Location, Message, messages};
use crate::spec::tree::Tree;
use crate::text::{Origins, child, value_at};

/// Fields of an action.
const FIELDS: [&str; 5] = ["target", "description", "update", "remove", "copy"];

/// Maximum nesting of a JSONPath, whose parser is recursive.
const MAX_DEPTH: usize = 64;

/// An overlay that is being applied.
struct Overlay<'a> {
    tree: &'a Tree,
    document: usize,
    diagnostics: &'a mut Diagnostics,
}

/// Part of a tree, to be merged into a target.
struct Part<'a> {
    value: &'a Value,
    origins: &'a Origins,
    pointer: String,
}

/// Applies an overlay to a tree. `document` is the number of the overlay.
pub(in crate::spec) fn apply(
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
            entries.keys().find(|key| !FIELDS.contains(&key.as_str()) && !key.starts_with("x-"))
        {
            return Err(invalid(key, messages::unknown_action_field(key)));
        }
        let Some(expression) = action.get("target").and_then(Value::as_str) else {
            return Err(invalid("target", messages::action_without_target()));
        };
        let locations = query(expression, &target.value).map_err(|why| invalid("target", why))?;
        if locations.is_empty() {
            self.report(&child(at, "target"), messages::unmatched_overlay_target(expression));
            return Ok(());
        }
        match (action.get("remove"), action.get("update"), action.get("copy")) {
            (Some(Value::Bool(true)), ..) => {
                // In reverse, so that the remaining locations stay valid.
                for location in locations.iter().rev() {
                    remove(target, location).map_err(|why| invalid("target", why))?;
                }
                Ok(())
            }
            (Some(other), ..) if !other.is_boolean() => {
                Err(invalid("remove", messages::invalid_remove()))
            }
            (_, Some(update), _) => {
                let pointer = child(at, "update");
                let part = Part { value: update, origins: &self.tree.origins, pointer };
                update_all(target, &locations, &part).map_err(|why| invalid("update", why))
            }
            (_, None, Some(copy)) => {
                let (value, origins, pointer) =
                    copied(copy, target).map_err(|why| invalid("copy", why))?;
                let part = Part { value: &value, origins: &origins, pointer };
                update_all(target, &locations, &part).map_err(|why| invalid("copy", why))
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

/// One step of the path to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Index(usize),
    Name(String),
}

/// Returns the locations that an expression matches, each once. An element of an array comes before
/// later elements, and before its own content.
pub(super) fn query(expression: &str, value: &Value) -> Result<Vec<Vec<Step>>, Message> {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for c in expression.chars() {
        match c {
            '(' | '[' | '!' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > MAX_DEPTH {
        return Err(messages::nested_json_path(MAX_DEPTH));
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
    let mut locations: Vec<Vec<Step>> = path
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
    locations.sort();
    locations.dedup();
    Ok(locations)
}

pub(super) fn pointer(location: &[Step]) -> String {
    location.iter().fold(String::new(), |pointer, step| match step {
        Step::Index(index) => child(&pointer, index),
        Step::Name(name) => child(&pointer, name),
    })
}

/// Removes the value at a location, unless it was removed together with an enclosing value.
fn remove(target: &mut Tree, location: &[Step]) -> Result<(), Message> {
    let Some((last, parent)) = location.split_last() else {
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

/// Returns the value that an action copies, as it is at this point.
fn copied(copy: &Value, target: &Tree) -> Result<(Value, Origins, String), Message> {
    let expression = copy.as_str().ok_or_else(messages::invalid_copy)?;
    let locations = query(expression, &target.value)?;
    let [location] = locations.as_slice() else {
        return Err(messages::ambiguous_copy(expression, locations.len()));
    };
    let pointer = pointer(location);
    let value = value_at(&target.value, &pointer).cloned().unwrap_or_default();
    Ok((value, target.origins.clone(), pointer))
}

fn update_all(target: &mut Tree, locations: &[Vec<Step>], part: &Part<'_>) -> Result<(), Message> {
    for location in locations {
        let at = pointer(location);
        let Some(value) = target.value.pointer_mut(&at) else { continue };
        match (&mut *value, part.value) {
            (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => {}
            // A single element is appended.
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

/// Merges objects recursively, appends to arrays, and replaces other values.
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
