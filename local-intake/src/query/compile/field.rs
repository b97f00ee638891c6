//! The tests of the values of one field.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bits::Bits;
use super::matcher::{Matcher, StringRange, is_within};
use crate::query::ast::Test;
use crate::query::value::{Bound, Comparison, number};

/// The tests of numbers and booleans. Those of strings are in the [`Matcher`].
#[derive(Debug, Default)]
pub(super) struct Scalars {
    /// Numbers by their bits.
    equal: HashMap<u64, Vec<usize>, RandomState>,
    booleans: [Vec<usize>; 2],
    comparisons: Vec<(Comparison, f64, usize)>,
    ranges: Vec<(StringRange, usize)>,
}

impl Scalars {
    /// Adds a test, here and to the tests of strings.
    pub(super) fn add(&mut self, test: &Test, strings: &mut Matcher, bit: usize) {
        match test {
            // Not a test of a value.
            Test::Exists => {}
            Test::Is(pattern) => {
                strings.add(pattern, bit);
                let Some(literal) = pattern.as_literal() else { return };
                if let Some(number) = number(literal) {
                    self.equal.entry(key(number)).or_default().push(bit);
                }
                if let Ok(boolean) = literal.parse::<bool>() {
                    self.booleans[usize::from(boolean)].push(bit);
                }
            }
            Test::Compare(comparison, bound) => self.comparisons.push((*comparison, *bound, bit)),
            Test::Range { low, high } => {
                let range = [low.clone(), high.clone()];
                strings.add_range(range.clone(), bit);
                self.ranges.push((range, bit));
            }
        }
    }

    /// Adds the tests that a number passes.
    pub(super) fn find_number(&self, number: f64, strings: &mut Matcher, found: &mut Bits) {
        self.equal.get(&key(number)).into_iter().flatten().for_each(|bit| found.add(*bit));
        for (comparison, bound, bit) in &self.comparisons {
            if number.partial_cmp(bound).is_some_and(|order| comparison.holds(order)) {
                found.add(*bit);
            }
        }
        self.find_ranges(found, |bound| match bound {
            Bound::Number(bound) => number.partial_cmp(bound),
            Bound::String(_) => None,
        });
        if strings.has_wildcards() {
            strings.find_wildcards(&number.to_string(), found);
        }
    }

    /// Adds the tests that a boolean passes.
    pub(super) fn find_boolean(&self, boolean: bool, strings: &mut Matcher, found: &mut Bits) {
        self.booleans[usize::from(boolean)].iter().for_each(|bit| found.add(*bit));
        // Without bounds, a range contains every value.
        self.find_ranges(found, |_| None);
        strings.find_wildcards(if boolean { "true" } else { "false" }, found);
    }

    fn find_ranges(&self, found: &mut Bits, order: impl Fn(&Bound) -> Option<Ordering> + Copy) {
        for ([low, high], bit) in &self.ranges {
            if is_within(low, Ordering::Greater, order) && is_within(high, Ordering::Less, order) {
                found.add(*bit);
            }
        }
    }
}

/// Returns the key of a number. Negative zero equals zero.
fn key(number: f64) -> u64 {
    (number + 0.0).to_bits()
}
