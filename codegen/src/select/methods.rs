//! HTTP methods.

/// The methods that a path item can have, in the order in which they are read.
pub(crate) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
