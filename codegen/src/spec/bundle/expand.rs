//! References where OpenAPI has none: to an operation, or to a whole list or map. Other tools follow
//! them, so documents have them. They are replaced by what they refer to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::names::{Names, Target, rebase};
use crate::diagnostics::{Location, Message, messages};
use crate::spec::structure::{Below, Kind};
use crate::spec::tree::Tree;
use crate::spec::yaml::{MAX_DEPTH, depth};
use crate::text::pointer::{escape, last, parent};
use crate::text::{Budget, child, is_url, value_at};

/// Fields that hold any JSON, in which `$ref` is only a key, and schemas where Swagger 2.0
/// has them, which are recovered later.
const OTHER: [&str; 9] =
    ["const", "dataValue", "default", "example", "examples", "items", "mapping", "schema", "value"];

/// A reference that is replaced.
struct Site {
    pointer: String,
    position: Position,
}

#[derive(Clone, Copy)]
enum Position {
    /// It means an object of this kind.
    Object(Kind),
    /// It means a field of an object of this kind.
    Field(Kind),
}

/// Replaces references, and collects messages about them.
pub(super) struct Expander {
    /// The kinds of locations that were reported, each once.
    reported: BTreeSet<String>,
    pub(super) found: Vec<(Location, Message)>,
    /// Whether OpenAPI has references to media types.
    has_media_types: bool,
    /// The targets that contain the current part, to find circular references.
    open: Vec<(usize, String)>,
    /// How much may be copied.
    budget: Budget,
    is_too_large: bool,
}

impl Expander {
    /// Creates an expander for a version of OpenAPI that has references to media types, or not.
    pub(super) fn new(has_media_types: bool, budget: Budget) -> Self {
        let (reported, found, open) = (BTreeSet::new(), Vec::new(), Vec::new());
        Self { reported, found, has_media_types, open, budget, is_too_large: false }
    }

    /// Replaces the references in a part of a document.
    pub(super) fn expand(&mut self, trees: &mut [Tree], names: &Names<'_>, part: &Target) {
        let (document, pointer, kind) = part;
        self.within(trees, names, *document, pointer, Position::Object(*kind));
    }

    fn within(
        &mut self,
        trees: &mut [Tree],
        names: &Names<'_>,
        document: usize,
        at: &str,
        position: Position,
    ) {
        let mut sites = Vec::new();
        if let Some(value) = trees.get(document).and_then(|tree| value_at(&tree.value, at)) {
            let mut pointer = at.to_owned();
            match position {
                Position::Object(kind) => find(value, kind, &mut pointer, &mut sites),
                Position::Field(kind) => {
                    find_field(value, kind, &last(at), &mut pointer, &mut sites)
                }
            }
        }
        for site in sites {
            self.replace(trees, names, document, &site);
        }
    }

    fn replace(&mut self, trees: &mut [Tree], names: &Names<'_>, document: usize, site: &Site) {
        let at = &site.pointer;
        let Some(tree) = trees.get(document) else { return };
        let Some(Value::Object(own)) = value_at(&tree.value, at) else { return };
        let mut own = own.clone();
        let Some(Value::String(reference)) = own.shift_remove("$ref") else { return };
        let origin = tree.origins.get(at);
        let pointer = child(&origin.pointer, "$ref");
        let location = Location::InDocument { document: origin.document, pointer };
        let target = names.find(trees, document, &reference);
        let target = target.filter(|target| !self.open.contains(target));
        let value = target.as_ref().and_then(|(document, pointer)| {
            Some((value_at(&trees.get(*document)?.value, pointer)?, *document))
        });
        if value.is_some_and(|(value, _)| !self.can_copy(value, at)) {
            // All others are too large, too.
            if !std::mem::replace(&mut self.is_too_large, true) {
                self.found.push((location, messages::too_large("references are followed")));
            }
            return;
        }
        let value = value.zip(target.as_ref()).and_then(|((value, document), (_, from))| {
            Some((value.clone(), trees.get(document)?.origins.clone_below(from)))
        });
        let (Some((to, from)), Some((mut value, origins))) = (target, value) else {
            self.unresolved(trees, document, site, &reference, location);
            return;
        };
        rebase(&mut value, names.name(to), names.name(document));
        let Some(tree) = trees.get_mut(document) else { return };
        let before = tree.origins.clone_below(at);
        tree.origins.graft(at, &origins, &from);
        if let Value::Object(entries) = &mut value {
            for (key, value) in own {
                let at = child(at, &key);
                tree.origins.graft(&at, &before, &at);
                entries.insert(key, value);
            }
        }
        if let Some(target) = tree.value.pointer_mut(at) {
            *target = value;
        }
        let what = site.what();
        let is_allowed = match site.position {
            Position::Object(Kind::PathItem) => true,
            Position::Object(Kind::MediaType) => self.has_media_types,
            _ => false,
        };
        if !is_allowed && self.reported.insert(what.clone()) {
            self.found.push((location, messages::followed_reference(what)));
        }
        self.open.push((to, from));
        self.within(trees, names, document, at, site.position);
        self.open.pop();
    }

