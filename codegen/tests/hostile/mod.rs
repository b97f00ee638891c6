//! Hostile documents: generated code contains nothing but what was meant, and generating reads and
//! writes nothing else. `docs/security.md` lists what is tested.
//!
//! | module | responsibility |
//! |---|---|
//! | `attacks` | strings that would break out of where they land |
//! | `document` | a document with a string in each location |
//! | `code` | generated code has only what the generator writes |
//! | `markdown` | documentation runs no code and loads nothing |
//! | `injections` | each attack in each location |
//! | `files` | no file outside of the folders of the input and the output |
//! | `limits` | bounded time and memory |
//! | `terminal` | diagnostics control neither the terminal nor Cargo |

mod attacks;
mod code;
pub(crate) mod document;
mod files;
mod injections;
mod limits;
mod markdown;
mod terminal;
