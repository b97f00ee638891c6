//! The comparison of two APIs: requests and responses, each in its own direction.
//!
//! A type is compared with the type that is used instead of it, once per direction, however many
//! operations use it.
//!
//! | module | responsibility |
//! |---|---|
//! | `site` | where the compared parts are |
//! | `walker` | the comparison in progress |
//! | `constraints` | constraints of values |
//! | `shapes` | uses of types |
//! | `types` | definitions of types |
//! | `unions` | enums and unions |
//! | `parameters` | parameters and request bodies |
//! | `responses` | responses, their media types and headers |
//! | `setup` | servers, security schemes, tags |
//! | `unsent` | examples and links |
//! | `operations` | operations, webhooks, and the whole API |

mod constraints;
mod operations;
mod parameters;
mod responses;
mod setup;
mod shapes;
mod site;
mod types;
mod unions;
mod unsent;
mod walker;

pub(super) use operations::compare;
pub(super) use site::{Subject, Target, TargetStep};
pub(super) use unsent::compare_unsent;
pub(super) use walker::Pairs;
