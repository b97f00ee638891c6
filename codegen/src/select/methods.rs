//! HTTP methods, and the operations of a path item.

use crate::diagnostics::{Diagnostics, Location, messages};
use crate::spec::Document;
use crate::text::child;
use crate::text::pointer::{last, parent};

/// The methods that a path item has fields for, in the order in which they are read.
pub(crate) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The field of the operations with other methods.
const ADDITIONAL: &str = "additionalOperations";

/// A method of a path item.
pub(crate) struct Method {
    /// Its key: in lower case, or the name of an additional method.
    pub(crate) key: String,
    /// Its name in requests.
    pub(crate) wire: String,
    /// The pointer of its operation.
    pub(crate) pointer: String,
}

/// Returns the methods of a path item. Reports additional ones that are not methods.
pub(crate) fn methods_of(
    document: &Document,
    item: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<Method> {
    let mut found = all_methods(document, item);
    found.retain(|method| {
        let is_token = !method.key.is_empty() && method.key.bytes().all(is_token);
        if !is_token {
            let location = Location::Pointer(method.pointer.clone());
            diagnostics.report(location, messages::invalid_method(&method.key));
        }
        is_token
    });
    found
}

/// Returns the methods of a path item, also invalid ones.
pub(crate) fn all_methods(document: &Document, item: &str) -> Vec<Method> {
    let fixed = METHODS.iter().map(|method| {
        let (key, wire) = ((*method).to_owned(), method.to_uppercase());
        Method { key, wire, pointer: child(item, method) }
    });
    let additional = child(item, ADDITIONAL);
    let keys = document.keys(&additional).filter(|key| !key.starts_with("x-"));
    let more = keys.map(|key| {
        let (key, pointer) = (key.to_owned(), child(&additional, key));
        Method { wire: key.clone(), key, pointer }
    });
    let is_there = |method: &Method| document.get(&method.pointer).is_some();
    let fixed: Vec<Method> = fixed.filter(is_there).collect();
    // A method that has a field of its own is not an additional one.
    let more: Vec<Method> =
        more.filter(|own| !fixed.iter().any(|known| known.wire == own.wire)).collect();
    fixed.into_iter().chain(more).collect()
}

/// Returns the pointer of the path item of an operation.
pub(crate) fn item_of(operation: &str) -> &str {
    let item = parent(operation);
    if last(item) == ADDITIONAL { parent(item) } else { item }
}

/// Returns whether a byte may be part of a method (RFC 9110, 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
