//! Evaluation of queries over facts.
//!
//! The tests of one field, or all words of a query, are a **group**: it is evaluated at most once
//! per event, and each distinct string is matched against all of its words and wildcards in one
//! pass. Tests that only matter together, such as words joined by `OR`, have one result.
//!
//! | module | responsibility |
//! |---|---|
//! | `bits` | which tests of a group match |
//! | `cache` | the results for the strings that were matched last |
//! | `existence` | which names an event has |
//! | `field` | the tests of the values of one field |
//! | `group` | tests that are evaluated together |
//! | `matcher` | matching a string against many words and wildcards in one pass |
//! | `node` | the structure of a query |
//! | `phrase` | words and phrases in a string |
//! | `steps` | the steps of matching a string |
//! | `wildcards` | many wildcards at once |

mod bits;
mod cache;
mod existence;
mod field;
mod group;
mod matcher;
mod node;
mod phrase;
mod steps;
mod wildcards;

pub(crate) use group::Unmatched;
pub(crate) use node::Compiled;
