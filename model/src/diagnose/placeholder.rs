//! Values that take the position of one that does not fit, so that decoding can continue.

use crate::json::Kind;

use super::position::Position;

/// The candidates, in the order in which they are used.
const CANDIDATES: [&str; 8] =
    [r#""2000-01-01T00:00:00Z""#, "{}", "[]", "1", "false", r#""2000-01-01""#, r#""""#, "null"];

/// A value in the position of one that does not fit or is missing.
#[derive(Default)]
pub(super) struct Placeholder {
    /// The candidate that is used.
    current: usize,
    /// The candidates that were used, as bits.
    used: u16,
    /// Required properties of a placeholder that is an object.
    pub(super) added: Vec<(String, u32)>,
    /// Where decoding continues.
    pub(super) resume: Option<Position>,
}

impl Placeholder {
    /// Creates one that is likely to fit where a JSON type is expected.
    pub(super) fn new(kind: Option<Kind>) -> Self {
        let mut placeholder = Self::default();
        placeholder.advance(kind);
        placeholder
    }

    /// Uses the next candidate; `false` if all were used.
    pub(super) fn advance(&mut self, kind: Option<Kind>) -> bool {
        let is_new = |index: &usize| self.used & (1 << index) == 0;
        let likely = match kind {
            Some(Kind::Object) => 1,
            Some(Kind::Array) => 2,
            Some(Kind::Number) => 3,
            Some(Kind::Boolean) => 4,
            _ => 0,
        };
        let next = Some(likely).filter(is_new).or_else(|| (0..CANDIDATES.len()).find(is_new));
        let Some(next) = next else { return false };
        self.used |= 1 << next;
        self.current = next;
        self.added.clear();
        self.resume = None;
        true
    }

    /// The candidate that is used, without added properties.
    pub(super) fn json(&self) -> &'static str {
        CANDIDATES.get(self.current).copied().unwrap_or("null")
    }
}
