//! Ids of runs and scopes.

use std::hash::{BuildHasher as _, RandomState};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// Returns a UUID (version 8) that is derived from its parts: all jobs of a run derive the same one.
pub(crate) fn derived(parts: &[&str]) -> String {
    uuid(hash(parts), 8)
}

/// Returns a random UUID (version 4).
pub(crate) fn random() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let seed = (process::id(), SystemTime::now(), COUNT.fetch_add(1, Ordering::Relaxed));
    // The hash keys of the standard library are random.
    let keys = RandomState::new();
    let (high, low) = (keys.hash_one((&seed, 0_u8)), keys.hash_one((&seed, 1_u8)));
    uuid(u128::from(high) << 64 | u128::from(low), 4)
}

/// Returns the header of the W3C Trace Context for the children of a scope. A trace that the process
/// belongs to is continued.
pub(crate) fn traceparent(run_id: &str, scope_id: &str, outer: Option<&str>) -> String {
    let trace = outer.and_then(trace_id).map(str::to_owned).unwrap_or_else(|| {
        let digits: String = run_id.chars().filter(|c| *c != '-').collect();
        let is_uuid = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_uuid { digits.to_lowercase() } else { format!("{:032x}", hash(&[run_id])) }
    });
    // Zero is not a valid id.
    let span = (hash(&[scope_id]) as u64).max(1);
    format!("00-{trace}-{span:016x}-01")
}

/// Returns the trace id of a header.
fn trace_id(header: &str) -> Option<&str> {
    let mut parts = header.split('-');
    let (version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
    let is_hex =
        |string: &str| string.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let is_valid = version.len() == 2
        && (trace.len(), span.len()) == (32, 16)
        && is_hex(trace)
        && trace.bytes().any(|byte| byte != b'0');
    is_valid.then_some(trace)
}

/// FNV-1a with 128 bits, with a separator between the parts. Ids only need to be the same on all
/// machines and for all versions of this program.
fn hash(parts: &[&str]) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    })
}

fn uuid(bits: u128, version: u128) -> String {
    let bits = bits & !(0xf << 76) | version << 76;
    let bits = bits & !(0x3 << 62) | 0x2 << 62;
    let digits = format!("{bits:032x}");
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_never_change() {
        let id = derived(&["github", "https://github.com/o/r/42", "1"]);
        assert_eq!(id, "a34e6cc5-400b-8e8d-b40d-3e98ce6e38d3");
        assert_ne!(derived(&["a", "b"]), derived(&["ab"]));
        assert_ne!(random(), random());
        assert_eq!(random().as_bytes()[14], b'4');
    }

    #[test]
    fn traces_are_continued() {
        let outer = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let run = "b3262537-a573-44eb-b777-4c0f37912b05";
        assert!(
            traceparent(run, "s", Some(outer)).starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-")
        );
        assert!(traceparent(run, "s", None).starts_with("00-b3262537a57344ebb7774c0f37912b05-"));
        assert_eq!(traceparent("run 1", "s", Some("wrong")).len(), 55);
    }
}
