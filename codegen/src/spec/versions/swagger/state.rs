//! The upgrade of all documents: what they contain, what moved, and what is not upgraded yet.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::moves::{At, Location, Moves, is_in_section};
use crate::diagnostics::Message;
use crate::spec::bundle::rebase;
use crate::spec::structure::Kind;
use crate::text::{Budget, is_url, join, percent_decode, relative, split, value_at};

/// A longer chain of references is a cycle.
const MAX_CHAIN: usize = 32;

/// The bytes that a media type is counted as, in addition to those of its schema.
const COST: usize = 1024;

/// Messages about the upgrade.
#[derive(Default)]
pub(in crate::spec) struct Upgraded {
    /// With pointers in the upgraded OpenAPI document.
    pub(in crate::spec) in_root: Vec<(String, Message)>,
    /// With the number of a file, and a pointer in it as written.
    pub(in crate::spec) in_files: Vec<(usize, String, Message)>,
}

/// The upgrade of all documents.
pub(super) struct Upgrade<'a> {
    originals: &'a [Value],
    names: &'a [String],
    pub(super) moves: Moves,
    pub(super) messages: Upgraded,
    /// Parts of files, and of unusual sections, that are not upgraded yet.
    pub(super) open: Vec<(Location, Kind)>,
    known: BTreeSet<(Location, Kind)>,
    /// The media types of all operations that have none of their own.
    pub(super) consumes: Vec<String>,
    pub(super) produces: Vec<String>,
    /// The pointers of shared request bodies in the OpenAPI document, by the parameter.
    pub(super) bodies: BTreeMap<Location, String>,
    /// Shared request bodies that are not in the document yet.
    pub(super) new_bodies: Vec<(String, Value)>,
    /// The discriminator values of subtypes, with their locations, by the location of each base.
    pub(super) subtypes: BTreeMap<Location, Vec<(String, Location)>>,
    /// How much may be copied.
    pub(super) budget: Budget,
}

impl<'a> Upgrade<'a> {
    pub(super) fn new(originals: &'a [Value], names: &'a [String], budget: Budget) -> Self {
        let list = |key: &str| media_types(originals.first().and_then(|root| root.get(key)));
        Self {
            originals,
            names: names.get(..originals.len()).unwrap_or(names),
            moves: Moves::default(),
            messages: Upgraded::default(),
            open: Vec::new(),
            known: BTreeSet::new(),
            consumes: list("consumes").unwrap_or_default(),
            produces: list("produces").unwrap_or_default(),
            bodies: BTreeMap::new(),
            new_bodies: Vec::new(),
            subtypes: BTreeMap::new(),
            budget,
        }
    }

    /// Returns the media types to which a schema is copied: none if these are too many copies.
    pub(super) fn copied_to(&mut self, schema: &Value, media_types: Vec<String>) -> Vec<String> {
        self.budget.spend(media_types.len().saturating_mul(COST));
        match self.budget.take(schema, media_types.len()) {
            true => media_types,
            false => Vec::new(),
        }
    }

    /// Returns a part as it is written.
    pub(super) fn at(&self, (document, pointer): &Location) -> Option<&'a Value> {
        value_at(self.originals.get(*document)?, pointer)
    }

    fn name(&self, document: usize) -> &'a str {
        self.names.get(document).map_or("", String::as_str)
    }

    /// Adds a message about a part. It is reported once the part is used.
    pub(super) fn note(&mut self, at: &At, message: Message) {
        match at.new.0 {
            0 => self.messages.in_root.push((at.new.1.clone(), message)),
            _ => self.messages.in_files.push((at.old.0, at.old.1.clone(), message)),
        }
    }

    /// Returns what a reference leads to.
    pub(super) fn resolve(&self, from: usize, reference: &str) -> Option<Location> {
        let reference = reference.trim();
        if is_url(reference) {
            return None;
        }
        let (file, fragment) = split(reference);
        let document = match file {
            "" => from,
            file => {
                let name = join(self.name(from), file);
                self.names.iter().position(|known| *known == name)?
            }
        };
        let location = (document, percent_decode(fragment));
        self.at(&location).map(|_| location)
    }

    /// Follows the references at a location to a part that is not a reference.
    pub(super) fn follow(&self, mut location: Location) -> Option<(Location, &'a Value)> {
        for _ in 0..MAX_CHAIN {
            let value = self.at(&location)?;
            match value.get("$ref").and_then(Value::as_str) {
                Some(reference) => location = self.resolve(location.0, reference)?,
                None => return Some((location, value)),
            }
        }
        None
    }

    /// Upgrades the target of a reference, too, unless it is part of the document anyway.
    pub(super) fn refers(&mut self, from: usize, reference: &str, kind: Kind) {
        let Some(location) = self.resolve(from, reference) else { return };
        let is_upgraded = location.0 == 0 && is_in_section(&location.1);
        if !is_upgraded && self.known.insert((location.clone(), kind)) {
            self.open.push((location, kind));
        }
    }

    /// Returns a reference from a document to a part at its new location.
    pub(super) fn reference(&self, from: usize, (document, pointer): &Location) -> String {
        let file = match *document == from {
            true => String::new(),
            false => relative(self.name(from), self.name(*document)),
        };
        // A percent sign would start an encoded character.
        format!("{file}#{}", pointer.replace('%', "%25"))
    }

    /// Changes the references in a value that moves to another document.
    pub(super) fn rebase(&self, value: &mut Value, from: usize, to: usize) {
        rebase(value, self.name(from), self.name(to));
    }
}

/// Returns a list of media types, or of schemes. A single one may be a string.
pub(super) fn media_types(value: Option<&Value>) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |value: &Value| {
        let item = value.as_str().map(str::trim).filter(|item| !item.is_empty());
        if let Some(item) = item.filter(|item| !found.iter().any(|known| known == item)) {
            found.push(item.to_owned());
        }
    };
    match value? {
        Value::Array(items) => items.iter().for_each(&mut add),
        value => add(value),
    }
    Some(found)
}

/// Returns the object at a key, which is created if it is absent.
pub(super) fn object_at<'m>(
    entries: &'m mut Map<String, Value>,
    key: &str,
) -> Option<&'m mut Map<String, Value>> {
    entries.entry(key).or_insert_with(|| Map::new().into()).as_object_mut()
}
