//! The table of changes. Each kind has an identifier, the identifier of its inverse, a verdict on the
//! wire for each direction, documentation, and advice.
//!
//! | module | subject |
//! |---|---|
//! | `operations` | operations, webhooks, parameters, bodies and responses |
//! | `schemas` | types, properties, values, constraints |
//! | `setup` | servers, security, tags, documentation |
//! | `items` | the generated crate: items without a counterpart in the document |

use super::change::{Release, Wire};

/// Kind of a change: one row of the table in `docs/diff.md`.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangeKind {
    /// Identifier, such as `property-removed`.
    pub id: &'static str,
    /// Identifier of the change in the other direction, from the new document to the old one.
    pub inverse: &'static str,
    /// Verdict on the wire for values that are sent to the API.
    pub request: Wire,
    /// Verdict on the wire for values that the API sends.
    pub response: Wire,
    /// The least release that it needs if it affects requests. More may follow from the Rust API.
    pub least: Release,
    /// Explanation for `docs/diff.md`, in Markdown.
    pub documentation: &'static str,
    /// What users have to do; empty if nothing.
    pub advice: &'static str,
}

/// Declares kinds of changes.
macro_rules! kinds {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident = $id:literal $(/ $inverse:literal)?, $request:ident $response:ident
            $(, $least:ident)? $(, $advice:literal)?;
    )+) => {
        $(
            pub(in crate::pipeline::diff) static $name: &super::ChangeKind = &super::ChangeKind {
                id: $id,
                inverse: [$($inverse,)? $id][0],
                request: crate::pipeline::diff::change::Wire::$request,
                response: crate::pipeline::diff::change::Wire::$response,
                least: [
                    $(crate::pipeline::diff::change::Release::$least,)?
                    crate::pipeline::diff::change::Release::Patch,
                ][0],
                documentation: concat!($($doc, "\n"),+),
                advice: [$($advice,)? ""][0],
            };
        )+

        pub(super) static KINDS: &[&super::ChangeKind] = &[$($name),+];
    };
}

mod items;
mod operations;
mod schemas;
mod setup;

/// All kinds.
pub(super) mod kinds {
    pub(in crate::pipeline::diff) use super::items::*;
    pub(in crate::pipeline::diff) use super::operations::*;
    pub(in crate::pipeline::diff) use super::schemas::*;
    pub(in crate::pipeline::diff) use super::setup::*;
}

static KINDS: [&[&ChangeKind]; 4] = [operations::KINDS, schemas::KINDS, setup::KINDS, items::KINDS];

impl ChangeKind {
    /// Returns all kinds, in the order of the table.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        KINDS.iter().flat_map(|kinds| kinds.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::ChangeKind;

    #[test]
    fn kinds_are_unique_documented_and_have_an_inverse() {
        let mut known = BTreeMap::new();
        for kind in ChangeKind::all() {
            assert!(known.insert(kind.id, kind.inverse).is_none(), "duplicate `{}`", kind.id);
            assert!(kind.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", kind.id);
            assert!(kind.documentation.trim().ends_with('.'), "{}", kind.id);
            assert!(kind.advice.is_empty() || !kind.advice.ends_with('.'), "{}", kind.id);
        }
        for (id, inverse) in &known {
            assert_eq!(known.get(inverse), Some(id), "the inverse of `{id}`");
        }
    }
}
