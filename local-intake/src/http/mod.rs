//! The HTTP side: the API, the control interface, and the faults that tests inject.
//!
//! | module | responsibility |
//! |---|---|
//! | `access` | who may use the intake |
//! | `api` | the operations: the implementation of the generated trait |
//! | `control` | the control interface, `/_intake` |
//! | `errors` | the bodies of error responses |
//! | `faults` | faults, latency and the rate limit that tests set |
//! | `inject` | the middleware that injects faults and records requests |
//! | `insert` | validating and inserting the events of a request |
//! | `pages` | the pages for people (feature `pages`) |
//! | `request_log` | the requests received so far |
//! | `sending` | responses whose memory is granted until they have been sent |
//! | `state` | what the API, the control interface and [`LocalIntake`](crate::LocalIntake) share |

mod access;
mod api;
mod control;
mod errors;
mod faults;
mod inject;
mod insert;
#[cfg(feature = "pages")]
mod pages;
mod request_log;
mod sending;
mod state;

pub(crate) use access::{AllowedHosts, RequiredCredentials, check_origin};
pub(crate) use api::ApiService;
#[cfg(not(feature = "pages"))]
pub(crate) use control::index_router;
pub(crate) use control::router as control_router;
pub use faults::{Fault, RateLimit};
pub(crate) use inject::inject;
#[cfg(feature = "pages")]
pub(crate) use pages::router as pages_router;
pub use request_log::RecordedRequest;
pub(crate) use state::State;
