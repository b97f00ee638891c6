//! How much may be copied, and how much work overlays may be. Each use of a shared part is a copy, so
//! a small document can have content of any size.

use serde_json::Value;

/// The bytes that may be copied, in addition to a multiple of the size of the document.
const ALLOWANCE: usize = 16 << 20;
const MULTIPLE: usize = 16;

/// The bytes that a value is counted as, in addition to those of a string.
const COST: usize = 64;

/// The values that all overlays may visit, in addition to a multiple of the size of the document.
const WORK: u64 = 100_000_000;
const WORK_PER_BYTE: u64 = 100;

/// The error of work that is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exhausted;

/// The number of bytes that may still be copied, and the work that overlays may still be.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    left: usize,
    work: u64,
}

impl Budget {
    /// Creates a budget for documents of this size in bytes.
    pub(crate) fn new(size: usize) -> Self {
        let work = WORK_PER_BYTE.saturating_mul(size as u64).saturating_add(WORK);
        Self { left: size.saturating_mul(MULTIPLE).saturating_add(ALLOWANCE), work }
    }

    /// Creates a budget with little work.
    #[cfg(test)]
    pub(crate) fn with_work(work: u64) -> Self {
        Self { work, ..Self::new(0) }
    }

    /// Counts copies of a value. Returns whether they are allowed; if they are not, no others are.
    pub(crate) fn take(&mut self, value: &Value, copies: usize) -> bool {
        let limit = self.left.checked_div(copies).unwrap_or(usize::MAX);
        match weight(value, limit) {
            Some(weight) => self.left -= weight * copies,
            None => self.left = 0,
        }
        !self.is_exhausted()
    }

    /// Counts the values that an overlay visits.
    pub(crate) fn work(&mut self, values: u64) -> Result<(), Exhausted> {
        match self.work.checked_sub(values) {
            Some(left) => {
                self.work = left;
                Ok(())
            }
            None => {
                self.work = 0;
                Err(Exhausted)
            }
        }
    }

    /// Returns whether overlays may visit more values.
    pub(crate) fn has_work(&self) -> bool {
        self.work > 0
    }

    /// Counts bytes that are not those of a value.
    pub(crate) fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    /// Returns whether nothing may be copied any more.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left == 0
    }
}

/// Estimates the memory of a value in bytes. Returns none if it is not below a limit.
fn weight(value: &Value, limit: usize) -> Option<usize> {
    let mut weight = 0_usize;
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        weight += COST;
        match value {
            Value::String(string) => weight += string.len(),
            Value::Array(items) => open.extend(items),
            Value::Object(entries) => {
                weight += entries.keys().map(String::len).sum::<usize>();
                open.extend(entries.values());
            }
            _ => {}
        }
        if weight >= limit {
            return None;
        }
    }
    Some(weight)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Budget;

    #[test]
    fn copies_are_counted_until_nothing_is_left() {
        let mut budget = Budget { left: 1000, work: 0 };
        assert!(budget.take(&json!({ "abc": [1, "xy"] }), 1));
        assert_eq!(budget.left, 1000 - 4 * 64 - 5);
        assert!(budget.take(&json!(1), 10) && budget.left == 99);
        assert!(!budget.take(&json!(["a"]), 1) && budget.is_exhausted());
        assert!(!budget.take(&json!(1), 1));
        assert!(Budget::new(0).take(&json!(1), 0));
        let mut budget = Budget { left: 1000, work: 0 };
        budget.spend(2000);
        assert!(budget.is_exhausted());
    }
}
