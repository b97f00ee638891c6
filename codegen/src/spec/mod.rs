//! The text of a description as a tree, with the way back from a place in the tree to a
//! line and column. The only module that knows YAML, and that there are versions of OpenAPI.

mod bundle;
mod input;
mod overlay;
mod recover;
mod structure;
mod versions;
mod written;
mod yaml;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostics::{Diagnostics, Location, Message, messages};
use crate::text::pointer::last;
use crate::text::{Origins, Source, join, normal};

pub use input::Input;
pub(crate) use recover::is_media_type;
pub(crate) use structure::{Kind, visit_all};

impl Source {
    /// The text as a tree, as the generator reads it: merge keys applied, every key a text. Of
    /// keys that stand twice, the latter counts.
    ///
    /// # Errors
    /// Fails with the reason where the text is neither YAML nor JSON.
    pub fn tree(&self) -> Result<Value, String> {
        yaml::read(&self.content).map(|read| read.value).map_err(|error| error.message)
    }
}

/// A description as a tree. Only the parts that are asked for are given types, so that a
/// flaw in one corner of a large description stops nobody who does not need that corner.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
    /// What was mended and has not been told.
    notes: RefCell<recover::Notes>,
    /// References to files that are there, which lead to nothing in them.
    broken: BTreeSet<String>,
}

/// What a text holds, and where each part of it comes from.
struct Tree {
    value: Value,
    origins: Origins,
}

impl Document {
    /// The whole tree.
    pub(crate) fn root_mut(&mut self) -> &mut Value {
        &mut self.root
    }

    /// The value at a JSON pointer.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    /// The value at a JSON pointer as a type of `openapiv3`; its message where it is none.
    pub(crate) fn typed<T: DeserializeOwned>(&self, pointer: &str) -> Option<Result<T, String>> {
        self.get(pointer).map(|value| T::deserialize(value).map_err(|error| error.to_string()))
    }

    /// What was mended at a pointer and within, each with its own pointer. It is told once, and
    /// only if that part of the description is used.
    pub(crate) fn recovered(&self, pointer: &str) -> Vec<(String, Message)> {
        self.notes.borrow_mut().take_within(pointer)
    }

    /// Whether a reference leads to a file that is there, and to nothing in it.
    pub(crate) fn is_broken(&self, reference: &str) -> bool {
        self.broken.contains(reference)
    }

    /// The keys of the object at a pointer, in the order of the description.
    pub(crate) fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        self.get(pointer)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
    }
}

/// Reads a description with the files that it refers to and the overlays over it, and reports
/// where one is not YAML, or the description not OpenAPI 3.
pub(crate) fn parse(input: &Input, diagnostics: &mut Diagnostics) -> Option<Document> {
    for overlay in input.config.overlays.iter().skip(input.overlays.len()) {
        let message = messages::missing_overlay(overlay.get_ref());
        diagnostics.report(Location::Config(overlay.span()), message);
    }
    let mut trees: Vec<Option<Tree>> =
        input.documents().enumerate().map(|(i, source)| read(source, i, diagnostics)).collect();
    let overlays = trees.split_off(trees.len().saturating_sub(input.overlays.len()));
    let mut trees: Vec<Tree> = trees.into_iter().collect::<Option<_>>()?;
    let names: Vec<String> = input.documents().map(|source| normal(&source.name)).collect();
    for (i, overlay) in overlays.into_iter().enumerate() {
        let (i, overlay) = (i + trees.len(), overlay?);
        let target = extended(&overlay, i, &names, trees.len(), diagnostics);
        if let Some(tree) = trees.get_mut(target) {
            overlay::apply(&overlay, i, tree, diagnostics);
        }
    }
    let broken = match trees.len() {
        1 => BTreeSet::new(),
        _ => bundle::bundle(&mut trees, &names),
    };
    let Tree { value, origins } = trees.into_iter().next()?;
    diagnostics.set_origins(origins);
    let (root, notes) = with_version(value, diagnostics)?;
    Some(Document { root, notes: RefCell::new(notes), broken })
}

