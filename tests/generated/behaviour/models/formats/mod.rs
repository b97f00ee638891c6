//! Numbers and strings with a format.
//!
//! | module | responsibility |
//! |---|---|
//! | `dates` | timestamps and dates without their format |
//! | `values` | values that are kept as they came |

mod dates;
mod values;
