//! Listing and searching: the selected events, their order, pages, and events that arrive meanwhile.

use datadog_ci_intake::{Fault, RateLimit};
use datadog_ci_pipelines::models::{Event, RunningJob, Sort};
use futures_util::TryStreamExt;

use super::{job_at, job_ids, start, statuses};
use crate::end_to_end::support::Outcome;

/// Five jobs that are not in the order of their ends. Two have the same end.
const JOBS: [(&str, &str); 5] = [
    ("c", "2026-07-14T09:30:00Z"),
    ("a", "2026-07-14T09:10:00Z"),
    ("d", "2026-07-14T09:30:00Z"),
    ("e", "2026-07-14T09:50:00.000000001Z"),
    ("b", "2026-07-14T09:20:00Z"),
];
const OLDEST_FIRST: [&str; 5] = ["a", "b", "c", "d", "e"];
const NEWEST_FIRST: [&str; 5] = ["e", "d", "c", "b", "a"];

/// Starts an intake with these jobs.
async fn with_jobs() -> Result<
    (datadog_ci_intake::LocalIntake, datadog_ci_pipelines::Client),
    Box<dyn std::error::Error>,
> {
    let (intake, client) = start().await?;
    for (id, end) in JOBS {
        intake.seed([job_at(id, end)?]).await?;
    }
    Ok((intake, client))
}

#[tokio::test]
async fn both_orders_are_exact_for_every_page_size() -> Outcome {
    let (intake, client) = with_jobs().await?;
    let orders = [
        (None, NEWEST_FIRST),
        (Some(Sort::TimestampDescending), NEWEST_FIRST),
        (Some(Sort::TimestampAscending), OLDEST_FIRST),
    ];
    for limit in 1..=6 {
        for (sort, expected) in &orders {
            let mut list = client.list_pipeline_events().limit(limit);
            let mut search = client.search_pipeline_events().from("now-1h").limit(limit);
            // By default, a listing covers the last minutes only.
            list = list.from("2026-07-14T09:00:00Z".parse()?);
            if let Some(sort) = sort {
                list = list.sort(sort.clone());
                search = search.sort(sort.clone());
            }
            let listed: Vec<Event> = list.stream().try_collect().await?;
            assert_eq!(job_ids(&listed), expected, "{sort:?} by {limit}");
            let found: Vec<Event> = search.stream().try_collect().await?;
            assert_eq!(found, listed, "{sort:?} by {limit}");
        }
    }
    assert!(statuses(&intake).iter().all(|status| *status == Some(200)));
    Ok(())
}

#[tokio::test]
async fn a_search_returns_exactly_the_matching_events() -> Outcome {
    let (_intake, client) = with_jobs().await?;
    for (query, from, to, expected) in [
        ("*", "now-31m", "now", vec!["e", "d", "c"]),
        ("*", "2026-07-14T09:10:00Z", "2026-07-14T09:20:00Z", vec!["b", "a"]),
        ("@ci.job.id:(a OR e)", "now-1h", "now", vec!["e", "a"]),
        ("ci_level:job -@ci.job.id:a @duration:<20min", "now-1h", "now", vec!["b"]),
        ("ci_level:step", "now-1h", "now", vec![]),
    ] {
        let search = client.search_pipeline_events().query(query).from(from).to(to);
        let found: Vec<Event> = search.stream().try_collect().await?;
        assert_eq!(job_ids(&found), expected, "{query} from {from} to {to}");
    }
    Ok(())
}

