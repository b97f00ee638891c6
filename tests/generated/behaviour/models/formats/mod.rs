//! Numbers and strings with a format.
//!
//! | module | responsibility |
//! |---|---|
//! | `dates` | timestamps and dates without their format |
//! | `exact` | numbers as they are written, names of properties, long arrays |
//! | `values` | values that are kept as they came |

mod dates;
mod exact;
mod values;
