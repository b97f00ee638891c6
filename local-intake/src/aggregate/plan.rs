//! Validated requests.

use super::group::Group;
use super::measure::Measure;
use super::series::Series;

/// A validated aggregation request.
pub(crate) struct Plan {
    pub(super) computes: Vec<Compute>,
    pub(super) groups: Vec<Group>,
    /// The distinct names of the metrics.
    pub(super) metrics: Vec<String>,
}

/// What is computed for every bucket.
pub(super) struct Compute {
    pub(super) measure: Measure,
    /// The intervals to compute separately. `None` for a total.
    pub(super) series: Option<Series>,
}
