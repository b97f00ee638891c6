pub(crate) mod cause;
pub(crate) mod error;
pub(crate) mod rate_limit_headers;
pub(crate) mod response;
pub(crate) mod transport_error;
