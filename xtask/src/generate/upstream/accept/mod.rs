//! Writing differences into the spec.
//!
//! | module | responsibility |
//! |---|---|
//! | `copy` | copies of parts of the upstream document |
//! | `write` | values as YAML |
//! | `lines` | the lines of parts of a file |
//! | `edit` | changes of entries of a file |

mod copy;
mod edit;
mod lines;
mod write;

use std::collections::BTreeMap;

use serde_json::Value;
use specwright::Source;

use super::compare::{Comparison, compare};
use super::difference::{Action, Change, Content, Difference};
use super::document::{At, Document};
use super::intended::Intended;
use super::placeholder::PLACEHOLDER;

use copy::{Copier, reference};
use edit::{Edit, EditAction, apply};

/// The content of the files of the spec, by their names.
pub(super) type Files = BTreeMap<String, String>;

/// Makes the changes of all differences that are not intended. Returns the files that change, and
/// the sentences of what was written.
///
/// # Errors
/// Returns an error if a change cannot be made.
pub(super) fn accept(
    spec: Document,
    upstream: &Document,
    intended: &Intended,
) -> Result<(Files, Vec<String>), String> {
    let (mut spec, mut files, mut written) = (spec, Files::new(), Vec::<String>::new());
    loop {
        let comparison = compare(&spec, upstream)?;
        let Comparison { differences, counterparts, .. } = comparison;
        let (open, _) = intended.apply(&spec, differences);
        // One change can make others needless, so the documents are compared again after each.
        let Some(difference) = open.into_iter().next() else { return Ok((files, written)) };
        if written.contains(&difference.sentence) {
            return Err(format!("error: {}; edit it by hand", difference.sentence));
        }
        let edits = edits(&spec, upstream, &counterparts, &difference)?;
        let mut contents: Files =
            spec.sources().map(|source| (source.name.clone(), source.content.clone())).collect();
        for (name, edit) in edits {
            let content = contents.get(&name).map(String::as_str).unwrap_or_default();
            let content = apply(&name, content, &edit)?;
            files.insert(name.clone(), content.clone());
            contents.insert(name, content);
        }
        written.push(difference.sentence);
        let root = spec.sources().next().map(|source| source.name.clone()).unwrap_or_default();
        let read = |name: &str| match contents.get(name) {
            Some(content) => Ok(Source::new(name, content.as_str())),
            None => Err(format!("error: {name} is not a file of the spec")),
        };
        spec = Document::read(read(&root)?, &read)?;
    }
}

/// Returns the edits for a difference, each with the name of its file: first the components that are
/// needed, then the changes.
fn edits(
    spec: &Document,
    upstream: &Document,
    counterparts: &BTreeMap<At, At>,
    difference: &Difference,
) -> Result<Vec<(String, Edit)>, String> {
    let sentence = difference.sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut note = Some(format!("{PLACEHOLDER}: {sentence}"));
    let mut edits = Vec::new();
    let mut missing = Vec::new();
    for Change { parent, key, action } in &difference.changes {
        let mut copier = Copier::new(spec, parent.file, counterparts);
        let mut value = |content: &Content| -> Result<Value, String> {
            let node = |at: &At| {
                upstream.node(at).ok_or_else(|| format!("error: {} is absent", at.pointer))
            };
            Ok(match content {
                Content::Value(value) => value.clone(),
                Content::Copy(at, kind) => copier.copy(&node(at)?, *kind)?,
                Content::Reference(at, kind) => reference(copier.target(&node(at)?, *kind)),
                Content::Target(at, kind) => copier.target(&node(at)?, *kind).into(),
            })
        };
        let action = match action {
            Action::Set(content) => EditAction::Set(value(content)?),
            Action::Unset => EditAction::Unset,
            Action::Add(content) => EditAction::Add(value(content)?),
            Action::Drop(value) => EditAction::Drop(value.clone()),
        };
        // What has words to be written needs no comment.
        let has_words = match &action {
            EditAction::Set(value) | EditAction::Add(value) => {
                value.to_string().contains(PLACEHOLDER)
            }
            _ => false,
        };
        let note = note.take().filter(|_| !has_words);
        let edit = Edit { parent: parent.pointer.clone(), key: key.clone(), action, note };
        missing.append(&mut copier.missing);
        edits.push((name(spec, parent), edit));
    }
    let root = At { file: 0, pointer: String::new() };
    let mut components = Vec::new();
    let mut known: Vec<At> = Vec::new();
    while let Some((section, key, at, kind)) = missing.pop() {
        if known.contains(&at) {
            continue;
        }
        known.push(at.clone());
        let mut copier = Copier::new(spec, 0, counterparts);
        let node = upstream.node(&at).ok_or_else(|| format!("error: {} is absent", at.pointer))?;
        let action = EditAction::Set(copier.copy(&node, kind)?);
        let parent = root.child("components").child(&section).pointer;
        components.push((name(spec, &root), Edit { parent, key, action, note: None }));
        missing.append(&mut copier.missing);
    }
    components.append(&mut edits);
    Ok(components)
}

fn name(spec: &Document, at: &At) -> String {
    spec.source(at).map(|source| source.name.clone()).unwrap_or_default()
}
