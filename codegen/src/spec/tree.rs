//! Documents as trees.

use serde_json::Value;

use crate::text::Origins;

/// A document as a tree, with the origins of its parts.
pub(super) struct Tree {
    pub(super) value: Value,
    pub(super) origins: Origins,
}
