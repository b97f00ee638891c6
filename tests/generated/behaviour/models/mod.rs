//! The models of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `constraints` | `validate` |
//! | `formats` | numbers and strings with a format |
//! | `names` | names of variants and values |
//! | `references` | references in unusual locations |
//! | `rules` | constraints of several schemas, of untyped values, and of whole objects |
//! | `schemas` | combined, recovered and unusual schemas in JSON |
//! | `structs` | structs, enums and scalars in JSON |
//! | `tuples` | arrays whose elements have different types |
//! | `union_fit` | unions that decide by what fits |
//! | `union_values` | discriminators that are plain strings or integers |
//! | `unions` | unions in JSON |
//! | `webhooks` | webhooks and callbacks, decoded by name |

mod constraints;
mod formats;
mod names;
mod references;
mod rules;
mod schemas;
mod structs;
mod tuples;
mod union_fit;
mod union_values;
mod unions;
mod webhooks;
