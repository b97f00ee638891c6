//! Which tests of a group match.

/// A set of tests, by their numbers in a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Bits {
    words: Box<[u64]>,
    missing: usize,
}

impl Bits {
    /// Creates an empty set of at most `count` tests.
    pub(super) fn new(count: usize) -> Self {
        Self { words: vec![0; count.div_ceil(64)].into(), missing: count }
    }

    pub(super) fn contains(&self, bit: usize) -> bool {
        self.words.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    pub(super) fn add(&mut self, bit: usize) {
        if let Some(word) = self.words.get_mut(bit / 64) {
            let mask = 1 << (bit % 64);
            self.missing -= usize::from(*word & mask == 0);
            *word |= mask;
        }
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            self.missing -= (other & !*word).count_ones() as usize;
            *word |= other;
        }
    }

    pub(super) fn clear(&mut self) {
        self.missing += self.words.iter().map(|word| word.count_ones() as usize).sum::<usize>();
        self.words.fill(0);
    }

    /// Returns whether all tests match.
    pub(super) fn is_full(&self) -> bool {
        self.missing == 0
    }
}
