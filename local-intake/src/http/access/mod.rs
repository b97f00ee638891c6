//! Who may use the intake.
//!
//! | module | responsibility |
//! |---|---|
//! | `credentials` | which credentials are accepted |
//! | `origin` | which pages and hosts may use the intake |

mod credentials;
mod origin;

pub(crate) use credentials::RequiredCredentials;
pub(super) use origin::check_control;
pub(crate) use origin::{AllowedHosts, check_origin};
