//! Shorthand API for aggregations.

use std::borrow::Cow;

use specwright_runtime::Timestamp;

use crate::Client;
use crate::models::{
    AggregateBucket, AggregateBucketValue, AggregateBucketValueTimeseriesPoint, AggregateRequest,
    AggregateResponse, AggregationFunction, Compute, ComputeType, GroupBy, MissingValue,
    QueryFilter, Total,
};
use crate::operations::AggregatePipelineEvents;

impl Client {
    /// Starts an aggregation; the methods of [`AggregatePipelineEvents`] refine it.
    ///
    /// Results are named `c0`, `c1` and so on, in the order of [`AggregatePipelineEvents::compute`].
    ///
    /// ```
    /// use datadog_ci_pipelines::models::{AggregationFunction, Compute};
    /// # use datadog_ci_pipelines::models::Stage;
    /// # use datadog_ci_intake::LocalIntake;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # intake.clock().set("2026-07-14T10:00:00Z".parse()?);
    /// # let client = intake.client();
    /// # let stage = |id: &str, start: &str, end: &str| {
    /// #     Ok::<_, Box<dyn std::error::Error>>(
    /// #         Stage::builder()
    /// #             .id(id)
    /// #             .name("build")
    /// #             .pipeline_unique_id("run-1")
    /// #             .pipeline_name("deploy")
    /// #             .start(start.parse()?)
    /// #             .end(end.parse()?)
    /// #             .status("success")
    /// #             .build()?,
    /// #     )
    /// # };
    /// # client
    /// #     .send_all([
    /// #         stage("s-1", "2026-07-14T08:10:00Z", "2026-07-14T08:12:00Z")?,
    /// #         stage("s-2", "2026-07-14T09:30:00Z", "2026-07-14T09:34:00Z")?,
    /// #     ])
    /// #     .await
    /// #     .into_result()?;
    /// let response = client
    ///     .aggregate()
    ///     .query("ci_level:stage")
    ///     .from("now-2h")
    ///     .compute(Compute::count())
    ///     .compute(Compute::new(AggregationFunction::Avg, "@duration"))
    ///     .compute(Compute::new(AggregationFunction::MostFrequent, "@ci.status"))
    ///     .compute(Compute::count().every("1h"))
    ///     .group_by("@ci.pipeline.name")
    ///     .send()
    ///     .await?;
    ///
    /// for bucket in response.buckets() {
    ///     assert_eq!(bucket.by("@ci.pipeline.name").as_deref(), Some("deploy"));
    ///     assert_eq!(bucket.number("c0"), Some(2.0));
    ///     assert_eq!(bucket.number("c1"), Some(180e9)); // durations are in nanoseconds
    ///     assert_eq!(bucket.string("c2"), Some("success"));
    ///     for (hour, runs) in bucket.series("c3").into_iter().flatten() {
    ///         println!("{hour}: {runs}");
    ///     }
    /// }
    /// # assert_eq!(response.buckets().len(), 1);
    /// # let hours: Vec<_> = response.buckets()[0].series("c3").ok_or("no series")?.collect();
    /// # let hour = |hour: &str, runs| Ok::<_, Box<dyn std::error::Error>>((hour.parse()?, runs));
    /// # assert_eq!(
    /// #     hours,
    /// #     [
    /// #         hour("2026-07-14T08:00:00Z", 1.0)?,
    /// #         hour("2026-07-14T09:00:00Z", 1.0)?,
    /// #         hour("2026-07-14T10:00:00Z", 0.0)?
    /// #     ]
    /// # );
    /// # Ok(())
    /// # }
    /// ```
    pub fn aggregate(&self) -> AggregatePipelineEvents {
        self.aggregate_pipeline_events(AggregateRequest::default())
    }
}

/// Setters for the most frequent parts of the body, as an alternative to an [`AggregateRequest`];
/// see [`Client::aggregate`].
impl<C> AggregatePipelineEvents<C> {
    /// Sets the query, in the search syntax of the CI Visibility Explorer.
    pub fn query(self, query: impl Into<String>) -> Self {
        self.filter(|filter| filter.query = Some(query.into()))
    }

    /// Sets the earliest timestamp: relative to now (`now-1d`), milliseconds since 1970, or ISO 8601.
    /// Defaults to 15 minutes ago.
    pub fn from(self, from: impl Into<String>) -> Self {
        self.filter(|filter| filter.from = Some(from.into()))
    }

    /// Sets the latest timestamp, in the formats of [`AggregatePipelineEvents::from`]. Defaults to now.
    pub fn to(self, to: impl Into<String>) -> Self {
        self.filter(|filter| filter.to = Some(to.into()))
    }

    /// Adds a result: the first is `c0`, the next `c1`.
    pub fn compute(mut self, compute: impl Into<Compute>) -> Self {
        self.body.compute.get_or_insert_default().push(compute.into());
        self
    }

