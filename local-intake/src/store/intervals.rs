//! How long at least one of several jobs was running.

use std::collections::BTreeMap;

/// A union of intervals of time, kept as intervals that do not touch.
#[derive(Clone, Debug, Default)]
pub(super) struct Intervals {
    /// The end of each, by its start.
    apart: BTreeMap<i64, i64>,
    total: i64,
}

impl Intervals {
    /// Adds an interval; one that ends before it begins adds nothing.
    pub(super) fn add(&mut self, start: i64, end: i64) {
        let (mut start, mut end) = (start, end.max(start));
        // Everything that begins before this one ends and ends after this one begins.
        let touching: Vec<(i64, i64)> = self
            .apart
            .range(..=end)
            .rev()
            .take_while(|(_, other_end)| **other_end >= start)
            .map(|(start, end)| (*start, *end))
            .collect();
        for (other_start, other_end) in touching {
            self.apart.remove(&other_start);
            self.total = self.total.saturating_sub(other_end.saturating_sub(other_start));
            (start, end) = (start.min(other_start), end.max(other_end));
        }
        self.apart.insert(start, end);
        self.total = self.total.saturating_add(end.saturating_sub(start));
    }

    /// The length of the union.
    pub(super) fn total(&self) -> i64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Intervals;
    use crate::testing::cases;

    proptest! {
        #![proptest_config(cases(500))]

        #[test]
        fn the_union_is_as_long_as_the_moments_in_any_of_them(
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
