//! References, and typed parts of the document.

use std::collections::BTreeSet;

use openapiv3::ReferenceOr;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostics::{Diagnostics, Location, messages};
use crate::spec::Document;
use crate::text::{child, is_url, percent_decode};

/// Returns the JSON pointer of a reference in the same document.
pub(crate) fn local_pointer(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    (fragment.is_empty() || fragment.starts_with('/')).then(|| percent_decode(fragment))
}

/// Follows a chain of references. Returns the object at its end, with its pointer.
pub(crate) fn resolve<T: DeserializeOwned>(
    document: &Document,
    item: ReferenceOr<T>,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<(T, String)> {
    let mut seen = BTreeSet::new();
    let mut at = pointer.to_owned();
    let mut item = item;
    loop {
        let reference = match item {
            ReferenceOr::Item(item) => return Some((item, at)),
            ReferenceOr::Reference { reference } => reference,
        };
        let target = target(document, &reference, &at, diagnostics)?;
        if !seen.insert(target.clone()) {
            let location = Location::Pointer(child(pointer, "$ref"));
            diagnostics.report(location, messages::circular_reference(reference));
            return None;
        }
        if !document.copy(&target) {
            return None;
        }
        item = typed(document, &target, diagnostics)?;
        at = target;
    }
}

/// Follows a chain of references from a pointer. Returns the pointer of the object at its end.
pub(super) fn object_at(
    document: &Document,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let mut seen = vec![pointer.to_owned()];
    let mut at = pointer.to_owned();
    while let Some(reference) = document.get(&child(&at, "$ref")).and_then(Value::as_str) {
        let target = target(document, reference, &at, diagnostics)?;
        if seen.contains(&target) {
            let location = Location::Pointer(child(pointer, "$ref"));
            diagnostics.report(location, messages::circular_reference(reference));
            return None;
        }
        if !document.copy(&target) {
            return None;
        }
        seen.push(target.clone());
        at = target;
    }
    Some(at)
}

/// Returns the pointer of the target of a reference. Reports a reference without a target.
fn target(
    document: &Document,
    reference: &str,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let found = target_or_nothing(document, reference, pointer, diagnostics)?;
    if found.is_none() {
        let location = Location::Pointer(child(pointer, "$ref"));
        let suggestion = suggestion(document, reference);
        diagnostics.report(location, messages::unresolved_reference(reference, suggestion));
    }
    found
}

/// Returns the pointer of the target of a reference. Returns `Some(None)` for a local reference
/// without a target, which the caller reports. Reports other references without a target.
pub(crate) fn target_or_nothing(
    document: &Document,
    reference: &str,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Option<String>> {
    let location = || Location::Pointer(child(pointer, "$ref"));
    let reference = reference.trim();
    // `#components/…` lacks the slash of a pointer.
    let local = local_pointer(reference)
        .or_else(|| local_pointer(&format!("#/{}", reference.strip_prefix('#')?)));
    let Some(target) = local else {
        let message = match document.unresolved(reference) {
            Some(suggestion) => messages::unresolved_reference(reference, suggestion),
            None if is_url(reference) => messages::reference_to_url(reference),
            None if document.is_forbidden(reference) => {
                messages::reference_to_forbidden_file(reference)
            }
            None => messages::reference_to_missing_file(reference),
        };
        diagnostics.report(location(), message);
        return None;
    };
    if document.get(&target).is_some() {
        return Some(Some(target));
    }
    let relocated = relocated(&target).find(|pointer| document.get(pointer).is_some());
    if let Some(target) = &relocated {
        diagnostics.report(location(), messages::relocated_reference(reference, target));
    }
    Some(relocated)
}

/// Returns a suggestion, which can be empty, for a reference without a target.
pub(crate) fn suggestion(document: &Document, reference: &str) -> String {
    local_pointer(reference).map_or(String::new(), |pointer| document.suggestion(&pointer))
}

/// Returns other pointers at which a component can be. Swagger 2.0 has other sections.
fn relocated(pointer: &str) -> impl Iterator<Item = String> + '_ {
    const SECTIONS: [(&str, &str); 7] = [
        ("/definitions/", "/components/schemas/"),
        ("/components/definitions/", "/components/schemas/"),
        ("/components/schema/", "/components/schemas/"),
        ("/schemas/", "/components/schemas/"),
        ("/parameters/", "/components/parameters/"),
        ("/responses/", "/components/responses/"),
        ("/components/schemas/", "/definitions/"),
    ];
    let move_to = |(from, to): (&str, &str)| Some(format!("{to}{}", pointer.strip_prefix(from)?));
    SECTIONS.into_iter().filter_map(move_to)
}

/// Deserializes the value at a pointer. Reports recovered problems in it, and its error.
pub(crate) fn typed<T: DeserializeOwned>(
    document: &Document,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let typed = document.typed(pointer)?;
    for (at, message) in document.recovered(pointer) {
        diagnostics.report(Location::Pointer(at), message);
    }
    match typed {
        Ok(value) => Some(value),
        Err(error) => {
            diagnostics.report(Location::pointer(pointer), messages::invalid_structure(error));
            None
        }
    }
}
