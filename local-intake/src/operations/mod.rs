//! The operations of the API, without HTTP.
//!
//! | module | responsibility |
//! |---|---|
//! | `facets` | the values of facets, and the names of attributes (feature `pages`) |
//! | `intake` | the state, and inserting events |
//! | `list_request` | what a listing asks for, from either list operation |
//! | `listings` | the listings in progress, by cursor |
//! | `search` | listing and aggregating |

#[cfg(feature = "pages")]
mod facets;
mod intake;
mod list_request;
mod listings;
mod search;
#[cfg(test)]
mod workload;

#[cfg(feature = "pages")]
pub(crate) use facets::Facet;
pub(crate) use intake::{Intake, IntakeLimits};
pub(crate) use list_request::ListRequest;
