//! Helpers.
//!
//! | module | responsibility |
//! |---|---|
//! | `logs` | captured logs |
//! | `server` | the scripted server |
//! | `values` | events, requests and pages, and the errors of results |

pub(crate) mod logs;
pub(crate) mod server;
mod values;

pub(crate) use values::{
    Outcome, api_error, config_problems, decode_error, job, one_job, page, pointers,
};
