//! Bounded time and memory.
//!
//! | module | responsibility |
//! |---|---|
//! | `multiply` | small documents whose content multiplies |
//! | `copies` | copies of shared parts |
//! | `overlays` | overlays with expensive actions |
//! | `unions` | unions whose rules multiply, and long lists |
//! | `diff` | comparisons of documents |

use std::time::{Duration, Instant};

use serde_json::Value;
use specwright::{Config, Input, Source};

mod copies;
mod diff;
mod multiply;
mod overlays;
mod unions;

/// Exponential or cubic work would take hours; this leaves room for a debug build on a busy machine.
const MAX_TIME: Duration = Duration::from_secs(120);

/// Generates, and checks that the document is rejected with a message.
fn rejected(name: &str, document: &Value, overlays: &[Value], expected: &str) {
    let started = Instant::now();
    let source = Source::new("copies.json", document.to_string());
    let mut input = Input::new(source, Config::default());
    let overlay = |overlay: &Value| Source::new("overlay.json", overlay.to_string());
    input.overlays = overlays.iter().map(overlay).collect();
    let found = specwright::generate(&input).err().map(|found| found.render(false));
    let found = found.unwrap_or_default();
    assert!(found.contains(expected), "{name}: {:.2000}", found);
    assert!(started.elapsed() < MAX_TIME, "{name}: {:?}", started.elapsed());
}
