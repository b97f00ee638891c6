//! Numbers that look random and are the same every time.

/// SplitMix64: short, and good enough to scatter durations.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// Numbers that depend on a text alone.
    pub(crate) fn of(text: &str) -> Self {
        // FNV-1a.
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of several; none of none.
    pub(crate) fn one_of<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        let place = (self.share() * values.len() as f64) as usize;
        values.get(place)
    }

    /// A commit hash.
    pub(crate) fn sha(&mut self) -> String {
        let text: String = (0..3).map(|_| format!("{:016x}", self.next())).collect();
        text.chars().take(40).collect()
    }
}

/// An id in the form of a UUID: the same for the same text.
pub(crate) fn id_of(text: &str) -> String {
    let hex = Random::of(text).sha();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // Version 8 is for ids that one makes as one likes.
    format!("{}-{}-8{}-a{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}
