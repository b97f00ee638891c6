//! Builders of Rust syntax trees, named after the nodes of [`syn`].
//!
//! Most generated lines are structs and their builders. Their syntax trees are built directly:
//! writing them as tokens and parsing those takes several times as long as the rest of the
//! generator. Less frequent items are written with `quote!`, which is easier to read.
//!
//! Paths are passed as written in Rust: `rt::read` has two segments.
//!
//! | module | responsibility |
//! |---|---|
//! | `name` | identifiers and paths |
//! | `ty` | types |
//! | `pattern` | patterns |
//! | `expr` | expressions |
//! | `stmt` | statements |
//! | `attribute` | attributes |
//! | `function` | functions of an `impl` block |
//! | `item` | items, fields, variants and associated items |

pub(super) mod attribute;
pub(super) mod expr;
pub(super) mod function;
pub(super) mod item;
pub(super) mod name;
pub(super) mod pattern;
pub(super) mod stmt;
pub(super) mod ty;
