//! JSON pointers (RFC 6901), written independently of the generator that is checked with them.

/// Escapes a key for a pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the key of an escaped token.
pub(super) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
