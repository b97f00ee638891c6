//! Ids that nothing else has.

use std::hash::{BuildHasher, RandomState};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// A random UUID, as the service likes ids best.
pub(super) fn random_uuid() -> String {
    static MADE: AtomicU64 = AtomicU64::new(0);
    // The keys of the standard library's hash maps are random, which saves a dependency. The rest
    // tells apart what shares them: a process that was forked, and ids of one process.
    let seed = (process::id(), SystemTime::now(), MADE.fetch_add(1, Ordering::Relaxed));
    let keys = RandomState::new();
    let (high, low) = (keys.hash_one((&seed, 0_u8)), keys.hash_one((&seed, 1_u8)));
    let (version, variant) = (0x4000 | (high & 0xfff), 0x8000 | (low >> 48 & 0x3fff));
    let (first, second, last) = (high >> 32, high >> 16 & 0xffff, low & 0xffff_ffff_ffff);
    format!("{first:08x}-{second:04x}-{version:04x}-{variant:04x}-{last:012x}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::random_uuid;

    #[test]
    fn ids_are_uuids_and_differ() {
        let ids: HashSet<String> = (0..10_000).map(|_| random_uuid()).collect();
        assert_eq!(ids.len(), 10_000);
        for id in ids {
            let parts: Vec<&str> = id.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
            assert!(parts[2].starts_with('4') && "89ab".contains(&parts[3][..1]), "{id}");
            assert!(parts.concat().chars().all(|digit| digit.is_ascii_hexdigit()), "{id}");
        }
    }
}
