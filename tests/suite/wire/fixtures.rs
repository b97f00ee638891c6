//! Every body in `fixtures/wire`: documented examples and recorded answers.

use std::collections::BTreeSet;
use std::fmt::Debug;

use datadog_ci_pipelines::models::{
    AggregateRequest, AggregateResponse, ApiErrors, EventsPage, HttpErrors, SearchRequest,
    SendData, SendDataSingleOrArray, SendRequest,
};
use datadog_ci_pipelines::{JsonObject, PipelineEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Outcome, again, differences, fixture, folder};

/// What has to hold for a body.
type Test = fn(&Value) -> Outcome;

/// Each body with the test of its model.
const FIXTURES: &[(&str, Test)] = &[
    // The one answer that the description does not allow: see `kept`.
    ("aggregate.documented.response.json", |json| unchanged::<AggregateResponse>(json)),
    ("aggregate.request.json", understood_and_unchanged::<AggregateRequest>),
    ("aggregate.timeseries.response.json", understood_and_unchanged::<AggregateResponse>),
    ("list.empty.response.json", understood_and_unchanged::<EventsPage>),
    ("list.page.response.json", understood_and_unchanged::<EventsPage>),
    ("read.errors.response.json", understood_and_unchanged::<ApiErrors>),
    ("search.page.response.json", understood_and_unchanged::<EventsPage>),
    ("search.request.json", |json| {
        let request: SearchRequest = serde_json::from_value(json.clone())?;
        request.validate()?;
        understood_and_unchanged::<SearchRequest>(json)
    }),
    ("send.accepted.response.json", understood_and_unchanged::<JsonObject>),
    ("send.batch.request.json", sent),
    ("send.errors.response.json", understood_and_unchanged::<HttpErrors>),
    ("send.finished-pipeline.request.json", sent),
    ("send.full-pipeline.request.json", sent),
    ("send.guide-curl.request.json", sent),
    ("send.job.request.json", sent),
    ("send.running-job.request.json", sent),
    ("send.running-pipeline.request.json", sent),
    ("send.stage.request.json", sent),
    ("send.step.request.json", sent),
];

#[test]
fn every_body_is_decoded_and_encoded_back_equal() {
    let failed: Vec<_> = FIXTURES
        .iter()
        .filter_map(|(name, test)| {
            let outcome = fixture(name).and_then(|json| test(&json));
            outcome.err().map(|error| format!("{name}: {error}"))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_file_of_the_folder_is_a_body_that_is_tested() -> Outcome {
    let mut there = BTreeSet::new();
    for entry in std::fs::read_dir(folder())? {
        there.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    let tested: BTreeSet<_> = FIXTURES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, tested);
    Ok(())
}

/// An encoded body equals what was decoded.
fn unchanged<T: DeserializeOwned + Serialize>(json: &Value) -> Outcome {
    let found = differences(json, &again::<T>(json)?);
    if found.is_empty() { Ok(()) } else { Err(found.join("; ").into()) }
}

/// As [`unchanged`], and the model has a place of its own for everything: what it keeps as
/// raw JSON would come back equal however little it knew.
fn understood_and_unchanged<T: DeserializeOwned + Serialize + Debug>(json: &Value) -> Outcome {
    let model: T = serde_json::from_value(json.clone())?;
    let shown = format!("{model:?}").replace("AdditionalProperties([])", "");
    for raw in ["AdditionalProperties(", "Unknown(", "Other("] {
        if shown.contains(raw) {
            return Err(format!("something is not understood: {shown}").into());
        }
    }
    unchanged::<T>(json)
}

/// A request that sends events: it also keeps to the description and the rules of the service.
fn sent(json: &Value) -> Outcome {
    let request: SendRequest = serde_json::from_value(json.clone())?;
    request.validate()?;
    let events: Vec<SendData> = match request.data {
        Some(SendDataSingleOrArray::Single(event)) => vec![event],
        Some(SendDataSingleOrArray::Array(events)) => events,
        other => return Err(format!("no events: {other:?}").into()),
    };
    for event in events {
        PipelineEvent::from(event).validate()?;
    }
    understood_and_unchanged::<SendRequest>(json)
}
