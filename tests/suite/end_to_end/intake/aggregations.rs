//! Aggregations: the shorthand, and typed results.

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::Timestamp;
use datadog_ci_pipelines::models::{
    AggregateRequest, AggregationFunction, Compute, ComputeType, GroupBy, GroupSort, GroupSortType,
    JobStatus, QueryFilter, SortOrder,
};

use super::start;
use crate::end_to_end::support::{Outcome, job};

/// Starts an intake with three jobs of `docs` (1, 2 and 6 minutes, one of them failed) and one of
/// `site` (4 minutes).
async fn with_jobs() -> Result<(LocalIntake, Client), Box<dyn std::error::Error>> {
    let (intake, client) = start().await?;
    for (id, pipeline, status, start, end) in [
        ("1", "docs", JobStatus::Success, "08:10:00", "08:11:00"),
        ("2", "docs", JobStatus::Error, "08:20:00", "08:22:00"),
        ("3", "docs", JobStatus::Success, "09:30:00", "09:36:00"),
        ("4", "site", JobStatus::Success, "09:40:00", "09:44:00"),
    ] {
        let mut job = job(id)?;
        job.pipeline_name = pipeline.to_owned();
        job.status = status;
        job.start = format!("2026-07-14T{start}Z").parse()?;
        job.end = format!("2026-07-14T{end}Z").parse()?;
        job.tags = (id == "4").then(|| vec!["team:web".to_owned()]);
        client.send(job).await?;
    }
    Ok((intake, client))
}

/// Converts minutes to nanoseconds, the unit of durations.
fn minutes(minutes: f64) -> Option<f64> {
    Some(minutes * 60e9)
}

#[tokio::test]
async fn totals_are_numbers_or_strings() -> Outcome {
    let (_intake, client) = with_jobs().await?;
    let response = client
        .aggregate()
        .query("ci_level:job")
        .from("now-3h")
        .to("now")
        .compute(Compute::count())
        .compute(Compute::new(AggregationFunction::Sum, "@duration"))
        .compute(Compute::new("median", "@duration"))
        .compute(Compute::new(AggregationFunction::Max, "@duration"))
        .compute(Compute::new(AggregationFunction::MostFrequent, "@ci.status"))
        .compute(Compute::new(AggregationFunction::Cardinality, "@ci.pipeline.name"))
        .compute(Compute::new(AggregationFunction::Avg, "@unused.attribute"))
        .send()
        .await?;
    let [bucket] = response.buckets() else {
        return Err(format!("{response:?}").into());
    };
    assert_eq!(bucket.number("c0"), Some(4.0));
    assert_eq!(bucket.number("c1"), minutes(13.0));
    assert_eq!(bucket.number("c2"), minutes(3.0));
    assert_eq!(bucket.number("c3"), minutes(6.0));
    assert_eq!(bucket.string("c4"), Some("success"));
    assert_eq!(bucket.number("c5"), Some(2.0));
    // Without values a result is absent, as under unknown names.
    for name in ["c6", "c7", ""] {
        assert_eq!(bucket.number(name), None);
        assert_eq!(bucket.string(name), None);
        assert!(bucket.series(name).is_none());
    }
    // Each result has one type.
    assert_eq!((bucket.string("c0"), bucket.number("c4")), (None, None));
    assert!(bucket.series("c0").is_none());
    assert_eq!(bucket.by("@ci.status"), None);
    Ok(())
}

