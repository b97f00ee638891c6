//! How much a server takes, and for how long it waits.

use std::time::Duration;

/// How much a server takes, and for how long it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The size of one body in bytes, decoded; 5 MiB unless this says otherwise.
    pub body: usize,
    /// The size of all bodies together that are being read or worked on, in bytes; 256 MiB
    /// unless this says otherwise.
    pub in_flight: usize,
    /// How long a body may take to arrive; 30 seconds unless this says otherwise.
    pub body_timeout: Duration,
    /// How long the head of a request may take to arrive, and so how long an idle connection
    /// is kept; 30 seconds unless this says otherwise.
    pub header_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 5 * 1024 * 1024,
            in_flight: 256 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_secs(30),
        }
    }
}
