//! Listings that are under way: since when each of them is, by what a cursor says.
//!
//! A cursor names the last event of its page and nothing else. What a listing saw when it
//! began is kept here, under the cursor and what was asked for.

use std::collections::{HashMap, VecDeque};

use crate::store::Progress;

/// How many cursors are remembered. One that is forgotten goes on with what there is now.
const REMEMBERED: usize = 100_000;
/// How many bytes their keys have at most: queries may be long.
const REMEMBERED_BYTES: usize = 64 * 1024 * 1024;

/// A listing under way, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    pub(crate) progress: Progress,
    /// The start of its time range, in nanoseconds since 1970: `now-15m` stays where it was. None
    /// where that is not remembered.
    pub(crate) from: Option<i64>,
}

#[derive(Debug, Default)]
pub(crate) struct Listings {
    begun: HashMap<String, Begun>,
    oldest_first: VecDeque<String>,
    bytes: usize,
}

impl Listings {
    /// When the listing of a cursor began.
    pub(crate) fn begun(&self, key: &str) -> Option<Begun> {
        self.begun.get(key).copied()
    }

    /// Remembers when the listing of a cursor began.
    pub(crate) fn remember(&mut self, key: String, begun: Begun) {
        if self.begun.insert(key.clone(), begun).is_none() {
            self.bytes += key.len();
            self.oldest_first.push_back(key);
        }
        while (self.oldest_first.len() > REMEMBERED || self.bytes > REMEMBERED_BYTES)
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.bytes -= oldest.len();
            self.begun.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Begun, Listings, REMEMBERED, REMEMBERED_BYTES};
    use crate::store::Store;

    #[test]
    fn no_more_cursors_are_remembered_than_that() {
        let mut listings = Listings::default();
        let begun = Begun { progress: Store::default().beginning(), from: Some(7) };
        for i in 0..=REMEMBERED {
            listings.remember(i.to_string(), begun);
        }
        assert_eq!(listings.begun("0"), None);
        assert_eq!(listings.begun("1"), Some(begun));
        assert_eq!(listings.begun.len(), REMEMBERED);
    }

    #[test]
    fn long_queries_are_remembered_for_less_long() {
        let mut listings = Listings::default();
        let begun = Begun { progress: Store::default().beginning(), from: Some(7) };
        for i in 0..10 {
            listings.remember(format!("{i}{}", "x".repeat(10_000_000)), begun);
        }
        assert_eq!(listings.begun.len(), REMEMBERED_BYTES / 10_000_001);
        assert!(listings.bytes <= REMEMBERED_BYTES);
    }
}
