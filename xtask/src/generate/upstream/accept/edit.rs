//! Changes of one entry in a YAML file. Everything else keeps its format and its comments.
//!
//! A change is made in the lines of the entry. If that is not possible, for example in a flow
//! collection, the nearest part around it that has lines of its own is written again. The result is
//! read, and must be what it was before, apart from the change.

use serde_json::{Map, Value};
use specwright::Source;

use super::lines::Lines;
use crate::corpus::pointer::{escape, unescape};

/// A change of an entry of an object.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// JSON pointer of the object, which is created if it does not exist.
    pub(super) parent: String,
    pub(super) key: String,
    pub(super) action: EditAction,
    /// A comment that is written above.
    pub(super) note: Option<String>,
}

/// What happens to the entry.
#[derive(Clone, Debug)]
pub(super) enum EditAction {
    Set(Value),
    Unset,
    /// The array that it is gets another element.
    Add(Value),
    /// The first such element of the array that it is is removed, and the entry with the last one.
    Drop(Value),
}

/// Applies a change to the content of a file.
///
/// # Errors
/// Returns an error if the file is not YAML, or has no part that the change can be made in.
pub(super) fn apply(name: &str, content: &str, edit: &Edit) -> Result<String, String> {
    let tree = |content: &str| Source::new(name, content).tree();
    let old = tree(content).map_err(|error| format!("error: {name}: {error}"))?;
    let edit = normal(&old, edit);
    let mut wanted = old.clone();
    if edit.apply(&mut wanted).is_none() {
        return Err(edit.error(name));
    }
    if wanted == old {
        return Ok(content.to_owned());
    }
    let is_right = |written: &String| tree(written).is_ok_and(|found| found == wanted);
    if let Some(written) = edit.write(content, &old).filter(is_right) {
        return Ok(written);
    }
    // The part itself, or what contains it, is written again.
    let mut pointer = format!("{}/{}", edit.parent, escape(&edit.key));
    while !pointer.is_empty() {
        if let Some(value) = wanted.pointer(&pointer).filter(|_| old.pointer(&pointer).is_some()) {
            let mut lines = Lines::read(content);
            let is_written = lines.replace(&pointer, value, edit.note.as_deref()).is_some();
            if let Some(written) = is_written.then(|| lines.content()).filter(is_right) {
                return Ok(written);
            }
        }
        pointer.truncate(pointer.rfind('/').unwrap_or_default());
    }
    Err(edit.error(name))
}

/// Returns the same change of an object that exists, and of an entry if it is about the only element.
fn normal(tree: &Value, edit: &Edit) -> Edit {
    let mut edit = edit.clone();
    let entry = tree.pointer(&edit.parent).and_then(|parent| parent.get(&edit.key));
    let length = entry.and_then(Value::as_array).map(Vec::len);
    edit.action = match edit.action {
        EditAction::Add(value) if length.is_none_or(|length| length == 0) => {
            EditAction::Set(Value::Array(vec![value]))
        }
        EditAction::Drop(_) if length == Some(1) => EditAction::Unset,
        action => action,
    };
    while tree.pointer(&edit.parent).is_none_or(|parent| !parent.is_object())
        && let EditAction::Set(value) = &mut edit.action
        && let Some((outer, key)) = edit.parent.clone().rsplit_once('/')
    {
        let inner = Map::from_iter([(std::mem::take(&mut edit.key), value.take())]);
        *value = Value::Object(inner);
        (edit.parent, edit.key) = (outer.to_owned(), unescape(key));
    }
    edit
}

impl Edit {
    /// Applies the change to a tree. Returns none if it does not apply.
    fn apply(&self, tree: &mut Value) -> Option<()> {
        let parent = tree.pointer_mut(&self.parent)?;
        if let (Value::Array(items), EditAction::Set(value)) = (&mut *parent, &self.action) {
            *items.get_mut(self.key.parse::<usize>().ok()?)? = value.clone();
            return Some(());
        }
        let parent = parent.as_object_mut()?;
        match &self.action {
            EditAction::Set(value) => drop(parent.insert(self.key.clone(), value.clone())),
            EditAction::Unset => drop(parent.remove(&self.key)?),
            EditAction::Add(value) => {
                parent.get_mut(&self.key)?.as_array_mut()?.push(value.clone())
            }
            EditAction::Drop(value) => {
                let items = parent.get_mut(&self.key)?.as_array_mut()?;
                items.remove(items.iter().position(|item| item == value)?);
            }
        }
        Some(())
    }

