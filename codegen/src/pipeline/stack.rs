//! Work on a stack that is large enough for deeply nested documents.

use std::panic::resume_unwind;
use std::thread;

use crate::spec::Input;
use crate::text::Source;

/// The size of the stack in bytes. Memory is only used where a document is nested deeply.
const STACK: usize = 256 << 20;

/// The number of references up to which any stack is large enough: types are only nested deeply
/// through references. A thread of its own costs a sixth of the time of a small document.
const FEW_REFERENCES: usize = 200;

/// Calls a function with a stack that is large enough for the input.
pub(super) fn with_large_stack<R: Send>(input: &Input, work: impl Fn() -> R + Sync) -> R {
    let references = |source: &Source| source.content.matches("$ref").count();
    if input.documents().map(references).sum::<usize>() <= FEW_REFERENCES {
        return work();
    }
    thread::scope(|scope| {
        match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &work) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Without memory for a large stack, the own one has to do.
            Err(_) => work(),
        }
    })
}
