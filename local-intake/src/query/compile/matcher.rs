//! Matching a string against many words and wildcards in one pass.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bits::Bits;
use super::phrase::{Phrases, words};
use super::steps::Steps;
use super::wildcards::Wildcards;
use crate::common::Stopped;
use crate::query::pattern::Pattern;
use crate::query::value::Bound;

/// The tests of strings.
#[derive(Debug)]
pub(super) struct Matcher {
    /// Whether words are found in any case; otherwise whole strings are compared.
    has_words: bool,
    phrases: Phrases,
    equal: HashMap<Box<str>, Vec<usize>, RandomState>,
    wildcards: Wildcards,
    ranges: Vec<(StringRange, usize)>,
    lower: String,
    /// How much work a byte of a string may cause.
    cost: usize,
}

/// Two bounds, each with whether it is inclusive.
pub(super) type StringRange = [Option<(Bound, bool)>; 2];

impl Matcher {
    /// Creates a matcher of words in any case.
    pub(super) fn of_words() -> Self {
        Self { has_words: true, ..Self::of_values() }
    }

    /// Creates a matcher of whole strings.
    pub(super) fn of_values() -> Self {
        Self {
            has_words: false,
            phrases: Phrases::default(),
            equal: HashMap::default(),
            wildcards: Wildcards::default(),
            ranges: Vec::new(),
            lower: String::new(),
            cost: 1,
        }
    }

    pub(super) fn add(&mut self, pattern: &Pattern, bit: usize) {
        let lower = if self.has_words { pattern.to_lowercase() } else { pattern.clone() };
        match lower.as_literal() {
            Some(literal) if self.has_words => {
                self.cost += words(literal).count().saturating_sub(1);
                self.phrases.add(literal, bit);
            }
            Some(literal) => self.equal.entry(literal.into()).or_default().push(bit),
            None => {
                self.cost += pattern.size();
                self.wildcards.add(lower, bit);
            }
        }
    }

    pub(super) fn add_range(&mut self, range: StringRange, bit: usize) {
        self.ranges.push((range, bit));
    }

    pub(super) fn prepare(&mut self) {
        self.wildcards.prepare();
    }

    /// Returns an upper bound of the steps that a string of this length takes.
    pub(super) fn steps(&self, length: usize) -> usize {
        length.saturating_mul(self.cost)
    }

    /// Adds the tests that a string passes.
    pub(super) fn find(
        &mut self,
        string: &str,
        found: &mut Bits,
        steps: &mut Steps<'_>,
    ) -> Result<(), Stopped> {
        steps.add(string.len() / 8)?;
        if !self.has_words {
            self.equal.get(string).into_iter().flatten().for_each(|bit| found.add(*bit));
            self.find_ranges(string, found);
            return self.wildcards.find(string, found, steps, |pattern, steps| {
                pattern.matches_in_steps(string, &mut |count| steps.add(count))
            });
        }
        self.lower.clear();
        match string.is_ascii() {
            true => {
                self.lower.push_str(string);
                self.lower.make_ascii_lowercase();
            }
            false => self.lower = string.to_lowercase(),
        }
        let lower = self.lower.as_str();
        self.phrases.find(lower, found, steps)?;
        if self.wildcards.is_empty() || found.is_full() {
            return Ok(());
        }
        // Wildcards match a word or the whole string.
        self.wildcards.find(lower, found, steps, |pattern, steps| {
            let mut matches =
                |string| pattern.matches_in_steps(string, &mut |count| steps.add(count));
            if matches(lower)? {
                return Ok(true);
            }
            for word in words(lower) {
                if matches(word)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Adds the tests of patterns that the notation of a number or boolean passes.
    pub(super) fn find_wildcards(&mut self, printed: &str, found: &mut Bits) {
        let unlimited = &mut || Ok(());
        let mut steps = Steps::new(unlimited);
        // Never stopped: the notation is short.
        let _ = self.wildcards.find(printed, found, &mut steps, |pattern, steps| {
            pattern.matches_in_steps(printed, &mut |count| steps.add(count))
        });
    }

    pub(super) fn has_wildcards(&self) -> bool {
        !self.wildcards.is_empty()
    }

    fn find_ranges(&self, string: &str, found: &mut Bits) {
        for ([low, high], bit) in &self.ranges {
            let order = |bound: &Bound| match bound {
                Bound::String(bound) => Some(string.cmp(bound)),
                Bound::Number(_) => None,
            };
            if is_within(low, Ordering::Greater, order) && is_within(high, Ordering::Less, order) {
                found.add(*bit);
            }
        }
    }
}

/// Returns whether a value is on the inner side of a bound, given its order relative to it.
pub(super) fn is_within(
    bound: &Option<(Bound, bool)>,
    inside: Ordering,
    order: impl Fn(&Bound) -> Option<Ordering>,
) -> bool {
    let Some((bound, is_inclusive)) = bound else { return true };
    match order(bound) {
        Some(Ordering::Equal) => *is_inclusive,
        Some(order) => order == inside,
        None => false,
    }
}
