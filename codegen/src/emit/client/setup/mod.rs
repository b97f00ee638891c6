//! The client and how it is configured.
//!
//! | module | responsibility |
//! |---|---|
//! | `environment` | environment variables |
//! | `servers` | servers and security schemes |
//! | `builder` | the builder of a client |
//! | `client` | the client |

mod builder;
pub(super) mod client;
pub(super) mod environment;
mod servers;
