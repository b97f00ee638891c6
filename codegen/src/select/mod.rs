//! Which operations are selected, and where references lead.

mod filter;
mod select;
mod webhooks;

pub(crate) use select::{METHODS, SelectedOperation, Selection, select};
pub(crate) use webhooks::SelectedWebhook;

use openapiv3::ReferenceOr;
use serde::de::DeserializeOwned;

use crate::diagnostics::{Diagnostics, Location, messages};
use crate::spec::Document;
use crate::text::{child, is_url, percent_decode};

/// The pointer that a reference names, if it stays within the document.
pub(crate) fn local_pointer(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    (fragment.is_empty() || fragment.starts_with('/')).then(|| percent_decode(fragment))
}

/// Follows references, however many, to an item and the pointer at which it stands.
pub(crate) fn resolve<T: DeserializeOwned>(
    document: &Document,
    item: ReferenceOr<T>,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<(T, String)> {
    let mut seen = Vec::new();
    let mut at = pointer.to_owned();
    let mut item = item;
    loop {
        let reference = match item {
            ReferenceOr::Item(item) => return Some((item, at)),
            ReferenceOr::Reference { reference } => reference,
        };
        let target = target(document, &reference, &at, diagnostics)?;
        if seen.contains(&target) {
            let location = Location::Pointer(child(pointer, "$ref"));
            diagnostics.report(location, messages::circular_reference(reference));
            return None;
        }
        item = typed(document, &target, diagnostics)?;
        seen.push(target.clone());
        at = target;
    }
}

/// Where a reference leads, if there is something.
pub(crate) fn target(
    document: &Document,
    reference: &str,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let found = target_or_nothing(document, reference, pointer, diagnostics)?;
    if found.is_none() {
        let location = Location::Pointer(child(pointer, "$ref"));
        diagnostics.report(location, messages::unresolved_reference(reference));
    }
    found
}

/// As [`target`], where it can be told what a reference that leads nowhere stands for: it gives
/// `Some(None)`, and the caller reports it.
pub(crate) fn target_or_nothing(
    document: &Document,
    reference: &str,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Option<String>> {
    let location = || Location::Pointer(child(pointer, "$ref"));
    let reference = reference.trim();
    // `#components/…` is one slash short of a pointer.
    let read = local_pointer(reference)
        .or_else(|| local_pointer(&format!("#/{}", reference.strip_prefix('#')?)));
    let Some(target) = read else {
        let message = match (document.is_unresolved(reference), is_url(reference)) {
            (true, _) => messages::unresolved_reference(reference),
            (false, true) => messages::reference_to_url(reference),
            (false, false) => messages::reference_to_missing_file(reference),
        };
        diagnostics.report(location(), message);
        return None;
    };
    if document.get(&target).is_some() {
        return Some(Some(target));
    }
    let nearby = near(&target).find(|nearby| document.get(nearby).is_some());
    if let Some(nearby) = &nearby {
        diagnostics.report(location(), messages::relocated_reference(reference, nearby));
    }
    Some(nearby)
}

/// Where else a component may stand: Swagger 2 has other places for most kinds of them.
fn near(pointer: &str) -> impl Iterator<Item = String> + '_ {
    const MOVED: [(&str, &str); 7] = [
        ("/definitions/", "/components/schemas/"),
        ("/components/definitions/", "/components/schemas/"),
        ("/components/schema/", "/components/schemas/"),
        ("/schemas/", "/components/schemas/"),
        ("/parameters/", "/components/parameters/"),
        ("/responses/", "/components/responses/"),
        ("/components/schemas/", "/definitions/"),
    ];
    let moved = |(from, to): (&str, &str)| Some(format!("{to}{}", pointer.strip_prefix(from)?));
    MOVED.into_iter().filter_map(moved)
}

/// The value at a pointer as a type of `openapiv3`.
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
        Err(message) => {
            diagnostics.report(Location::pointer(pointer), messages::invalid_structure(message));
            None
        }
    }
}
