//! What schemas and operations leave for the passes: facts that matter only until a pass has used
//! them, so they are not part of the intermediate representation.

use crate::ir::{Header, TypeId, VariantIndex};
use openapiv3::Discriminator;
use serde_json::Value;
use std::collections::BTreeSet;

/// Input of the passes that is not in the [`Api`](crate::ir::Api).
#[derive(Default)]
pub(crate) struct Pending {
    /// Unions whose variants are known and whose decision is not.
    pub(crate) unions: Vec<PendingUnion>,
    /// Unions that are decided by the discriminator of the document.
    pub(crate) discriminated: Vec<Discriminated>,
    /// Enums, or aliases of enums, that accept any string.
    pub(crate) open_enums: BTreeSet<TypeId>,
    /// Properties that are sent in one direction only.
    pub(crate) directions: Vec<DirectedField>,
    /// The paging hints of operations.
    pub(crate) paging_hints: Vec<PagingHint>,
    /// The headers of all error responses.
    pub(crate) error_headers: Vec<Header>,
}

/// A union whose variants are known and whose decision is not.
pub(crate) struct PendingUnion {
    pub(crate) id: TypeId,
    pub(crate) pointer: String,
    pub(crate) discriminator: Option<Discriminator>,
    /// The pointer of each variant's schema, for discriminators that name it.
    pub(crate) targets: Vec<Option<String>>,
    /// Whether the last variant is the base type of the others: it takes all values that the
    /// discriminator does not map.
    pub(crate) has_base: bool,
}

/// A union that is decided by the discriminator of the document.
pub(crate) struct Discriminated {
    pub(crate) union: TypeId,
    pub(crate) property: String,
    /// The variant that takes all values that the discriminator does not map.
    pub(crate) base: Option<VariantIndex>,
    /// The values that are only accepted: names of schemas for which the mapping has another value.
    pub(crate) names: BTreeSet<String>,
}

/// A property that is sent in one direction only.
pub(crate) struct DirectedField {
    /// The struct.
    pub(crate) ty: TypeId,
    /// The index of the field.
    pub(crate) field: usize,
    pub(crate) direction: Direction,
}

/// The direction of a property.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Only in responses (`readOnly`); requests may contain it, without effect.
    Response,
    /// Only in requests (`writeOnly`).
    Request,
}

/// The paging hint of an operation.
pub(crate) struct PagingHint {
    /// The index of the operation.
    pub(crate) operation: usize,
    /// The value of `x-pagination`.
    pub(crate) hint: Value,
    pub(crate) pointer: String,
}

impl Pending {
    /// Returns the number of error headers and paging hints, for [`Pending::truncate`].
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.error_headers.len(), self.paging_hints.len())
    }

    /// Removes what an operation added that is left out: everything after the given lengths, and
    /// everything about types from an id on.
    pub(crate) fn truncate(&mut self, (headers, hints): (usize, usize), types: usize) {
        self.unions.retain(|union| union.id.0 < types);
        self.open_enums.retain(|id| id.0 < types);
        self.directions.retain(|field| field.ty.0 < types);
        self.error_headers.truncate(headers);
        self.paging_hints.truncate(hints);
    }
}
