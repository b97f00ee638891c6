//! The events that are sent: those of the benchmarks of the intake.

use std::sync::atomic::{AtomicUsize, Ordering};

#[path = "../../../../local-intake/benches/data/mod.rs"]
mod data;

pub(super) use data::{bodies, body};

/// The path that events are sent to.
pub(super) const PATH: &str = "/api/v2/ci/pipeline";

/// Returns a number that was not yet returned.
pub(super) fn next() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
