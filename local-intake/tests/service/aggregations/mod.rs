//! Aggregations.

mod buckets;
mod functions;