#[tokio::test]
async fn timeseries_are_points_with_timestamps() -> Outcome {
    let (_intake, client) = with_jobs().await?;
    let response = client
        .aggregate()
        .from("2026-07-14T08:00:00Z")
        .to("2026-07-14T09:59:59Z")
        .compute(Compute::count().every("1h"))
        .compute(Compute::new(AggregationFunction::Max, "@duration").every("1h"))
        .compute(Compute::count().every("30m"))
        .send()
        .await?;
    let [bucket] = response.buckets() else {
        return Err(format!("{response:?}").into());
    };
    let series = |name: &str| -> Result<Vec<(Timestamp, f64)>, String> {
        Ok(bucket.series(name).ok_or(format!("{bucket:?}"))?.collect())
    };
    let at = |time: &str| format!("2026-07-14T{time}:00Z").parse::<Timestamp>();
    assert_eq!(series("c0")?, [(at("08:00")?, 2.0), (at("09:00")?, 2.0)]);
    assert_eq!(series("c1")?, [(at("08:00")?, 2.0 * 60e9), (at("09:00")?, 6.0 * 60e9)]);
    let halves = [("08:00", 2.0), ("08:30", 0.0), ("09:00", 0.0), ("09:30", 2.0)];
    let halves: Result<Vec<_>, _> =
        halves.map(|(t, n)| at(t).map(|t| (t, n))).into_iter().collect();
    assert_eq!(series("c2")?, halves?);
    assert_eq!((bucket.number("c0"), bucket.string("c0")), (None, None));
    Ok(())
}

#[tokio::test]
async fn groups_have_the_values_of_their_facets() -> Outcome {
    let (_intake, client) = with_jobs().await?;
    let slowest_first = GroupSort::builder()
        .r#type(GroupSortType::Measure)
        .aggregation(AggregationFunction::Avg)
        .metric("@duration")
        .order(SortOrder::Descending);
    let pipelines = GroupBy::builder().facet("@ci.pipeline.name").sort(slowest_first.build()?);
    let response = client
        .aggregate()
        .from("now-3h")
        .compute(Compute::count())
        .group_by(pipelines.build()?)
        .group_by("@ci.status")
        .send()
        .await?;
    let rows: Vec<_> = response
        .buckets()
        .iter()
        .map(|bucket| {
            (bucket.by("@ci.pipeline.name"), bucket.by("@ci.status"), bucket.number("c0"))
        })
        .collect();
    let row = |pipeline: &'static str, status: &'static str, n| {
        (Some(pipeline.into()), Some(status.into()), Some(n))
    };
    let expected =
        [row("site", "success", 1.0), row("docs", "error", 1.0), row("docs", "success", 2.0)];
    assert_eq!(rows, expected);
    Ok(())
}

#[tokio::test]
async fn groups_of_numbers_and_of_missing_values_are_strings() -> Outcome {
    let (_intake, client) = with_jobs().await?;
    let teams = GroupBy::builder().facet("team").missing("none").total("all");
    let response = client
        .aggregate()
        .from("now-3h")
        .compute(Compute::count())
        .group_by(teams.build()?)
        .send()
        .await?;
    let rows: Vec<_> =
        response.buckets().iter().map(|bucket| (bucket.by("team"), bucket.number("c0"))).collect();
    let row = |team: &'static str, n| (Some(team.into()), Some(n));
    assert_eq!(rows, [row("none", 3.0), row("web", 1.0), row("all", 4.0)]);

    let response = client.aggregate().from("now-3h").query("@ci.job.id:2").group_by("@duration");
    let response = response.send().await?;
    let rows: Vec<_> = response.buckets().iter().map(|bucket| bucket.by("@duration")).collect();
    assert_eq!(rows, [Some("120000000000".into())]);
    Ok(())
}

#[tokio::test]
async fn the_shorthand_sends_the_same_request() -> Outcome {
    let (_intake, client) = with_jobs().await?;
    let compute = Compute::builder()
        .aggregation(AggregationFunction::Percentile95)
        .metric("@duration")
        .r#type(ComputeType::Timeseries)
        .interval("1h");
    let request = AggregateRequest::builder()
        .filter(QueryFilter::builder().query("ci_level:job").from("now-3h").to("now").build()?)
        .compute(vec![compute.build()?])
        .group_by(vec![GroupBy::builder().facet("@ci.pipeline.name").build()?])
        .build()?;
    let full = client.aggregate_pipeline_events(request).send().await?;
    let short = client
        .aggregate()
        .query("ci_level:job")
        .from("now-3h")
        .to("now")
        .compute(Compute::new(AggregationFunction::Percentile95, "@duration").every("1h"))
        .group_by("@ci.pipeline.name");
    let short = short.send().await?;
    assert_eq!(short.buckets(), full.buckets());
    assert_eq!(short.buckets().len(), 2);
    Ok(())
}
