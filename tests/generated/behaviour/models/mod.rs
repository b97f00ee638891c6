//! The models of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `closed` | objects without other properties |
//! | `constraints` | `validate` |
//! | `formats` | numbers and strings with a format |
//! | `names` | names of variants and values |
//! | `references` | references in unusual locations |
//! | `rules` | constraints of several schemas, of untyped values, and of whole objects |
//! | `schemas` | combined, recovered and unusual schemas in JSON |
//! | `structs` | structs, enums and scalars in JSON |
//! | `tuples` | arrays whose elements have different types |
//! | `unions` | unions in JSON |
//! | `webhooks` | webhooks and callbacks, decoded by name |

mod closed;
mod constraints;
mod formats;
mod names;
mod references;
mod rules;
mod schemas;
mod structs;
mod tuples;
mod unions;
mod webhooks;
