//! The text of a description as a tree, with the way back from a place in the tree to a
//! line and column. The only module that knows YAML, and that there are versions of OpenAPI.

mod lenient;
mod modern;
mod position;
mod structure;
mod yaml;

use std::cell::RefCell;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Place, code};

pub(crate) use position::locate;
pub(crate) use structure::{Kind, visit_all};

/// A text with the name under which diagnostics show it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The name, usually a path.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// A text with a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The text as a tree, as the generator reads it: merge keys applied, every key a text.
    ///
    /// # Errors
    /// Fails with the reason where the text is neither YAML nor JSON, or a key stands twice.
    pub fn tree(&self) -> Result<Value, String> {
        yaml::read(&self.text).map_err(|error| error.message)
    }
}

/// A description as a tree. Only the parts that are asked for are given types, so that a
/// flaw in one corner of a large description stops nobody who does not need that corner.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
    /// What was mended and has not been told.
    notes: RefCell<lenient::Notes>,
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
    pub(crate) fn mended(&self, pointer: &str) -> Vec<(String, String)> {
        self.notes.borrow_mut().take_within(pointer)
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

/// A pointer to the child of a value.
pub(crate) fn child(pointer: &str, key: impl fmt::Display) -> String {
    let key = key.to_string();
    if key.contains(['~', '/']) {
        format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{pointer}/{key}")
    }
}

/// Reads a description, and reports where it is not YAML or not OpenAPI 3.
pub(crate) fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Document> {
    let mut root = match yaml::read(&source.text) {
        Ok(root) => root,
        Err(error) => {
            diagnostics.error(&code::BAD_YAML, Place::Offset(error.offset), error.message);
            return None;
        }
    };
    if root.is_null() {
        diagnostics.error(&code::BAD_YAML, Place::Offset(None), "the description is empty");
        return None;
    }
    let version =
        |key: &str| root.get(key).map(|v| v.as_str().map_or(v.to_string(), str::to_owned));
    match (version("openapi"), version("swagger")) {
        (Some(v), _) if ["3.0", "3.1", "3.2"].iter().any(|known| v.starts_with(known)) => {
            if v.starts_with("3.2") {
                let message = "OpenAPI 3.2 is read as 3.1: what is new in it is not read";
                diagnostics.warning(&code::MENDED, Place::pointer("/openapi"), message);
            }
            let notes = lenient::mend(&mut root, !v.starts_with("3.0"));
            // Many a description says that it is 3.0 and uses words of 3.1.
            modern::rewrite(&mut root, diagnostics);
            Some(Document { root, notes: RefCell::new(notes) })
        }
        (Some(v), _) => {
            let message = format!("this description is OpenAPI {v}; 3.0 and 3.1 are read");
            diagnostics.error(&code::UNSUPPORTED_VERSION, Place::pointer("/openapi"), message);
            None
        }
        (None, Some(v)) => {
            let message = format!("this description is Swagger {v}; OpenAPI 3.0 and 3.1 are read");
            diagnostics.error(&code::UNSUPPORTED_VERSION, Place::pointer("/swagger"), message);
            None
        }
        (None, None) => {
            let message = "this is no OpenAPI description: it has no `openapi` key";
            diagnostics.error(&code::UNSUPPORTED_VERSION, Place::pointer(""), message);
            None
        }
    }
}
