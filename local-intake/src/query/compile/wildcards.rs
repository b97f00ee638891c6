//! Many strings with wildcards, matched at once: one pass over a string finds the patterns whose
//! longest literal it contains, and only those are matched.

use aho_corasick::AhoCorasick;

use super::bits::Bits;
use super::steps::Steps;
use crate::common::Stopped;
use crate::query::pattern::{Pattern, Piece};

/// Many patterns.
#[derive(Debug, Default)]
pub(super) struct Wildcards {
    patterns: Vec<(Pattern, usize)>,
    /// The longest literals of the patterns, and the patterns that have each of them.
    literals: Vec<String>,
    having: Vec<Vec<usize>>,
    /// The patterns without a literal.
    others: Vec<usize>,
    /// `None` for few patterns.
    automaton: Option<AhoCorasick>,
    /// The literals that the current string contains.
    seen: Vec<bool>,
}

/// The minimum number of literals for an automaton.
const MIN_LITERALS: usize = 3;

impl Wildcards {
    pub(super) fn add(&mut self, pattern: Pattern, bit: usize) {
        if !self.patterns.contains(&(pattern.clone(), bit)) {
            self.patterns.push((pattern, bit));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Prepares the automaton after the last pattern was added.
    pub(super) fn prepare(&mut self) {
        let mut numbers = std::collections::HashMap::new();
        for (number, (pattern, _)) in self.patterns.iter().enumerate() {
            let literals = pattern.pieces().iter().filter_map(|piece| match piece {
                Piece::Literal(literal) => Some(literal),
                Piece::Any | Piece::One => None,
            });
            let Some(longest) = literals.max_by_key(|literal| literal.len()) else {
                self.others.push(number);
                continue;
            };
            let known = *numbers.entry(longest.clone()).or_insert_with(|| {
                self.literals.push(longest.clone());
                self.having.push(Vec::new());
                self.literals.len() - 1
            });
            if let Some(having) = self.having.get_mut(known) {
                having.push(number);
            }
        }
        if self.literals.len() >= MIN_LITERALS {
            self.automaton = AhoCorasick::new(&self.literals).ok();
        }
        if self.automaton.is_none() {
            self.others = (0..self.patterns.len()).collect();
        }
        self.seen = vec![false; self.literals.len()];
    }

    /// Adds the tests of the patterns that match, as `matches` decides.
    pub(super) fn find(
        &mut self,
        string: &str,
        found: &mut Bits,
        steps: &mut Steps<'_>,
        matches: impl Fn(&Pattern, &mut Steps<'_>) -> Result<bool, Stopped>,
    ) -> Result<(), Stopped> {
        let mut check = |number: usize, steps: &mut Steps<'_>| {
            if let Some((pattern, bit)) = self.patterns.get(number)
                && !found.contains(*bit)
                && matches(pattern, steps)?
            {
                found.add(*bit);
            }
            Ok(found.is_full())
        };
        for number in &self.others {
            if check(*number, steps)? {
                return Ok(());
            }
        }
        let Some(automaton) = &self.automaton else { return Ok(()) };
        self.seen.fill(false);
        let mut unseen = self.seen.len();
        for occurrence in automaton.find_overlapping_iter(string) {
            steps.add(1)?;
            let literal = occurrence.pattern().as_usize();
            match self.seen.get_mut(literal) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            unseen -= 1;
            for number in self.having.get(literal).into_iter().flatten() {
                if check(*number, steps)? {
                    return Ok(());
                }
            }
            if unseen == 0 {
                return Ok(());
            }
        }
        Ok(())
    }
}
