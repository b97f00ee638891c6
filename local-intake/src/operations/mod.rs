//! The operations of the API, without HTTP.
//!
//! | module | responsibility |
//! |---|---|
//! | `aggregate` | aggregating, and the values of facets |
//! | `intake` | the state, and inserting events |
//! | `list_request` | what a listing asks for, from either list operation |
//! | `listings` | the listings in progress, by cursor |
//! | `search` | listing |

mod aggregate;
mod intake;
mod list_request;
mod listings;
mod search;
#[cfg(test)]
mod workload;

#[cfg(feature = "pages")]
pub(crate) use aggregate::{Aggregated, Facet, FacetRequest};
pub(crate) use intake::{Intake, IntakeLimits};
pub(crate) use list_request::ListRequest;
#[cfg(feature = "pages")]
pub(crate) use search::Pipelines;