    /// Makes the change in the lines of the entry.
    fn write(&self, content: &str, old: &Value) -> Option<String> {
        let pointer = format!("{}/{}", self.parent, escape(&self.key));
        let note = self.note.as_deref();
        let mut lines = Lines::read(content);
        match &self.action {
            EditAction::Set(value) if old.pointer(&pointer).is_some() => {
                lines.replace(&pointer, value, note)?;
            }
            EditAction::Set(value) => lines.insert(&self.parent, &self.key, value, note)?,
            EditAction::Unset => lines.remove(&pointer, note)?,
            EditAction::Add(value) => lines.append(&pointer, value, note)?,
            EditAction::Drop(value) => {
                let items = old.pointer(&pointer)?.as_array()?;
                let index = items.iter().position(|item| item == value)?;
                lines.remove(&format!("{pointer}/{index}"), note)?;
            }
        }
        Some(lines.content())
    }

    fn error(&self, name: &str) -> String {
        format!("error: {name}: cannot write `{}/{}`; edit it by hand", self.parent, self.key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edited(content: &str, parent: &str, key: &str, action: EditAction) -> String {
        let note = Some("NOTE".to_owned());
        let edit = Edit { parent: parent.to_owned(), key: key.to_owned(), action, note };
        apply("a.yaml", content, &edit).unwrap()
    }

    const SPEC: &str = "# First.
schemas:
  # About A.
  A:
    type: object
    required:
      - b # one
      - c
    properties:
      b: { type: string, maxLength: 5 }

      # About d.
      d:
        summary: >-
          Some words.

          More words.
        type: integer # trailing

  # About E.
  E: [x, y]
list:
  - name: one
    size: 1
  - name: two
";

    #[test]
    fn only_the_lines_of_an_entry_change() {
        let a = "/schemas/A";
        let d = "/schemas/A/properties/d";
        for (parent, key, action, from, to) in [
            (
                d,
                "type",
                EditAction::Set(json!("number")),
                "        type: integer # trailing",
                "        # NOTE\n        type: number # trailing",
            ),
            (
                d,
                "maximum",
                EditAction::Set(json!(5)),
                "        type: integer # trailing",
                "        type: integer # trailing\n        # NOTE\n        maximum: 5",
            ),
            (
                d,
                "summary",
                EditAction::Unset,
                "        summary: >-\n          Some words.\n\n          More words.\n",
                "        # NOTE\n",
            ),
            (
                a,
                "required",
                EditAction::Add(json!("d")),
                "      - c\n",
                "      - c\n      # NOTE\n      - d\n",
            ),
            (a, "required", EditAction::Drop(json!("b")), "      - b # one\n", "      # NOTE\n"),
            (
                "/schemas/A/properties/b",
                "maxLength",
                EditAction::Set(json!(7)),
                "      b: { type: string, maxLength: 5 }",
                "      # NOTE\n      b:\n        type: string\n        maxLength: 7",
            ),
            (
                "/schemas/A/properties",
                "c",
                EditAction::Set(json!({"type": "string"})),
                "maxLength: 5 }\n",
                "maxLength: 5 }\n\n      # NOTE\n      c:\n        type: string\n",
            ),
            (
                "/schemas",
                "E",
                EditAction::Drop(json!("x")),
                "  E: [x, y]",
                "  # NOTE\n  E:\n    - 'y'",
            ),
            ("/schemas", "E", EditAction::Unset, "  E: [x, y]", "  # NOTE"),
            (
                "/schemas",
                "F",
                EditAction::Set(json!({})),
                "  E: [x, y]\n",
                "  E: [x, y]\n\n  # NOTE\n  F: {}\n",
            ),
            ("", "list", EditAction::Drop(json!({"name": "two"})), "  - name: two\n", "  # NOTE\n"),
            (
                "/list/0",
                "name",
                EditAction::Set(json!("three")),
                "  - name: one",
                "  # NOTE\n  - name: three",
            ),
            (
                "/list/0",
                "name",
                EditAction::Unset,
                "  - name: one\n    size: 1",
                "  # NOTE\n  - size: 1",
            ),
            (
                "/list/1",
                "size",
                EditAction::Set(json!(2)),
                "  - name: two\n",
                "  - name: two\n    # NOTE\n    size: 2\n",
            ),
            (
                "/other/part",
                "x",
                EditAction::Add(json!("y")),
                "  - name: two\n",
                "  - name: two\n# NOTE\nother:\n  part:\n    x:\n      - 'y'\n",
            ),
        ] {
            let written = edited(SPEC, parent, key, action);
            let expected = SPEC.replacen(from, to, 1);
            assert_eq!(written, expected, "{parent}/{key}");
        }
    }

    #[test]
    fn what_does_not_apply_is_an_error() {
        for action in [EditAction::Unset, EditAction::Drop(json!("z"))] {
            let (parent, key) = ("/schemas/A".to_owned(), "nothing".to_owned());
            let edit = Edit { parent, key, action, note: None };
            assert!(apply("a.yaml", SPEC, &edit).is_err());
        }
    }
}
