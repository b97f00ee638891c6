//! Limits of sizes and times.

use std::time::Duration;

/// Limits of the sizes and times of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The size of one decoded body in bytes. Defaults to 5 MiB.
    pub body: usize,
    /// The total size in bytes of all bodies that are read or handled. Defaults to 256 MiB.
    pub in_flight: usize,
    /// The time in which a body has to arrive. Defaults to 30 s.
    pub body_timeout: Duration,
    /// The time in which the head of a request has to arrive. Idle connections are closed after
    /// the same time. Defaults to 30 s.
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
