//! The models of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `constraints` | `validate` |
//! | `schemas` | combined, recovered and unusual schemas in JSON |
//! | `structs` | structs, enums and scalars in JSON |
//! | `unions` | unions in JSON |
//! | `webhooks` | webhooks and callbacks, decoded by name |

mod constraints;
mod schemas;
mod structs;
mod unions;
mod webhooks;
