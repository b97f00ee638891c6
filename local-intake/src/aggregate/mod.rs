//! Stub.
use crate::store::Facts;

/// One event that the query asks for.
#[derive(Clone, Copy, Debug)]
pub struct Row<'s> {
    /// Nanoseconds since 1970.
    pub timestamp: i64,
    /// Tells events of one timestamp apart.
    pub order: u64,
    /// What is known of it.
    pub facts: &'s Facts,
}
