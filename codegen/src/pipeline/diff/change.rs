//! Changes between two documents: plain data for people and programs.

use std::fmt;

use serde::Serialize;

use crate::diagnostics::Position;

/// What a change means for programs that are deployed.
///
/// A client made from the old document is an old client; a program that is compiled again with the
/// client of the new document, without other changes, is a new client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wire {
    /// Nothing that is sent or received changes.
    None,
    /// Old clients work with new servers, and new clients with old servers.
    Compatible,
    /// New clients may fail with old servers, so servers are updated first.
    BreaksServers,
    /// Old clients may fail with new servers.
    BreaksClients,
    /// Both: clients and servers have to be updated together.
    BreaksBoth,
}

impl Wire {
    /// Returns the verdict on two changes together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::BreaksServers, Self::BreaksClients)
            | (Self::BreaksClients, Self::BreaksServers) => Self::BreaksBoth,
            (one, other) => one.max(other),
        }
    }

    /// Returns whether old clients may fail with new servers.
    #[must_use]
    pub fn breaks_clients(self) -> bool {
        matches!(self, Self::BreaksClients | Self::BreaksBoth)
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Compatible => "compatible",
            Self::BreaksServers => "breaks servers",
            Self::BreaksClients => "breaks clients",
            Self::BreaksBoth => "breaks both",
        })
    }
}

/// The kind of release that a change of the generated Rust API needs, by the rules of Cargo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Release {
    /// The generated code does not change.
    None,
    /// The code or its documentation changes, but not its API.
    Patch,
    /// Something is added or deprecated.
    Minor,
    /// A program that uses the API may fail to compile, or fail at run time.
    Major,
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// The direction in which values of a changed type are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From a client to the API.
    Request,
    /// From the API to a client, or to the receiver of a webhook.
    Response,
}

/// One difference of the generated Rust API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApiChange {
    /// Path of the item, such as `models::Pet::name`.
    pub item: String,
    /// The release that it needs.
    pub release: Release,
    /// Its signature in the old code; absent if it is new.
    pub old: Option<String>,
    /// Its signature in the new code; absent if it was removed.
    pub new: Option<String>,
}

impl fmt::Display for ApiChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.old, &self.new) {
            (None, _) => write!(f, "`{}` is added", self.item),
            (Some(_), None) => write!(f, "`{}` is removed", self.item),
            (Some(old), Some(new)) => {
                write!(f, "`{}` changes from `{old}` to `{new}`", self.item)
            }
        }
    }
}

/// One change between two documents.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Stable identifier of its kind, such as `property-removed`: a row of `docs/diff.md`.
    pub id: &'static str,
    /// What it means for programs that are deployed.
    pub wire: Wire,
    /// The release that the generated Rust API needs.
    pub rust: Release,
    /// The directions in which changed values are sent; empty if no values are affected.
    pub directions: Vec<Direction>,
    /// Position in the old document; absent if it has no such part.
    pub old: Option<Position>,
    /// Position in the new document; absent if it has no such part.
    pub new: Option<Position>,
    /// The Rust item that it affects most.
    pub item: Option<String>,
    /// One sentence.
    pub message: String,
    /// What users of the crate or of the API have to do; empty if nothing.
    pub advice: String,
    /// The number of operations and webhooks that are affected.
    pub operations: usize,
    /// The differences of the Rust API that it causes, the most severe first.
    pub api: Vec<ApiChange>,
}

/// All changes between two documents.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The verdict on the wire over all changes.
    pub wire: Wire,
    /// The release that all changes together need.
    pub rust: Release,
    /// The changes, the most severe first.
    pub changes: Vec<Change>,
}

impl Difference {
    /// Creates the result. Sorts the changes by their severity.
    pub(super) fn new(mut changes: Vec<Change>) -> Self {
        changes.sort_by(|a, b| {
            let severity =
                |change: &Change| (change.wire.breaks_clients(), change.rust, change.wire);
            severity(b).cmp(&severity(a))
        });
        let mut difference = Self { wire: Wire::None, rust: Release::None, changes };
        difference.judge();
        difference
    }

    /// Removes the changes that a function selects, and judges the others again.
    pub fn remove(&mut self, is_removed: impl Fn(&Change) -> bool) {
        self.changes.retain(|change| !is_removed(change));
        self.judge();
    }

    fn judge(&mut self) {
        self.wire = self.changes.iter().fold(Wire::None, |all, change| all.and(change.wire));
        let releases = self.changes.iter().map(|change| change.rust);
        self.rust = releases.max().unwrap_or(Release::None);
    }
}
