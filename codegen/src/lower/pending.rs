//! What schemas and operations leave for the passes: facts that matter only until a pass has used
//! them, so they are not part of the intermediate representation.

use serde_json::Value;

use super::union::Undecided;
use crate::ir::{Header, TypeId};

/// Input of the passes that is not in the [`Api`](crate::ir::Api).
#[derive(Default)]
pub(super) struct Pending {
    /// Unions whose variants are known and whose decision is not.
    pub(super) unions: Vec<Undecided>,
    /// Properties that are sent in one direction only.
    pub(super) directions: Vec<OneWayField>,
    /// The paging hints of operations.
    pub(super) paging_hints: Vec<PagingHint>,
    /// The headers of all error responses.
    pub(super) error_headers: Vec<Header>,
}

/// A property that is sent in one direction only.
pub(super) struct OneWayField {
    /// The struct.
    pub(super) ty: TypeId,
    /// The index of the field.
    pub(super) field: usize,
    pub(super) direction: Direction,
}

/// The direction of a property.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Only in responses (`readOnly`); requests may contain it, without effect.
    Response,
    /// Only in requests (`writeOnly`).
    Request,
}

/// The paging hint of an operation.
pub(super) struct PagingHint {
    /// The index of the operation.
    pub(super) operation: usize,
    /// The value of `x-pagination`.
    pub(super) hint: Value,
    pub(super) pointer: String,
}

impl Pending {
    /// Returns the number of error headers and paging hints, for [`Pending::truncate`].
    pub(super) fn len(&self) -> (usize, usize) {
        (self.error_headers.len(), self.paging_hints.len())
    }

    /// Removes what an operation added that is left out: everything after the given lengths, and
    /// everything about types from an id on.
    pub(super) fn truncate(&mut self, (headers, hints): (usize, usize), types: usize) {
        self.unions.retain(|union| union.id.0 < types);
        self.directions.retain(|field| field.ty.0 < types);
        self.error_headers.truncate(headers);
        self.paging_hints.truncate(hints);
    }
}