/// The names of the files that a text refers to, seen from its own name. A text that is no YAML
/// refers to none: what is wrong with it is said when it is read.
///
/// ```
/// let text = "paths: { /pets: { $ref: './paths/pets.yaml' } }";
/// let source = specwright::Source::new("spec/openapi.yaml", text);
/// assert_eq!(specwright::references(&source), ["spec/paths/pets.yaml"]);
/// ```
#[must_use]
pub fn references(source: &Source) -> Vec<String> {
    let mut found = BTreeSet::new();
    // Most descriptions refer to no file, and need not be read for that.
    if may_refer(&source.content)
        && let Ok(read) = yaml::read(&source.content)
    {
        bundle::references(&source.name, &read.value, &mut found);
    }
    found.into_iter().collect()
}

/// Whether some reference in a text is not one to the text itself.
fn may_refer(text: &str) -> bool {
    let is_other = |(at, key): (usize, &str)| {
        let behind = text.get(at + key.len()..).unwrap_or_default();
        let behind = behind.trim_start_matches(['"', '\'', ' ']);
        // In prose no colon follows.
        behind.strip_prefix(':').is_some_and(|value| {
            let value = value.trim_start_matches(['"', '\'', ' ', '\t', '\r', '\n']);
            !value.starts_with('#')
        })
    };
    text.match_indices("$ref").any(is_other)
}

/// Reads one of the documents.
fn read(source: &Source, document: usize, diagnostics: &mut Diagnostics) -> Option<Tree> {
    let location = |offset| Location::Offset { document, offset };
    match yaml::read(&source.content) {
        Ok(yaml::Read { value: Value::Null, .. }) => {
            let message = match document {
                0 => messages::empty_document(),
                _ => messages::empty_file(),
            };
            diagnostics.report(location(None), message);
            None
        }
        Ok(yaml::Read { value, repeated, replaced, texts }) => {
            if replaced.is_some() {
                diagnostics.report(location(replaced), messages::replaced_character());
            }
            for yaml::Repeated { pointer, is_joined } in repeated {
                let key = last(&pointer);
                let message = match is_joined {
                    true => messages::merged_duplicate_key(key),
                    false => messages::duplicate_key(key),
                };
                diagnostics.report(Location::InDocument { document, pointer }, message);
            }
            for (pointer, text) in texts {
                let message = messages::unquoted_string(text);
                diagnostics.report(Location::InDocument { document, pointer }, message);
            }
            Some(Tree { value, origins: Origins::new(document) })
        }
        Err(error) => {
            let message = messages::invalid_syntax(error.message);
            diagnostics.report(location(error.offset), message);
            None
        }
    }
}

/// Which document an overlay is for: the description, or a file that it refers to.
fn extended(
    overlay: &Tree,
    document: usize,
    names: &[String],
    files: usize,
    diagnostics: &mut Diagnostics,
) -> usize {
    let Some(extends) = overlay.value.get("extends").and_then(Value::as_str) else { return 0 };
    let own = names.get(document).map_or("", String::as_str);
    let wanted = join(own, extends);
    if let Some(i) = names.iter().take(files).position(|name| *name == wanted) {
        return i;
    }
    // The same description may well lie elsewhere than where the overlay was written.
    let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
    if names.first().is_some_and(|name| last(name) != last(&wanted)) {
        let location = Location::InDocument { document, pointer: "/extends".to_owned() };
        diagnostics.report(location, messages::overlay_mismatch(extends));
    }
    0
}

/// The tree of a description that is OpenAPI 3.0, or as if it were.
fn with_version(mut root: Value, diagnostics: &mut Diagnostics) -> Option<(Value, recover::Notes)> {
    let version =
        |key: &str| root.get(key).map(|v| v.as_str().map_or(v.to_string(), str::to_owned));
    match (version("openapi"), version("swagger")) {
        (Some(v), _) if ["3.0", "3.1", "3.2"].iter().any(|known| v.starts_with(known)) => {
            if v.starts_with("3.2") {
                let message = messages::newer_openapi_version();
                diagnostics.report(Location::pointer("/openapi"), message);
            }
            let notes = recover::mend(&mut root, !v.starts_with("3.0"));
            // Many a description says that it is 3.0 and uses words of 3.1.
            versions::rewrite(&mut root, diagnostics);
            Some((root, notes))
        }
        (Some(v), _) => {
            let message = messages::unsupported_openapi_version(v);
            diagnostics.report(Location::pointer("/openapi"), message);
            None
        }
        (None, Some(v)) => {
            let message = messages::unsupported_swagger_version(v);
            diagnostics.report(Location::pointer("/swagger"), message);
            None
        }
        (None, None) => {
            diagnostics.report(Location::pointer(""), messages::missing_openapi_version());
            None
        }
    }
}
