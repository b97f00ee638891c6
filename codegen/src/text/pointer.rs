//! JSON pointers (RFC 6901).

use std::fmt;

/// A pointer to the child of a value.
pub(crate) fn child(pointer: &str, key: impl fmt::Display) -> String {
    let key = key.to_string();
    if key.contains(['~', '/']) {
        format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{pointer}/{key}")
    }
}
