//! Work on a stack that is large enough for deeply nested documents.

use std::panic::resume_unwind;
use std::thread;

/// The size of the stack in bytes. Memory is only used where a document is nested deeply.
const STACK: usize = 256 << 20;

/// Calls a function on a thread of its own.
pub(super) fn with_large_stack<R: Send>(work: impl Fn() -> R + Sync) -> R {
    thread::scope(|scope| {
        match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &work) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Without memory for a large stack, the own one has to do.
            Err(_) => work(),
        }
    })
}
