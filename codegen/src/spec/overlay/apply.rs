//! Application of an overlay. Its actions are applied in order, and each must match something.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::check::{self, Invalid, Version};
use super::json_path::{Step, pointer, query};
use crate::diagnostics::{Diagnostics, Location, Message, messages};
use crate::spec::tree::Tree;
use crate::spec::yaml::{MAX_DEPTH, depth};
use crate::text::{Budget, Exhausted, Origins, child, value_at};

/// The values that an element counts as when it is moved together with its origin.
const MOVE_COST: u64 = 300;

/// An overlay that is being applied.
struct Overlay<'a> {
    tree: &'a Tree,
    document: usize,
    version: Version,
    budget: &'a mut Budget,
    diagnostics: &'a mut Diagnostics,
}

/// Part of a tree, to be merged into a target.
struct Part<'a> {
    value: &'a Value,
    origins: &'a Origins,
    pointer: String,
    /// Whether a value may replace one of another type, as Overlay 1.0 does not exclude.
    is_lenient: bool,
}

/// Applies an overlay to a tree. `document` is the number of the overlay. An overlay whose structure
/// is invalid is not applied at all.
pub(in crate::spec) fn apply(
    overlay: &Tree,
    document: usize,
    target: &mut Tree,
    budget: &mut Budget,
    diagnostics: &mut Diagnostics,
) {
    let mut overlay =
        Overlay { tree: overlay, document, version: Version::V10, budget, diagnostics };
    match check::version(&overlay.tree.value) {
        Ok((version, newer)) => {
            overlay.version = version;
            newer.into_iter().for_each(|message| overlay.report("/overlay", message));
        }
        Err((pointer, message)) => return overlay.report(&pointer, message),
    }
    let invalid = check::document(&overlay.tree.value);
    if !invalid.is_empty() {
        return invalid.into_iter().for_each(|(pointer, why)| overlay.report(&pointer, why));
    }
    let actions = overlay.tree.value.get("actions").and_then(Value::as_array);
    for (i, action) in actions.into_iter().flatten().enumerate() {
        let invalid = overlay.act(action, &child("/actions", i), target).err();
        for (pointer, message) in invalid.into_iter().flatten() {
            overlay.report(&pointer, message);
        }
        if overlay.budget.is_exhausted() || !overlay.budget.has_work() {
            return;
        }
    }
}

impl Overlay<'_> {
    fn act(&mut self, action: &Value, at: &str, target: &mut Tree) -> Result<(), Vec<Invalid>> {
        let action = check::action(action, at, self.version)?;
        let invalid = |key: &str, message: Message| vec![(child(at, key), message)];
        let expression = action.get("target").and_then(Value::as_str).unwrap_or_default();
        let locations =
            query(expression, &target.value, self.budget).map_err(|why| invalid("target", why))?;
        if locations.is_empty() {
            self.report(&child(at, "target"), messages::unmatched_overlay_target(expression));
            return Ok(());
        }
        let is_lenient = self.version == Version::V10;
        if action.get("remove") == Some(&Value::Bool(true)) {
            let removed = remove_all(target, &locations, self.budget);
            removed.map_err(|why| {
                let expensive = || messages::expensive_json_path(expression);
                invalid("target", why.unwrap_or_else(expensive))
            })?;
        } else if let Some(update) = action.get("update") {
            let pointer = child(at, "update");
            let part = Part { value: update, origins: &self.tree.origins, pointer, is_lenient };
            self.check_size(&locations, update).map_err(|why| invalid("update", why))?;
            update_all(target, &locations, &part).map_err(|why| invalid("update", why))?;
        } else if let Some(copy) = action.get("copy").and_then(Value::as_str) {
            let (value, origins, pointer) =
                copied(copy, target, self.budget).map_err(|why| invalid("copy", why))?;
            self.check_size(&locations, &value).map_err(|why| invalid("copy", why))?;
            let part = Part { value: &value, origins: &origins, pointer, is_lenient };
            update_all(target, &locations, &part).map_err(|why| invalid("copy", why))?;
        }
        // An action without any of them changes nothing, which the specification allows.
        Ok(())
    }

    /// Checks that a value can be added at some locations. An action that copies a list to its own
    /// end makes it twice as long, and one that copies an object into itself nests it.
    fn check_size(&mut self, locations: &[Vec<Step>], value: &Value) -> Result<(), Message> {
        if !self.budget.take(value, locations.len()) {
            return Err(messages::too_large("the overlays are applied"));
        }
        let outer = locations.iter().map(Vec::len).max().unwrap_or_default();
        match outer + depth(value) > MAX_DEPTH {
            true => Err(messages::deep_update(MAX_DEPTH)),
            false => Ok(()),
        }
    }

    fn report(&mut self, pointer: &str, message: Message) {
        let location =
            Location::InDocument { document: self.document, pointer: pointer.to_owned() };
        self.diagnostics.report(location, message);
    }
}

