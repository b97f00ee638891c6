//! Results of a request.

#[cfg(feature = "pages")]
use std::borrow::Cow;

use datadog_ci_pipelines::models::{AggregateBucket, AggregateBucketValue, Computes};
use datadog_ci_pipelines::{Json, JsonObject};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::plan::Plan;

/// The results for the events that share the values of all facets.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    /// The value of each facet of `group_by`.
    pub(super) by: Vec<Value>,
    /// The result of each computation, if there is one.
    pub(super) computes: Vec<Option<Computed>>,
}

/// The result of a computation.
#[derive(Clone, Debug)]
pub(crate) enum Computed {
    Count(u64),
    Number(f64),
    String(String),
    /// The starts of intervals in nanoseconds since 1970, with their results.
    Series(Vec<(i64, Number)>),
}

#[cfg(feature = "pages")]
impl Bucket {
    /// Returns the value of a facet as a string. Numbers keep their notation.
    pub(crate) fn by(&self, facet: usize) -> Cow<'_, str> {
        match self.by.get(facet) {
            Some(Value::String(string)) => Cow::Borrowed(string),
            Some(value) => Cow::Owned(value.to_string()),
            None => Cow::Borrowed(""),
        }
    }

    /// Returns a result that is a number.
    pub(crate) fn number(&self, compute: usize) -> Option<f64> {
        match self.computes.get(compute)?.as_ref()? {
            Computed::Count(count) => Some(*count as f64),
            Computed::Number(number) => Some(*number),
            Computed::String(_) | Computed::Series(_) => None,
        }
    }

    /// Returns a result that is a string.
    pub(crate) fn string(&self, compute: usize) -> Option<&str> {
        match self.computes.get(compute)?.as_ref()? {
            Computed::String(string) => Some(string),
            _ => None,
        }
    }

    /// Returns the starts of intervals in nanoseconds since 1970, with their results.
    pub(crate) fn series(&self, compute: usize) -> impl Iterator<Item = (i64, f64)> {
        let points = match self.computes.get(compute) {
            Some(Some(Computed::Series(points))) => points.as_slice(),
            _ => &[],
        };
        points.iter().map(|(start, number)| (*start, number.as_f64().unwrap_or_default()))
    }
}

impl Plan {
    /// Converts results to those of a response.
    pub(crate) fn to_model(&self, bucket: &Bucket) -> AggregateBucket {
        let facets = self.groups.iter().map(|group| group.facet.name.clone());
        let by: Map<String, Value> = facets.zip(bucket.by.iter().cloned()).collect();
        let mut computes = Computes::default();
        for (i, computed) in bucket.computes.iter().enumerate() {
            let value = computed.as_ref().and_then(Computed::to_model);
            computes.extend(value.map(|value| (format!("c{i}"), value)));
        }
        let mut model = AggregateBucket::default();
        model.by = JsonObject::from_value(&by).ok();
        model.computes = Some(computes);
        model
    }
}

/// A point of a response.
#[derive(Serialize)]
struct Point<'a> {
    time: String,
    value: &'a Number,
}

impl Computed {
    fn to_model(&self) -> Option<AggregateBucketValue> {
        Some(match self {
            Self::Count(count) => AggregateBucketValue::SingleNumber((*count).into()),
            Self::Number(number) => AggregateBucketValue::SingleNumber((*number).into()),
            Self::String(string) => AggregateBucketValue::SingleString(string.clone()),
            // The model would write whole seconds without `.000`, which the service always writes.
            Self::Series(points) => {
                let points = points.iter().filter_map(|(start, value)| {
                    let time = Timestamp::from_nanosecond(i128::from(*start)).ok()?;
                    Some(Point { time: format!("{time:.3}"), value })
                });
                let points: Vec<Point<'_>> = points.collect();
                AggregateBucketValue::Unknown(Json::from_value(&points).ok()?)
            }
        })
    }
}
