//! The bodies in `fixtures/wire`: documented examples and recorded responses.

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

/// A check of a body.
type Test = fn(&Value) -> Outcome;

/// Each body with its check.
const FIXTURES: &[(&str, Test)] = &[
    // The only response that the OpenAPI document does not allow; see `unknown`.
    ("aggregate.documented.response.json", |json| unchanged::<AggregateResponse>(json)),
    ("aggregate.request.json", modelled_and_unchanged::<AggregateRequest>),
    ("aggregate.timeseries.response.json", modelled_and_unchanged::<AggregateResponse>),
    ("list.empty.response.json", modelled_and_unchanged::<EventsPage>),
    ("list.page.response.json", modelled_and_unchanged::<EventsPage>),
    ("read.errors.response.json", modelled_and_unchanged::<ApiErrors>),
    ("search.page.response.json", modelled_and_unchanged::<EventsPage>),
    ("search.request.json", |json| {
        let request: SearchRequest = serde_json::from_value(json.clone())?;
        request.validate()?;
        modelled_and_unchanged::<SearchRequest>(json)
    }),
    ("send.accepted.response.json", modelled_and_unchanged::<JsonObject>),
    ("send.batch.request.json", sent),
    ("send.errors.response.json", modelled_and_unchanged::<HttpErrors>),
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
fn bodies_round_trip() {
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
fn every_file_has_a_check() -> Outcome {
    let mut there = BTreeSet::new();
    for entry in std::fs::read_dir(folder())? {
        there.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    let tested: BTreeSet<_> = FIXTURES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, tested);
    Ok(())
}

/// Checks that a body is equal after decoding and encoding.
fn unchanged<T: DeserializeOwned + Serialize>(json: &Value) -> Outcome {
    let found = differences(json, &again::<T>(json)?);
    if found.is_empty() { Ok(()) } else { Err(found.join("; ").into()) }
}

/// Like [`unchanged`], and checks that the model has a field for everything: raw JSON would be equal
/// even if the model knew nothing.
fn modelled_and_unchanged<T: DeserializeOwned + Serialize + Debug>(json: &Value) -> Outcome {
    let model: T = serde_json::from_value(json.clone())?;
    let shown = format!("{model:?}").replace("AdditionalProperties([])", "");
    for raw in ["AdditionalProperties(", "Unknown(", "Other("] {
        if shown.contains(raw) {
            return Err(format!("something is not modelled: {shown}").into());
        }
    }
    unchanged::<T>(json)
}

/// Checks a request that sends events, and that it is valid.
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
    modelled_and_unchanged::<SendRequest>(json)
}