/// Removes the values at some locations. What has the same parent is removed in one pass. The error
/// has no message if that is too much work.
fn remove_all(
    target: &mut Tree,
    locations: &[Vec<Step>],
    budget: &mut Budget,
) -> Result<(), Option<Message>> {
    let mut by_parent: BTreeMap<&[Step], Vec<&Step>> = BTreeMap::new();
    for location in locations {
        let (last, parent) = location.split_last().ok_or_else(messages::removed_root)?;
        by_parent.entry(parent).or_default().push(last);
    }
    // Inner values come after outer ones. In reverse, the remaining locations stay valid.
    for (location, steps) in by_parent.iter().rev() {
        let parent = pointer(location);
        match target.value.pointer_mut(&parent) {
            Some(Value::Object(entries)) => {
                budget.work(entries.len() as u64).map_err(|Exhausted| None)?;
                let names: BTreeSet<&str> = steps.iter().filter_map(|step| step.name()).collect();
                entries.retain(|name, _| !names.contains(name.as_str()));
                names.iter().for_each(|name| target.origins.forget(&child(&parent, name)));
            }
            Some(Value::Array(items)) => {
                let indices: Vec<usize> = steps.iter().filter_map(|step| step.index()).collect();
                let moved =
                    items.len().saturating_sub(indices.first().copied().unwrap_or_default());
                budget.work(MOVE_COST * moved as u64).map_err(|Exhausted| None)?;
                target.origins.removed(&parent, &indices, items.len());
                let mut gone = indices.iter().peekable();
                let mut index = 0..;
                items.retain(|_| gone.next_if_eq(&&index.next().unwrap_or_default()).is_none());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the value that an action copies, as it is at this point.
fn copied(
    expression: &str,
    target: &Tree,
    budget: &mut Budget,
) -> Result<(Value, Origins, String), Message> {
    let locations = query(expression, &target.value, budget)?;
    let [location] = locations.as_slice() else {
        return Err(messages::ambiguous_copy(expression, locations.len()));
    };
    let pointer = pointer(location);
    let value = value_at(&target.value, &pointer).cloned().unwrap_or_default();
    let origins = target.origins.clone_below(&pointer);
    Ok((value, origins, pointer))
}

/// Updates all targets, or none if one of them cannot be updated.
fn update_all(target: &mut Tree, locations: &[Vec<Step>], part: &Part<'_>) -> Result<(), Message> {
    let mut kinds = Vec::new();
    for location in locations {
        let at = pointer(location);
        let Some(value) = value_at(&target.value, &at) else { continue };
        match (value, part.value) {
            (Value::Object(_), Value::Object(_)) | (Value::Array(_), _) => {}
            (Value::Object(_), _) => return Err(messages::merge_into_object(at)),
            (_, Value::Object(_) | Value::Array(_)) => {
                return Err(messages::merge_into_scalar(at));
            }
            _ => {}
        }
        check(value, &at, part)?;
        let kind = Kind::of(value);
        if kinds.iter().any(|other| *other != kind) && !part.is_lenient {
            return Err(messages::mixed_targets());
        }
        kinds = vec![kind];
    }
    for location in locations {
        let at = pointer(location);
        let Some(value) = target.value.pointer_mut(&at) else { continue };
        match (&mut *value, part.value) {
            // A single element is appended.
            (Value::Array(items), entry) if !entry.is_array() => {
                let end = child(&at, items.len());
                items.push(entry.clone());
                target.origins.graft(&end, part.origins, &part.pointer);
            }
            _ => merge(value, &at, &mut target.origins, part),
        }
    }
    Ok(())
}

/// What a value is for a merge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
    Primitive,
}

impl Kind {
    fn of(value: &Value) -> Self {
        match value {
            Value::Object(_) => Self::Object,
            Value::Array(_) => Self::Array,
            _ => Self::Primitive,
        }
    }
}

/// Checks that no property is replaced by one of another type.
fn check(value: &Value, at: &str, part: &Part<'_>) -> Result<(), Message> {
    let (Value::Object(entries), Value::Object(updates)) = (value, part.value) else {
        return Ok(());
    };
    for (key, update) in updates {
        let Some(value) = entries.get(key) else { continue };
        let (at, pointer) = (child(at, key), child(&part.pointer, key));
        if Kind::of(value) != Kind::of(update) && !part.is_lenient {
            return Err(messages::incompatible_update(at));
        }
        check(value, &at, &Part { value: update, pointer, ..*part })?;
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