    /// Adds a facet to group by: its name (`@ci.pipeline.name`), or a [`GroupBy`]. Returns at most
    /// [`limit`](crate::models::GroupByBuilder::limit) groups, which defaults to 10 on the service.
    pub fn group_by(mut self, group: impl Into<GroupBy>) -> Self {
        self.body.group_by.get_or_insert_default().push(group.into());
        self
    }

    fn filter(mut self, set: impl FnOnce(&mut QueryFilter)) -> Self {
        set(self.body.filter.get_or_insert_default());
        self
    }
}

impl Compute {
    /// Counts events.
    #[must_use]
    pub fn count() -> Self {
        Self {
            aggregation: AggregationFunction::Count,
            interval: None,
            metric: None,
            r#type: None,
            additional_properties: Default::default(),
        }
    }

    /// Creates a function of a measure or facet, for example the median of `@duration`.
    #[must_use]
    pub fn new(function: impl Into<AggregationFunction>, metric: impl Into<String>) -> Self {
        Self { aggregation: function.into(), metric: Some(metric.into()), ..Self::count() }
    }

    /// Turns it into a time series with one value per interval, such as `5m` or `1h`.
    #[must_use]
    pub fn every(self, interval: impl Into<String>) -> Self {
        Self { interval: Some(interval.into()), r#type: Some(ComputeType::Timeseries), ..self }
    }
}

/// Groups by a facet with default options.
impl From<&str> for GroupBy {
    fn from(facet: &str) -> Self {
        facet.to_owned().into()
    }
}

/// Groups by a facet with default options.
impl From<String> for GroupBy {
    fn from(facet: String) -> Self {
        Self {
            facet,
            histogram: None,
            limit: None,
            missing: None,
            sort: None,
            total: None,
            additional_properties: Default::default(),
        }
    }
}

/// Creates a string value.
impl From<&str> for MissingValue {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

/// Creates a string value.
impl From<&str> for Total {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl AggregateResponse {
    /// Returns one bucket per combination of facet values; a single one without grouping.
    #[must_use]
    pub fn buckets(&self) -> &[AggregateBucket] {
        self.data.as_ref().and_then(|data| data.buckets.as_deref()).unwrap_or_default()
    }
}

/// Access to results by name. Each method returns `None` if the result is absent or of another type.
///
/// ```
/// use datadog_ci_pipelines::models::AggregateBucket;
///
/// let bucket: AggregateBucket = serde_json::from_str(
///     r#"{
///         "by": {"@ci.pipeline.name": "deploy", "@tests.failed": 3},
///         "computes": {"c0": 154, "c1": "main", "c2": [
///             {"time": "2026-07-14T09:00:00Z", "value": 2},
///             {"time": "2026-07-14T10:00:00Z", "value": 0.5}
///         ]}
///     }"#,
/// )?;
/// assert_eq!(bucket.by("@ci.pipeline.name").as_deref(), Some("deploy"));
/// assert_eq!(bucket.by("@tests.failed").as_deref(), Some("3"));
/// assert_eq!(bucket.number("c0"), Some(154.0));
/// assert_eq!(bucket.string("c1"), Some("main"));
/// let sum: f64 = bucket.series("c2").ok_or("no series")?.map(|(_, value)| value).sum();
/// assert_eq!(sum, 2.5);
///
/// assert_eq!(bucket.number("c1"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl AggregateBucket {
    /// Returns a numeric result. Durations are in nanoseconds.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.compute(name)? {
            AggregateBucketValue::SingleNumber(number) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// Returns a string result, such as the most frequent value of a facet.
    #[must_use]
    pub fn string(&self, name: &str) -> Option<&str> {
        match self.compute(name)? {
            AggregateBucketValue::SingleString(value) => Some(value),
            _ => None,
        }
    }

    /// Returns a time series: the start of each interval and its value. Intervals without a value are
    /// omitted.
    #[must_use]
    pub fn series(&self, name: &str) -> Option<impl Iterator<Item = (Timestamp, f64)>> {
        match self.compute(name)? {
            AggregateBucketValue::Timeseries(points) => {
                let both = |point: &AggregateBucketValueTimeseriesPoint| {
                    Some((point.time.clone()?, point.value.as_ref()?.as_f64()))
                };
                Some(points.iter().filter_map(both))
            }
            _ => None,
        }
    }

    /// Returns the facet value of this bucket as a string: `deploy` for `@ci.pipeline.name`. Numbers
    /// keep their notation.
    #[must_use]
    pub fn by(&self, facet: &str) -> Option<Cow<'_, str>> {
        // A facet name may contain dots: the longest matching key wins.
        let value = self.by.as_ref()?.get(facet).filter(|value| !value.is_null())?;
        Some(value.as_str().unwrap_or(Cow::Borrowed(value.as_json())))
    }

    fn compute(&self, name: &str) -> Option<&AggregateBucketValue> {
        self.computes.as_ref()?.get(name)
    }
}
