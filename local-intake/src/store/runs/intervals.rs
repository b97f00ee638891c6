//! Unions of time intervals.

use std::collections::BTreeMap;

/// A union of time intervals, kept as disjoint intervals.
#[derive(Clone, Debug, Default)]
pub(super) struct Intervals {
    /// Ends by starts.
    disjoint: BTreeMap<i64, i64>,
    total: i64,
}

impl Intervals {
    /// Adds an interval. One that ends before its start counts as empty.
    pub(super) fn add(&mut self, start: i64, end: i64) {
        let (mut start, mut end) = (start, end.max(start));
        // All intervals that start before the end of this one, and end after its start.
        let overlapping: Vec<(i64, i64)> = self
            .disjoint
            .range(..=end)
            .rev()
            .take_while(|(_, other_end)| **other_end >= start)
            .map(|(start, end)| (*start, *end))
            .collect();
        for (other_start, other_end) in overlapping {
            self.disjoint.remove(&other_start);
            self.total = self.total.saturating_sub(other_end.saturating_sub(other_start));
            (start, end) = (start.min(other_start), end.max(other_end));
        }
        self.disjoint.insert(start, end);
        self.total = self.total.saturating_add(end.saturating_sub(start));
    }

    /// Returns the length of the union.
    pub(super) fn total(&self) -> i64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Intervals;
    use crate::event::testing::cases;

    proptest! {
        #![proptest_config(cases(500))]

        #[test]
        fn the_length_of_a_union_counts_each_instant_once(
            all in prop::collection::vec((0..40_i64, 0..12_i64), 0..12),
        ) {
            let mut union = Intervals::default();
            for (start, length) in &all {
                union.add(*start, start + length);
            }
            let inside = |t: &i64| all.iter().any(|(start, length)| (*start..start + length).contains(t));
            prop_assert_eq!(union.total(), (0..60).filter(inside).count() as i64);
        }
    }
}
