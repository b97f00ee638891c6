//! The HTTP side: the API, the control interface, and the faults that tests inject.
//!
//! | module | responsibility |
//! |---|---|
//! | `api` | the operations: the implementation of the generated trait |
//! | `control` | the control interface, `/_intake` |
//! | `credentials` | which credentials are accepted |
//! | `errors` | the bodies of error responses |
//! | `faults` | faults, latency and the rate limit that tests set |
//! | `inject` | the middleware that injects faults and records requests |
//! | `insert` | validating and inserting the events of a request |
//! | `origin` | which pages and hosts may use the intake |
//! | `request_log` | the requests received so far |
//! | `sending` | responses whose memory is granted until they have been sent |
//! | `state` | what the API, the control interface and [`LocalIntake`](crate::LocalIntake) share |

mod api;
mod control;
mod credentials;
mod errors;
mod faults;
mod inject;
mod insert;
mod origin;
mod request_log;
mod sending;
mod state;

pub(crate) use api::ApiService;
pub(crate) use control::router as control_router;
pub(crate) use credentials::RequiredCredentials;
pub use faults::{Fault, RateLimit};
pub(crate) use inject::inject;
pub(crate) use origin::{AllowedHosts, check_origin};
pub use request_log::RecordedRequest;
pub(crate) use state::State;