    /// Returns whether a value can be copied to a pointer: a chain of references in each other can
    /// multiply what it means, or never end.
    fn can_copy(&mut self, value: &Value, at: &str) -> bool {
        let outer = at.matches('/').count();
        !self.is_too_large
            && self.open.len() < MAX_DEPTH
            && self.budget.take(value, 1)
            && outer + depth(value) <= MAX_DEPTH
    }

    /// Removes a part that cannot be found. Operations and paths are reported where they are used.
    fn unresolved(
        &mut self,
        trees: &mut [Tree],
        document: usize,
        site: &Site,
        reference: &str,
        location: Location,
    ) {
        if matches!(site.position, Position::Object(Kind::Operation | Kind::PathItem)) {
            return;
        }
        let message = match is_url(reference) {
            true => messages::ignored_reference_to_url(reference, site.what()),
            false => messages::ignored_reference(reference, site.what()),
        };
        self.found.push((location, message));
        let Some(tree) = trees.get_mut(document) else { return };
        match site.position {
            Position::Object(_) => {
                tree.value
                    .pointer_mut(&site.pointer)
                    .into_iter()
                    .for_each(|target| *target = json!({}));
            }
            Position::Field(_) => {
                let holder = tree.value.pointer_mut(parent(&site.pointer));
                if let Some(entries) = holder.and_then(Value::as_object_mut) {
                    entries.shift_remove(&last(&site.pointer));
                }
            }
        }
    }
}

impl Site {
    /// Returns what the reference means, in words.
    fn what(&self) -> String {
        match self.position {
            Position::Object(Kind::Operation) => "an operation".to_owned(),
            Position::Object(Kind::MediaType) => "a media type".to_owned(),
            Position::Object(Kind::Encoding) => "an encoding".to_owned(),
            Position::Object(Kind::Server) => "a server".to_owned(),
            Position::Object(Kind::PathItem) => "a path".to_owned(),
            Position::Object(_) => format!("an element of `{}`", last(parent(&self.pointer))),
            Position::Field(_) => format!("`{}`", last(&self.pointer)),
        }
    }
}

/// Finds the references in an object that are replaced. What they mean is searched later.
fn find(value: &Value, kind: Kind, pointer: &mut String, sites: &mut Vec<Site>) {
    let Value::Object(entries) = value else { return };
    let is_replaced = match kind {
        Kind::Operation | Kind::MediaType | Kind::Encoding | Kind::Server => true,
        Kind::Tag | Kind::Info | Kind::Components | Kind::Document => true,
        // A path without other fields stays a reference, so paths can share operations.
        Kind::PathItem => entries.keys().any(|key| key == "parameters" || kind.holds(key)),
        _ => false,
    };
    if is_replaced && entries.get("$ref").is_some_and(Value::is_string) {
        sites.push(Site { pointer: pointer.clone(), position: Position::Object(kind) });
        return;
    }
    for (key, value) in entries {
        // Most values are scalars.
        if value.is_object() || value.is_array() {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&escape(key));
            find_field(value, kind, key, pointer, sites);
            pointer.truncate(length);
        }
    }
}

/// Finds the references in a field of an object of this kind.
fn find_field(value: &Value, kind: Kind, key: &str, pointer: &mut String, sites: &mut Vec<Site>) {
    let is_reference = value.get("$ref").is_some_and(Value::is_string);
    let is_alone = is_reference && value.as_object().is_some_and(|entries| entries.len() == 1);
    let below = kind.below(key);
    let is_site = match below {
        Some(Below::One(_)) => false,
        Some(Below::List(_) | Below::Map(_)) => is_reference,
        None => is_alone && !key.starts_with("x-") && !OTHER.contains(&key) && key != "$ref",
    };
    if is_site {
        sites.push(Site { pointer: pointer.clone(), position: Position::Field(kind) });
        return;
    }
    let mut each = |key: &str, value: &Value, kind: Kind| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escape(key));
        find(value, kind, pointer, sites);
        pointer.truncate(length);
    };
    match (below, value) {
        (Some(Below::List(kind)), Value::Array(items)) => {
            items.iter().enumerate().for_each(|(i, item)| each(&i.to_string(), item, kind));
        }
        (Some(Below::Map(kind)), Value::Object(entries)) => {
            entries.iter().for_each(|(key, value)| each(key, value, kind));
        }
        (Some(Below::One(kind)), value) => find(value, kind, pointer, sites),
        _ => {}
    }
}
