//! Events as they are kept for searching.

mod facts;
mod symbols;

pub use facts::{Fact, Facts, Vocabulary};
pub use symbols::{Symbol, Symbols};
