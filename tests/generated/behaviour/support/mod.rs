//! Helpers.
//!
//! | module | responsibility |
//! |---|---|
//! | `json` | decoding and encoding |
//! | `recording` | a server that records requests |
//! | `running` | a running generated server |
//! | `script` | a server that sends scripted bytes |

pub(crate) mod json;
pub(crate) mod recording;
pub(crate) mod running;
pub(crate) mod script;
