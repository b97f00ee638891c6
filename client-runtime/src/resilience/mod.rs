pub(crate) mod backoff;
pub(crate) mod rate_limiter;
pub(crate) mod retry;
