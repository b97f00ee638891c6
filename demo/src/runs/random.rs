//! Reproducible pseudo-random numbers and ids.

/// Random values that scatter durations and outcomes.
#[derive(Debug)]
pub(super) struct Random(fastrand::Rng);

impl Random {
    /// Creates a generator whose numbers depend only on the seed.
    pub(super) fn from_seed(seed: &str) -> Self {
        // FNV-1a.
        let hash = seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(fastrand::Rng::with_seed(hash))
    }

    /// Returns a number from 0 (inclusive) to 1 (exclusive).
    pub(super) fn share(&mut self) -> f64 {
        self.0.f64()
    }

    /// Returns one of several values; `None` if there are none.
    pub(super) fn one_of<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        let index = (self.share() * values.len() as f64) as usize;
        values.get(index)
    }

    /// Returns a commit hash.
    pub(super) fn sha(&mut self) -> String {
        let digits: String = (0..3).map(|_| format!("{:016x}", self.0.u64(..))).collect();
        digits.chars().take(40).collect()
    }
}

/// Returns an id in the format of a UUID, the same for the same seed.
pub(super) fn stable_id(seed: &str) -> String {
    let hex = Random::from_seed(seed).sha();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // Version 8 is for custom formats.
    format!("{}-{}-8{}-a{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}
