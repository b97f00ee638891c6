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

/// What references can be written with: the keyword, escapes in it, or an alias of it.
const REFERENCE: [&str; 3] = ["$ref", "\\", "*"];

/// The columns of indentation, and brackets in each other, up to which any stack is large enough.
const FEW_LEVELS: usize = 64;

/// Calls a function with a stack that is large enough for the input.
pub(super) fn with_large_stack<R: Send>(input: &Input, work: impl Fn() -> R + Sync) -> R {
    let has_few_references = input.documents().map(references).sum::<usize>() <= FEW_REFERENCES;
    if has_few_references && input.documents().all(|source| levels(&source.content) <= FEW_LEVELS) {
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

/// Returns an upper bound of the number of references in a source.
fn references(source: &Source) -> usize {
    REFERENCE.iter().map(|part| source.content.matches(part).count()).sum()
}

/// Returns an upper bound of the number of levels of a source.
fn levels(source: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0_usize);
    for line in source.lines() {
        let indentation = line.len() - line.trim_start_matches([' ', '-']).len();
        for byte in line.bytes() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => continue,
            }
            deepest = deepest.max(indentation + open);
        }
        deepest = deepest.max(indentation);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::levels;

    #[test]
    fn levels_are_indentation_and_brackets() {
        for (source, expected) in
            [("a: 1\n", 0), ("a:\n  - - [{ b: 1 }, [2]]\n", 8), ("{\"a\":[{}]}", 3), ("]]]", 0)]
        {
            assert_eq!(levels(source), expected, "{source}");
        }
    }
}
