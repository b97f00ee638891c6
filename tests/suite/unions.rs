//! Unions of the API: the variant of a value, and the errors of values that fit no variant.

use std::error::Error;

use datadog_ci_pipelines::models::{
    AggregateBucketValue, AggregateResponse, Job, JobStatus, MissingValue, Pipeline,
    PipelineStatus, Resource, RunningJobStatus, RunningPipelineStatus, SendDataSingleOrArray,
    SendRequest, Total,
};
use datadog_ci_pipelines::{Json, Number};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn Error>>;

/// Decodes from a string, like a response.
fn decode<T: DeserializeOwned>(json: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&json.to_string())
}

/// Returns the message of the decoding error.
fn error<T: DeserializeOwned>(json: &Value) -> String {
    match decode::<T>(json) {
        Ok(_) => "it was decoded".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Returns a finished job with the properties of `set`. `null` removes a property.
fn job(set: Value) -> Value {
    changed(
        json!({
            "level": "job", "id": "j-1", "name": "check-links", "pipeline_unique_id": "p-1",
            "pipeline_name": "Release Handbook", "start": "2026-07-14T11:05:03+02:00",
            "end": "2026-07-14T11:10:31+02:00", "status": "success",
            "url": "https://ci.example/jobs/1",
        }),
        set,
    )
}

/// Returns a finished pipeline run with the properties of `set`.
fn pipeline(set: Value) -> Value {
    changed(
        json!({
            "level": "pipeline", "unique_id": "p-1", "name": "Release Handbook", "url": "",
            "start": "2026-07-14T09:05:03Z", "end": "2026-07-14T09:10:31Z", "status": "success",
            "partial_retry": false,
        }),
        set,
    )
}

fn changed(mut base: Value, set: Value) -> Value {
    if let (Value::Object(base), Value::Object(set)) = (&mut base, set) {
        for (name, value) in set {
            if value.is_null() {
                base.remove(&name);
            } else {
                base.insert(name, value);
            }
        }
    }
    base
}

#[test]
fn a_finished_status_gives_a_finished_job() -> Outcome {
    for status in JobStatus::VALUES {
        let resource: Resource = decode(&job(json!({"status": status})))?;
        let Resource::Job(Job::Finished(job)) = resource else {
            panic!("{status} became {resource:?}");
        };
        assert_eq!(job.url, "https://ci.example/jobs/1");
        assert_eq!(job.status.as_str(), *status);
        assert!(job.additional_properties.is_empty());
    }
    Ok(())
}

#[test]
fn a_running_status_gives_a_running_job() -> Outcome {
    let resource: Resource = decode(&job(json!({"status": "running", "end": null})))?;
    let Resource::Job(Job::Running(job)) = resource else {
        panic!("decoded as {resource:?}");
    };
    assert_eq!(job.status, RunningJobStatus::Running);
    assert_eq!(job.url, "https://ci.example/jobs/1");
    Ok(())
}

#[test]
fn a_job_with_an_unknown_status_is_finished_if_it_has_an_end() -> Outcome {
    let resource: Resource = decode(&job(json!({"status": "interrupted"})))?;
    let Resource::Job(Job::Finished(finished)) = resource else {
        panic!("decoded as {resource:?}");
    };
    let unknown = JobStatus::Unknown("interrupted".into());
    assert_eq!(finished.status, unknown);

    let resource: Resource = decode(&job(json!({"status": "paused", "end": null})))?;
    let Resource::Job(Job::Running(running)) = resource else {
        panic!("decoded as {resource:?}");
    };
    assert_eq!(running.status.as_str(), "paused");
    Ok(())
}

#[test]
fn an_end_of_null_is_treated_as_absent() -> Outcome {
    let mut paused = job(json!({"status": "paused"}));
    paused["end"] = Value::Null;
    let resource: Resource = decode(&paused)?;
    assert!(matches!(resource, Resource::Job(Job::Running(_))), "decoded as {resource:?}");
    Ok(())
}

#[test]
fn pipelines_are_decided_like_jobs() -> Outcome {
    for status in PipelineStatus::VALUES.iter().chain(&["abandoned"]) {
        let resource: Resource = decode(&pipeline(json!({"status": status})))?;
        let Resource::Pipeline(Pipeline::Finished(run)) = resource else {
            panic!("{status} became {resource:?}");
        };
        assert_eq!(run.status.as_str(), *status);
    }
    for status in RunningPipelineStatus::VALUES.iter().chain(&["queued"]) {
        let resource: Resource = decode(&pipeline(json!({"status": status, "end": null})))?;
        let Resource::Pipeline(Pipeline::Running(run)) = resource else {
            panic!("{status} became {resource:?}");
        };
        assert_eq!(run.status.as_str(), *status);
    }
    Ok(())
}

#[test]
fn stages_and_steps_are_distinguished_by_their_level() -> Outcome {
    // Only the level differs. Both have all properties of a job.
    for status in ["success", "error", "unheard of"] {
        let stage: Resource = decode(&job(json!({"level": "stage", "status": status})))?;
        assert!(matches!(&stage, Resource::Stage(s) if s.status.as_str() == status), "{stage:?}");
        let step: Resource = decode(&job(json!({"level": "step", "status": status})))?;
        assert!(
            matches!(&step, Resource::Step(s) if s.status.as_str() == status
                && s.url.as_deref() == Some("https://ci.example/jobs/1")),
            "{step:?}"
        );
    }
    Ok(())
}

#[test]
fn the_order_and_the_notation_of_properties_do_not_matter() -> Outcome {
    let expected: Resource = decode(&job(json!({})))?;
    let level_last = "\n{ \"url\" : \"https://ci.example/jobs/1\",\t\"status\":\"success\",
        \"end\":\"2026-07-14T11:10:31+02:00\", \"start\":\"2026-07-14T09:05:03Z\",
        \"pipeline_name\":\"Release Handbook\", \"pipeline_unique_id\":\"p-1\",
        \"name\":\"check-links\", \"id\":\"j-1\", \"level\":\"job\" }\n";
    assert_eq!(serde_json::from_str::<Resource>(level_last)?, expected);
    // The same property, with an escaped name and value.
    let escaped = level_last.replace("\"level\":\"job\"", r#""\u006cevel":"\u006aob""#);
    assert_eq!(serde_json::from_str::<Resource>(&escaped)?, expected);
    Ok(())
}

#[test]
fn nested_properties_do_not_decide_a_union() -> Outcome {
    let json = r#"{"parameters":{"level":"stage","status":"running","end":"x"},
        "error":{"message":"\"level\":\"step\""},"level":"job","status":"running",
        "id":"1","name":"n","pipeline_unique_id":"p","pipeline_name":"p",
        "start":"2026-07-14T09:05:03Z","url":""}"#;
    let resource: Resource = serde_json::from_str(json)?;
    assert!(matches!(&resource, Resource::Job(Job::Running(_))), "decoded as {resource:?}");
    Ok(())
}

#[test]
fn one_event_and_an_array_of_events_are_distinguished() -> Outcome {
    let event = json!({"attributes": {"resource": job(json!({}))}});
    let single: SendRequest = decode(&json!({"data": event}))?;
    assert!(matches!(single.data, Some(SendDataSingleOrArray::Single(_))));
    for count in [0, 1, 3] {
        let events = vec![event.clone(); count];
        let request: SendRequest = decode(&json!({"data": events}))?;
        assert!(
            matches!(&request.data, Some(SendDataSingleOrArray::Array(e)) if e.len() == count),
            "{request:?}"
        );
    }
    let neither: SendDataSingleOrArray = decode(&json!("text"))?;
    assert!(matches!(neither, SendDataSingleOrArray::Unknown(_)));
    Ok(())
}

#[test]
fn an_error_within_nested_unions_has_its_pointer() {
    let wrong = job(json!({"git": {
        "repository_url": "r", "sha": 40, "author_email": "e",
    }}));
    let message = error::<Job>(&wrong);
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");
    let message = error::<Resource>(&wrong);
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");

    // A union that is decided by JSON type is decoded directly. The message starts with the pointer
    // within the innermost union that is decoded separately, and has the position of that union.
    let event = |job| json!({"attributes": {"resource": job, "service": "ci"}});
    let (good, bad) = (event(job(json!({}))), event(wrong));
    let message = error::<SendRequest>(&json!({"data": bad}));
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");
    let message = error::<SendRequest>(&json!({"data": [good, bad]}));
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");
}

#[test]
fn an_error_within_a_union_as_the_last_property_has_its_pointer() {
    let wrong = job(json!({"name": 40}));
    let event = json!({"attributes": {"env": "ci", "resource": wrong}});
    let message = error::<SendRequest>(&json!({"data": [event]}));
    assert!(message.starts_with("`/name`: invalid type"), "{message}");
}

#[test]
fn an_error_names_the_missing_properties_of_the_decided_variant() {
    let message = error::<Resource>(&job(json!({"url": null, "name": null})));
    assert!(message.contains("missing properties `name`, `url`"), "{message}");
    // A finished job without an end is not decoded as a running one.
    let message = error::<Resource>(&job(json!({"end": null})));
    assert!(message.contains("missing property `end`"), "{message}");
    let event = json!({"attributes": {
        "resource": job(json!({"status": null})), "service": "ci",
    }});
    let message = error::<SendRequest>(&json!({"data": [event]}));
    assert!(message.contains("missing property `status`"), "{message}");
}

#[test]
fn an_invalid_timestamp_has_its_pointer() {
    let message = error::<Resource>(&job(json!({"start": 5})));
    assert!(message.starts_with("`/start`: "), "{message}");
}

#[test]
fn the_value_for_missing_facets_is_a_string_or_a_number() -> Outcome {
    assert_eq!(decode::<MissingValue>(&json!("none"))?, MissingValue::String("none".to_owned()));
    assert_eq!(decode::<MissingValue>(&json!(-1))?, MissingValue::Number(Number::from(-1)));
    let other: MissingValue = decode(&json!(true))?;
    assert_eq!(other, MissingValue::Unknown("true".parse()?));
    Ok(())
}

#[test]
fn a_total_is_a_boolean_a_string_or_a_number() -> Outcome {
    assert_eq!(decode::<Total>(&json!(true))?, Total::Boolean(true));
    assert_eq!(decode::<Total>(&json!(false))?, Total::Boolean(false));
    assert_eq!(decode::<Total>(&json!("true"))?, Total::String("true".to_owned()));
    assert_eq!(decode::<Total>(&json!(0.5))?, Total::Number(Number::from(0.5)));
    let other: Total = decode(&json!({"name": "all"}))?;
    assert_eq!(other, Total::Unknown(r#"{"name":"all"}"#.parse()?));
    Ok(())
}

#[test]
fn a_result_is_a_string_a_number_or_a_timeseries_and_other_values_are_kept() -> Outcome {
    let read = |json: &Value| decode::<AggregateBucketValue>(json);
    let string = read(&json!("success"))?;
    assert_eq!(string, AggregateBucketValue::SingleString("success".into()));
    let number = read(&json!(12.5))?;
    assert_eq!(number, AggregateBucketValue::SingleNumber(12.5.into()));
    let empty = read(&json!([]))?;
    assert_eq!(empty, AggregateBucketValue::Timeseries(vec![]));
    let series = read(&json!([{"time": "2023-06-29T09:40:00.000Z", "value": 154}]))?;
    let AggregateBucketValue::Timeseries(points) = series else {
        panic!("decoded as {series:?}");
    };
    assert_eq!(points[0].time, Some("2023-06-29T09:40:00Z".parse()?));
    assert_eq!(points[0].value.as_ref().and_then(Number::as_i64), Some(154));
    for other in [json!(true), json!({"value": 1})] {
        let kept = read(&other)?;
        let raw: Json = other.to_string().parse()?;
        assert_eq!(kept, AggregateBucketValue::Unknown(raw));
    }
    let message = error::<AggregateResponse>(
        &json!({"data": {"buckets": [{"computes": {"c0": [{"time": 5}]}}]}}),
    );
    assert!(message.contains("invalid type: integer `5`"), "{message}");
    Ok(())
}
