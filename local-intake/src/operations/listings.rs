//! The listings in progress.
//!
//! A cursor only contains the last event of its page. The state of the store when the listing
//! started is kept here, by the cursor and the parameters of the listing.

use std::collections::{HashMap, VecDeque};

use crate::store::Progress;

/// The maximum number of listings. One that was evicted continues with the current events.
const MAX_LISTINGS: usize = 100_000;
/// The maximum size of all keys in bytes, because queries may be long.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The state of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listing {
    pub(super) progress: Progress,
    /// The start of the time range when the listing started, in nanoseconds since 1970, so that
    /// `now-15m` does not move. `None` if it is not known.
    pub(super) from: Option<i64>,
}

#[derive(Debug, Default)]
pub(super) struct Listings {
    listings: HashMap<String, Listing>,
    oldest_first: VecDeque<String>,
    bytes: usize,
}

impl Listings {
    pub(super) fn get(&self, key: &str) -> Option<Listing> {
        self.listings.get(key).copied()
    }

    /// Adds a listing, and evicts the oldest ones if there are too many.
    pub(super) fn insert(&mut self, key: String, listing: Listing) {
        if self.listings.insert(key.clone(), listing).is_none() {
            self.bytes += key.len();
            self.oldest_first.push_back(key);
        }
        while (self.oldest_first.len() > MAX_LISTINGS || self.bytes > MAX_BYTES)
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.bytes -= oldest.len();
            self.listings.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Listing, Listings, MAX_BYTES, MAX_LISTINGS};
    use crate::store::SharedStore;

    #[test]
    fn the_oldest_listings_are_evicted() {
        let mut listings = Listings::default();
        let listing = Listing { progress: SharedStore::default().start_listing(), from: Some(7) };
        for i in 0..=MAX_LISTINGS {
            listings.insert(i.to_string(), listing);
        }
        assert_eq!(listings.get("0"), None);
        assert_eq!(listings.get("1"), Some(listing));
        assert_eq!(listings.listings.len(), MAX_LISTINGS);
    }

    #[test]
    fn listings_with_long_queries_are_evicted_earlier() {
        let mut listings = Listings::default();
        let listing = Listing { progress: SharedStore::default().start_listing(), from: Some(7) };
        for i in 0..10 {
            listings.insert(format!("{i}{}", "x".repeat(10_000_000)), listing);
        }
        assert_eq!(listings.listings.len(), MAX_BYTES / 10_000_001);
        assert!(listings.bytes <= MAX_BYTES);
    }
}
