//! Facts: an event as a flat list, quick to test against a query.
//!
//! A **fact** is an attribute or tag name and one of its values, both interned: the name is a
//! [`Symbol`], and so is a value that is a string. An array becomes one fact per element. The
//! interned strings of all events are the [`Vocabulary`] of the store.
//!
//! | module | responsibility |
//! |---|---|
//! | `collect` | the facts of an event |
//! | `positions` | where the values of some names are |
//! | `symbols` | interning of strings |
//! | `unused` | removing what no event uses any more |
//! | `values` | facts and their vocabulary |

mod collect;
mod positions;
mod symbols;
mod unused;
mod values;

pub(crate) use positions::{Positions, Span};
pub(crate) use symbols::Symbol;
pub(crate) use unused::Reading;
pub(crate) use values::{Fact, Facts, Row, Vocabulary};
