//! Reproducible pseudo-random numbers and ids.

/// SplitMix64: short, and good enough to scatter durations.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    /// Creates a generator whose numbers depend only on the seed.
    pub(super) fn from_seed(seed: &str) -> Self {
        // FNV-1a.
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 (inclusive) to 1 (exclusive).
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns one of several values; `None` if there are none.
    pub(super) fn one_of<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        let index = (self.share() * values.len() as f64) as usize;
        values.get(index)
    }

    /// Returns a commit hash.
    pub(super) fn sha(&mut self) -> String {
        let digits: String = (0..3).map(|_| format!("{:016x}", self.next())).collect();
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
