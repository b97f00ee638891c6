//! Differences between the document of this workspace, the spec, and that of the publisher, the
//! upstream document.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::document::At;
use super::objects::Kind;

/// Which document has the part that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Side {
    /// Only the upstream document.
    UpstreamOnly,
    /// Only the spec.
    SpecOnly,
    /// Both, but it differs.
    Different,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UpstreamOnly => "upstream-only",
            Self::SpecOnly => "spec-only",
            Self::Different => "different",
        })
    }
}

/// A difference.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    pub(super) side: Side,
    /// Where it is in the spec, or would be. Elements of sets are named by their values.
    pub(super) at: At,
    /// Where it is in the upstream document, or would be.
    pub(super) upstream_at: At,
    /// One sentence.
    pub(super) sentence: String,
    /// The upstream value of a keyword.
    pub(super) upstream: Option<Value>,
    /// What makes the spec equal, in this order.
    pub(super) changes: Vec<Change>,
}

/// A change of the spec: of one entry of an object.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The object.
    pub(super) parent: At,
    pub(super) key: String,
    pub(super) action: Action,
}

/// What happens to an entry.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// It gets a value, instead of its old one if it has one.
    Set(Content),
    /// It is removed.
    Unset,
    /// The array that it is gets another element.
    Add(Content),
    /// An element of the array that it is, with this value, is removed.
    Drop(Value),
}

/// A value that is written.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Value(Value),
    /// A copy of a part of the upstream document, without its words.
    Copy(At, Kind),
    /// A reference to the counterpart of a component of the upstream document.
    Reference(At, Kind),
    /// The same as a plain string, as in the mapping of a discriminator.
    Target(At, Kind),
}
