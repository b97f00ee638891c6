//! Which operations are selected, and where references lead.

mod filter;
mod select;

pub(crate) use select::{METHODS, SelectedOperation, Selection, select};

use openapiv3::ReferenceOr;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostics, Place, code};
use crate::source::{Document, child, is_address, percent_decode};

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
            let message = format!("`{reference}` leads back to itself");
            diagnostics.error(&code::CIRCULAR_REF, Place::Pointer(child(pointer, "$ref")), message);
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
    let place = Place::Pointer(child(pointer, "$ref"));
    let Some(target) = local_pointer(reference) else {
        let (code, why) = match (document.is_broken(reference), is_address(reference)) {
            (true, _) => (&code::UNKNOWN_REF, "leads nowhere"),
            (false, true) => (&code::EXTERNAL_REF, "is an address, and nothing is fetched"),
            (false, false) => (&code::EXTERNAL_REF, "leads to a file that is not there"),
        };
        diagnostics.error(code, place, format!("`{reference}` {why}"));
        return None;
    };
    if document.get(&target).is_none() {
        diagnostics.error(&code::UNKNOWN_REF, place, format!("`{reference}` leads nowhere"));
        return None;
    }
    Some(target)
}

/// The value at a pointer as a type of `openapiv3`.
pub(crate) fn typed<T: DeserializeOwned>(
    document: &Document,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    match document.typed(pointer)? {
        Ok(value) => Some(value),
        Err(message) => {
            diagnostics.error(&code::BAD_SHAPE, Place::pointer(pointer), message);
            None
        }
    }
}
