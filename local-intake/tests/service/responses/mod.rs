//! Responses: statuses, errors and headers, and what requests must contain.

mod bodies;
mod credentials;
mod early;
mod errors;
