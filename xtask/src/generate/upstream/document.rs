//! Documents that are compared: trees, and the locations of their parts.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use specwright::{Source, references};

use crate::corpus::pointer::{escape, unescape};

/// How many references are followed, since they can form a circle.
const REFERENCES: usize = 32;

/// A document with the files that it refers to.
#[derive(Clone, Debug)]
pub(super) struct Document {
    files: Vec<File>,
    index: BTreeMap<String, usize>,
}

#[derive(Clone, Debug)]
struct File {
    source: Source,
    tree: Value,
}

/// A location in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    /// Number of the file. The document itself is 0.
    pub(super) file: usize,
    /// JSON pointer in it.
    pub(super) pointer: String,
}

/// A part of a document.
#[derive(Clone, Debug)]
pub(super) struct Node<'d> {
    pub(super) document: &'d Document,
    pub(super) at: At,
    pub(super) value: &'d Value,
}

impl At {
    /// Returns the location of an entry.
    pub(super) fn child(&self, key: &str) -> Self {
        Self { file: self.file, pointer: format!("{}/{}", self.pointer, escape(key)) }
    }
}

impl Document {
    /// Reads a document, and the files that it refers to by a function that returns one by its name.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read or parsed.
    pub(super) fn read(
        root: Source,
        read: &dyn Fn(&str) -> Result<Source, String>,
    ) -> Result<Self, String> {
        let mut document = Self { files: Vec::new(), index: BTreeMap::new() };
        let mut open = vec![root];
        while let Some(source) = open.pop() {
            if document.index.contains_key(&source.name) {
                continue;
            }
            let tree = source.tree().map_err(|error| format!("error: {}: {error}", source.name))?;
            for name in references(&source) {
                open.push(read(&name)?);
            }
            document.index.insert(source.name.clone(), document.files.len());
            document.files.push(File { source, tree });
        }
        Ok(document)
    }

    /// Returns a copy in which the tree of the document itself is another one.
    #[must_use]
    pub(super) fn with_root(&self, tree: Value) -> Self {
        let files = self.files.iter().enumerate().map(|(index, file)| File {
            source: file.source.clone(),
            tree: if index == 0 { tree.clone() } else { file.tree.clone() },
        });
        Self { files: files.collect(), index: self.index.clone() }
    }

    /// Returns the whole document.
    pub(super) fn root(&self) -> Node<'_> {
        static EMPTY: Value = Value::Null;
        let value = self.files.first().map_or(&EMPTY, |file| &file.tree);
        Node { document: self, at: At { file: 0, pointer: String::new() }, value }
    }

    /// Returns the part at a location.
    pub(super) fn node(&self, at: &At) -> Option<Node<'_>> {
        let value = self.files.get(at.file)?.tree.pointer(&at.pointer)?;
        Some(Node { document: self, at: at.clone(), value })
    }

    /// Returns the component of a section with a name.
    pub(super) fn component(&self, section: &str, name: &str) -> Option<Node<'_>> {
        self.root().get("components")?.get(section)?.get(name)
    }

    /// Returns the files.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.files.iter().map(|file| &file.source)
    }

    /// Returns the file of a location.
    pub(super) fn source(&self, at: &At) -> Option<&Source> {
        self.files.get(at.file).map(|file| &file.source)
    }

    /// Returns a location for people and for the list of intended differences: the pointer, with the
    /// name of the file if it is not the document itself.
    pub(super) fn shown(&self, at: &At) -> String {
        match self.source(at).filter(|_| at.file > 0) {
            Some(source) => format!("{}#{}", source.name, at.pointer),
            None => at.pointer.clone(),
        }
    }
}

impl<'d> Node<'d> {
    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(key)?;
        Some(Self { document: self.document, at: self.at.child(key), value })
    }

    /// Returns all entries of an object, with their keys.
    pub(super) fn entries(&self) -> Vec<(&'d str, Self)> {
        let object = self.value.as_object().into_iter().flatten();
        let node = |(key, value): (&'d String, &'d Value)| {
            (key.as_str(), Self { document: self.document, at: self.at.child(key), value })
        };
        object.map(node).collect()
    }

    /// Returns all elements of an array.
    pub(super) fn items(&self) -> Vec<Self> {
        let array = self.value.as_array().into_iter().flatten().enumerate();
        let node = |(index, value): (usize, &'d Value)| {
            let at = self.at.child(&index.to_string());
            Self { document: self.document, at, value }
        };
        array.map(node).collect()
    }

    /// Returns the elements of the array of a key.
    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).map(|list| list.items()).unwrap_or_default()
    }

    /// Returns the entries of the object of a key.
    pub(super) fn map(&self, key: &str) -> Vec<(&'d str, Self)> {
        self.get(key).map(|map| map.entries()).unwrap_or_default()
    }

    /// Returns the keys of an object.
    pub(super) fn keys(&self) -> Vec<&'d str> {
        self.entries().into_iter().map(|(key, _)| key).collect()
    }

    /// Returns the string of a key.
    pub(super) fn string(&self, key: &str) -> Option<&'d str> {
        self.value.get(key)?.as_str()
    }

    /// Returns the reference that this is, if it is one.
    pub(super) fn reference(&self) -> Option<&'d str> {
        self.string("$ref")
    }

    /// Follows references.
    ///
    /// # Errors
    /// Returns an error if the target does not exist.
    pub(super) fn resolved(&self) -> Result<Self, String> {
        let mut node = self.clone();
        for _ in 0..REFERENCES {
            let Some(reference) = node.reference() else { return Ok(node) };
            node = self.document.target(&node, reference).ok_or_else(|| {
                let file = self.document.source(&node.at).map_or("", |source| &source.name);
                format!("error: {file}{}: unresolved reference `{reference}`", node.at.pointer)
            })?;
        }
        Err(format!("error: {}: a circle of references", self.at.pointer))
    }

    /// Returns the schema that an entry of a mapping leads to, by a reference or by a name.
    ///
    /// # Errors
    /// Returns an error if it does not exist.
    pub(super) fn mapped(&self) -> Result<Self, String> {
        let target = self.value.as_str().unwrap_or_default();
        let by_name = self.document.component("schemas", target);
        by_name
            .or_else(|| self.document.target(self, target))
            .ok_or_else(|| format!("error: {}: unresolved reference `{target}`", self.at.pointer))
    }

    /// Returns the section and the name if this is a component.
    pub(super) fn component(&self) -> Option<(String, String)> {
        let mut tokens = self.at.pointer.strip_prefix("/components/")?.split('/');
        let (section, name) = (tokens.next()?, tokens.next()?);
        tokens.next().is_none().then(|| (unescape(section), unescape(name)))
    }

    /// Returns how the target of a reference is called in sentences: by the last part of its pointer.
    pub(super) fn name(&self) -> Option<String> {
        let last = self.at.pointer.rsplit('/').next().map(unescape);
        last.filter(|name| !name.is_empty())
    }
}

impl Document {
    fn target(&self, from: &Node<'_>, reference: &str) -> Option<Node<'_>> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = match file {
            "" => from.at.file,
            _ => {
                // The name of a file is relative to that of the file that refers to it.
                let own = self.source(&from.at)?.name.clone();
                let alone = Source::new(own, json!({ "$ref": reference }).to_string());
                *self.index.get(references(&alone).first()?)?
            }
        };
        let pointer = percent_decoded(fragment);
        self.node(&At { file, pointer })
    }
}

/// Decodes a fragment, which is part of a URI.
fn percent_decoded(fragment: &str) -> String {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let decoded = after
            .get(..2)
            .filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| fragment.to_owned())
}
