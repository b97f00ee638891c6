//! Faults, latency and the rate limit that tests set.
//!
//! | module | responsibility |
//! |---|---|
//! | `rate_limit` | counting requests, and the rate-limit headers |

mod rate_limit;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use specwright_runtime::Validator;

pub use rate_limit::RateLimit;
pub(super) use rate_limit::RateLimitStatus;
use rate_limit::RateLimitWindow;

use crate::common::lock;

/// A fault of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// No fault.
    None,
    /// The request is rejected with a status and not processed.
    Status {
        /// The status, from 400 to 599.
        status: u16,
        /// The value of `Retry-After`, in seconds.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// The connection is closed before the request is processed.
    Drop,
    /// The request is processed, then the connection is closed without a response.
    Lose,
    /// The request is processed, but only half of the response is sent.
    Truncate,
    /// The request is processed after this many milliseconds.
    Delay(u64),
}

impl Fault {
    /// Validates a fault from the control interface.
    pub(super) fn check(&self, checks: &mut Validator) {
        let Self::Status { status, .. } = self else { return };
        checks.field("status", Some(status), |checks, status| {
            checks.field("status", Some(status), |checks, status| {
                let is_error = (400..600).contains(status);
                checks.require(is_error, format_args!("must be from 400 to 599, is {status}"));
            });
        });
    }
}

/// The faults that are currently set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Fault>,
    latency: Duration,
    limit: Option<RateLimitWindow>,
}

impl Faults {
    /// Queues faults, one for each of the next requests.
    pub(crate) fn queue(&self, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.state).queue.extend(faults);
    }

    /// Delays every request.
    pub(crate) fn set_latency(&self, latency: Duration) {
        lock(&self.state).latency = latency;
    }

    /// Limits the rate of requests from now on.
    pub(crate) fn set_rate_limit(&self, limit: Option<RateLimit>) {
        lock(&self.state).limit = limit.map(RateLimitWindow::new);
    }

    /// Removes all faults, the latency and the rate limit.
    pub(super) fn reset(&self) {
        *lock(&self.state) = State::default();
    }

    /// Takes the fault of the next request, and returns it with the latency.
    pub(super) fn next(&self) -> (Fault, Duration) {
        let mut state = lock(&self.state);
        (state.queue.pop_front().unwrap_or(Fault::None), state.latency)
    }

    /// Counts a request against the rate limit.
    pub(super) fn count(&self) -> Option<RateLimitStatus> {
        Some(lock(&self.state).limit.as_mut()?.count())
    }
}
