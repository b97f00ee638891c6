//! Unions in JSON.
//!
//! | module | responsibility |
//! |---|---|
//! | `decisions` | every kind of decision |
//! | `fit` | unions that decide by what fits |
//! | `several` | values that have the properties of several variants |
//! | `untyped` | schemas without a type |
//! | `values` | discriminators that are plain strings or integers |

mod decisions;
mod fit;
mod several;
mod untyped;
mod values;
