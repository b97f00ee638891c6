//! Words and phrases in a string, case-insensitive. Only whole words match; the characters
//! between words are ignored.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bits::Bits;
use super::steps::Steps;
use crate::common::Stopped;

/// Many phrases.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// The phrases by their first words.
    by_first_word: HashMap<Box<str>, Vec<Rest>, RandomState>,
    /// The lengths of the first words, as bits, to skip most words without a hash.
    lengths: u64,
    /// The tests without a word, which every string passes.
    always: Vec<usize>,
}

impl Phrases {
    /// Adds a phrase in lowercase.
    pub(super) fn add(&mut self, phrase: &str, bit: usize) {
        let mut words = words(phrase);
        let Some(first) = words.next() else { return self.always.push(bit) };
        self.lengths |= length_bit(first);
        let rest: Vec<String> = words.map(str::to_owned).collect();
        let phrases = self.by_first_word.entry(first.into()).or_default();
        // A longer phrase adds nothing to a shorter one with the same result.
        if !phrases.iter().any(|(other, other_bit)| *other_bit == bit && rest.starts_with(other)) {
            phrases.push((rest, bit));
        }
    }

    /// Adds the tests that a string in lowercase passes.
    pub(super) fn find(
        &self,
        lower: &str,
        found: &mut Bits,
        steps: &mut Steps<'_>,
    ) -> Result<(), Stopped> {
        self.always.iter().for_each(|bit| found.add(*bit));
        if self.lengths == 0 {
            return Ok(());
        }
        let mut rest = words(lower);
        while let Some(word) = rest.next() {
            steps.add(1)?;
            if self.lengths & length_bit(word) == 0 {
                continue;
            }
            let Some(phrases) = self.by_first_word.get(word) else { continue };
            for (phrase, bit) in phrases {
                if found.contains(*bit) {
                    continue;
                }
                let mut next = rest.clone();
                let mut compared = 1;
                let is_match = phrase.iter().all(|word| {
                    compared += 1;
                    next.next() == Some(word)
                });
                steps.add(compared)?;
                if is_match {
                    found.add(*bit);
                }
            }
            if found.is_full() {
                break;
            }
        }
        Ok(())
    }
}

/// The words of a phrase after the first one, and its test.
type Rest = (Vec<String>, usize);

/// Returns a bit for the length of a word. All long words share one.
fn length_bit(word: &str) -> u64 {
    1 << word.len().min(63)
}

/// Returns the words of a string.
pub(super) fn words(string: &str) -> impl Iterator<Item = &str> + Clone {
    string.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