#[tokio::test]
async fn pages_are_requested_lazily() -> Outcome {
    let (intake, client) = with_jobs().await?;
    intake.set_rate_limit(Some(RateLimit { limit: 10, period: 3600, retry_after: false }));
    let search = client.search_pipeline_events().from("now-1h").limit(3);
    let mut pages = search.clone().pages();
    let page = pages.try_next().await?.ok_or("no page")?;
    assert_eq!(job_ids(page.data.iter().flatten()), ["e", "d", "c"]);
    assert_eq!(page.rate_limit().remaining, Some(9));
    assert_eq!(intake.requests().len(), 1);
    let after = page.meta.as_ref().and_then(|meta| meta.page.as_ref()?.after.clone());

    let page = pages.try_next().await?.ok_or("no second page")?;
    assert_eq!(job_ids(page.data.iter().flatten()), ["b", "a"]);
    assert_eq!(page.rate_limit().remaining, Some(8));

    // Only an empty page without a cursor ends the listing, because a full page may be the last one.
    let page = pages.try_next().await?.ok_or("no empty page")?;
    assert_eq!(page.data.iter().flatten().count(), 0);
    assert!(pages.next().await.is_none());
    assert!(pages.next().await.is_none());
    assert_eq!(intake.requests().len(), 3);

    // A saved cursor continues the listing.
    let rest = search.cursor(after.ok_or("no cursor")?);
    let rest: Vec<Event> = rest.stream().try_collect().await?;
    assert_eq!(job_ids(&rest), ["b", "a"]);
    Ok(())
}

#[tokio::test]
async fn events_that_arrive_while_paging_do_not_shift_pages() -> Outcome {
    for sort in [Sort::TimestampDescending, Sort::TimestampAscending] {
        let (_intake, client) = with_jobs().await?;
        let finished = job_at("moves", "2026-07-14T09:40:00Z")?;
        let running = RunningJob::builder()
            .id("moves")
            .name(&finished.name)
            .pipeline_unique_id(&finished.pipeline_unique_id)
            .pipeline_name(&finished.pipeline_name)
            .start(finished.start.clone())
            .url(&finished.url);
        client.send(running.build()?).await?;
        let search = client.search_pipeline_events().from("now-1h").sort(sort.clone()).limit(2);
        let mut stream = search.stream();
        let mut found = Vec::new();
        for _ in 0..2 {
            found.push(stream.try_next().await?.ok_or("no event")?);
        }
        // The running job moves from its start to its end, and another job is the newest.
        client.send(finished).await?;
        client.send(job_at("new", "2026-07-14T09:59:00Z")?).await?;
        while let Some(event) = stream.try_next().await? {
            found.push(event);
        }
        // With the newest first, the new job is before the current position.
        let expected: &[&str] = match sort {
            Sort::TimestampAscending => &["moves", "a", "b", "c", "d", "e", "new"],
            _ => &["e", "d", "c", "b", "a", "moves"],
        };
        assert_eq!(job_ids(&found), expected, "{sort:?}");

        let again = client.search_pipeline_events().from("now-1h").sort(sort.clone());
        let again: Vec<Event> = again.stream().try_collect().await?;
        let expected: &[&str] = match sort {
            Sort::TimestampAscending => &["a", "b", "c", "d", "moves", "e", "new"],
            _ => &["new", "e", "moves", "d", "c", "b", "a"],
        };
        assert_eq!(job_ids(&again), expected, "{sort:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_stream_ends_after_an_error() -> Outcome {
    let (intake, client) = with_jobs().await?;
    intake.queue_faults([Fault::None, Fault::Status { status: 429, retry_after: Some(3) }]);
    let mut stream = client.search_pipeline_events().from("now-1h").limit(1).stream();
    let first = stream.try_next().await?;
    assert_eq!(job_ids(&first), ["e"]);
    let error = match stream.next().await {
        Some(Err(error)) => error,
        other => return Err(format!("{other:?}").into()),
    };
    assert_eq!(error.status(), Some(429));
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
    assert_eq!(statuses(&intake), [Some(200), Some(429)]);
    Ok(())
}

#[tokio::test]
async fn an_empty_listing_takes_one_request() -> Outcome {
    let (intake, client) = start().await?;
    assert!(client.list_pipeline_events().stream().try_next().await?.is_none());
    assert!(client.search_pipeline_events().stream().try_next().await?.is_none());
    assert_eq!(statuses(&intake), [Some(200), Some(200)]);
    Ok(())
}
