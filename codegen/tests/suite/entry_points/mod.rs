//! Entry points of the generator that write no code.
//!
//! | module | responsibility |
//! |---|---|
//! | `bundle` | documents in one file |
//! | `examples` | the examples of a document and their types |
//! | `untyped` | schemas whose values stay JSON |

mod bundle;
mod examples;
mod untyped;
