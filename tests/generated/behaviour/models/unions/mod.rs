//! Unions in JSON.
//!
//! | module | responsibility |
//! |---|---|
//! | `decisions` | every kind of decision |
//! | `fit` | unions that decide by what fits |
//! | `values` | discriminators that are plain strings or integers |

mod decisions;
mod fit;
mod values;
