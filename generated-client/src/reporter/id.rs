//! Unique ids.

use std::hash::{BuildHasher, RandomState};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// Returns a random UUID (version 4), the format that the service recommends.
pub(super) fn random_uuid() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // The hash keys of the standard library are random. Process id, time and counter separate ids
    // that share these keys: those of a forked process, and those of one process. A thread-local
    // generator would repeat ids after a fork.
    let seed = (process::id(), SystemTime::now(), COUNT.fetch_add(1, Ordering::Relaxed));
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
