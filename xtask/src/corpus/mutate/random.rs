//! Reproducible random numbers.

/// A source of numbers that depend only on a seed and a round.
#[derive(Clone, Debug)]
pub struct Random(fastrand::Rng);

impl Random {
    /// Creates the numbers of one round of a seed.
    #[must_use]
    pub fn new(seed: u64, round: u64) -> Self {
        // The first number spreads the seed, so that neighbouring seeds share no rounds.
        Self(fastrand::Rng::with_seed(fastrand::Rng::with_seed(seed).u64(..) ^ round))
    }

    /// Returns a number below a limit, or 0 if the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let number = self.0.u64(..limit.max(1) as u64);
        usize::try_from(number).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(seed: u64, round: u64) -> [usize; 8] {
        let mut random = Random::new(seed, round);
        [(); 8].map(|()| random.below(1000))
    }

    #[test]
    fn numbers_depend_only_on_seed_and_round() {
        assert_eq!(some(1, 2), some(1, 2));
        assert_ne!(some(1, 2), some(1, 3));
        assert_ne!(some(1, 2), some(2, 2));
        assert_eq!(Random::new(1, 1).below(0), 0);
    }

    /// A failing round is reported by its numbers, which must stay valid on other machines.
    #[test]
    fn numbers_are_those_of_earlier_builds() {
        assert_eq!(some(1, 2), [468, 667, 705, 290, 389, 6, 919, 134]);
    }
}
