//! Doc comments of generated code.
//!
//! | module | responsibility |
//! |---|---|
//! | `code_block` | code blocks |
//! | `spans` | spans of prose: code, links and URLs |
//! | `markdown` | Markdown that rustdoc renders as intended |
//! | `comment` | doc comments and the attributes next to them |
//! | `model` | documentation of models |
//! | `operation` | documentation of operations, parameters and bodies |

mod code_block;
mod comment;
mod markdown;
pub(super) mod model;
pub(super) mod operation;
mod spans;

pub(super) use comment::{
    Docs, comment, docs_or, first_paragraph, inner_comment, inner_lines, wire_name,
};
pub(super) use markdown::code;
