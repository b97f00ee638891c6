//! Which variant of a union a value becomes, and what is said of one that fits none.

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

/// Decodes from text, as from the wire.
fn decode<T: DeserializeOwned>(json: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&json.to_string())
}

/// The message of the error that decoding ends in.
fn refusal<T: DeserializeOwned>(json: &Value) -> String {
    match decode::<T>(json) {
        Ok(_) => "it was decoded".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// A finished job, changed by `set`; a `null` takes a property out.
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

/// A finished pipeline run, changed by `set`.
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
fn a_job_that_is_over_is_a_finished_job_with_its_address() -> Outcome {
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
fn a_job_under_way_is_a_running_job() -> Outcome {
    let resource: Resource = decode(&job(json!({"status": "running", "end": null})))?;
    let Resource::Job(Job::Running(job)) = resource else {
        panic!("it became {resource:?}");
    };
    assert_eq!(job.status, RunningJobStatus::Running);
    assert_eq!(job.url, "https://ci.example/jobs/1");
    Ok(())
}

#[test]
fn a_job_of_unknown_status_is_over_if_it_has_an_end() -> Outcome {
    let resource: Resource = decode(&job(json!({"status": "interrupted"})))?;
    let Resource::Job(Job::Finished(finished)) = resource else {
        panic!("it became {resource:?}");
    };
    let unknown = JobStatus::Unknown("interrupted".to_owned());
    assert_eq!(finished.status, unknown);

    let resource: Resource = decode(&job(json!({"status": "paused", "end": null})))?;
    let Resource::Job(Job::Running(running)) = resource else {
        panic!("it became {resource:?}");
    };
    assert_eq!(running.status.as_str(), "paused");
    Ok(())
}

#[test]
fn an_end_that_is_null_is_no_end() -> Outcome {
    let mut paused = job(json!({"status": "paused"}));
    paused["end"] = Value::Null;
    let resource: Resource = decode(&paused)?;
    assert!(matches!(resource, Resource::Job(Job::Running(_))), "it became {resource:?}");
    Ok(())
}

#[test]
fn a_pipeline_is_decided_as_a_job_is() -> Outcome {
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
fn a_stage_and_a_step_are_told_apart_by_their_level_alone() -> Outcome {
    // Nothing but the level differs: both have all that a job has.
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
fn the_order_of_properties_and_the_way_they_are_written_do_not_matter() -> Outcome {
    let expected: Resource = decode(&job(json!({})))?;
    let level_last = "\n{ \"url\" : \"https://ci.example/jobs/1\",\t\"status\":\"success\",
        \"end\":\"2026-07-14T11:10:31+02:00\", \"start\":\"2026-07-14T09:05:03Z\",
        \"pipeline_name\":\"Release Handbook\", \"pipeline_unique_id\":\"p-1\",
        \"name\":\"check-links\", \"id\":\"j-1\", \"level\":\"job\" }\n";
    assert_eq!(serde_json::from_str::<Resource>(level_last)?, expected);
    // The same property, with its name and its value spelled as escapes.
    let escaped = level_last.replace("\"level\":\"job\"", r#""\u006cevel":"\u006aob""#);
    assert_eq!(serde_json::from_str::<Resource>(&escaped)?, expected);
    Ok(())
}

#[test]
fn properties_deeper_inside_decide_nothing() -> Outcome {
    let text = r#"{"parameters":{"level":"stage","status":"running","end":"x"},
        "error":{"message":"\"level\":\"step\""},"level":"job","status":"running",
        "id":"1","name":"n","pipeline_unique_id":"p","pipeline_name":"p",
        "start":"2026-07-14T09:05:03Z","url":""}"#;
    let resource: Resource = serde_json::from_str(text)?;
    assert!(matches!(&resource, Resource::Job(Job::Running(_))), "it became {resource:?}");
    Ok(())
}

#[test]
fn one_event_and_an_array_of_events_are_told_apart() -> Outcome {
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
fn an_error_names_its_place_through_every_union_on_the_way() {
    let wrong = job(json!({"git": {
        "repository_url": "r", "sha": 40, "author_email": "e",
    }}));
    let message = refusal::<Job>(&wrong);
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");
    let message = refusal::<Resource>(&wrong);
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");

    // A union that its JSON type decides is decoded in place: the message begins with the way
    // within the innermost union that is decoded apart, and the position leads to that.
    let event = |job| json!({"attributes": {"resource": job, "service": "ci"}});
    let (good, bad) = (event(job(json!({}))), event(wrong));
    let message = refusal::<SendRequest>(&json!({"data": bad}));
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");
    let message = refusal::<SendRequest>(&json!({"data": [good, bad]}));
    assert!(message.starts_with("`/git/sha`: invalid type"), "{message}");
}

#[test]
fn an_error_names_its_place_if_the_union_is_the_last_property_too() {
    let wrong = job(json!({"name": 40}));
    let event = json!({"attributes": {"env": "ci", "resource": wrong}});
    let message = refusal::<SendRequest>(&json!({"data": [event]}));
    assert!(message.starts_with("`/name`: invalid type"), "{message}");
}

#[test]
fn an_error_names_what_is_missing_from_the_variant_that_was_decided() {
    let message = refusal::<Resource>(&job(json!({"url": null, "name": null})));
    assert!(message.contains("missing properties `name`, `url`"), "{message}");
    // A job that is over is not taken for a running one because its end is missing.
    let message = refusal::<Resource>(&job(json!({"end": null})));
    assert!(message.contains("missing property `end`"), "{message}");
    let event = json!({"attributes": {
        "resource": job(json!({"status": null})), "service": "ci",
    }});
    let message = refusal::<SendRequest>(&json!({"data": [event]}));
    assert!(message.contains("missing property `status`"), "{message}");
}

#[test]
fn a_moment_that_cannot_be_read_is_named() {
    let message = refusal::<Resource>(&job(json!({"start": "yesterday"})));
    assert!(message.starts_with("`/start`: "), "{message}");
}

#[test]
fn the_stand_in_for_missing_values_is_a_text_or_a_number() -> Outcome {
    assert_eq!(decode::<MissingValue>(&json!("none"))?, MissingValue::String("none".to_owned()));
    assert_eq!(decode::<MissingValue>(&json!(-1))?, MissingValue::Number(Number::from(-1)));
    let other: MissingValue = decode(&json!(true))?;
    assert_eq!(other, MissingValue::Unknown("true".parse()?));
    Ok(())
}

#[test]
fn a_total_is_yes_or_no_or_a_name_that_may_be_a_number() -> Outcome {
    assert_eq!(decode::<Total>(&json!(true))?, Total::Boolean(true));
    assert_eq!(decode::<Total>(&json!(false))?, Total::Boolean(false));
    assert_eq!(decode::<Total>(&json!("true"))?, Total::String("true".to_owned()));
    assert_eq!(decode::<Total>(&json!(0.5))?, Total::Number(Number::from(0.5)));
    let other: Total = decode(&json!({"name": "all"}))?;
    assert_eq!(other, Total::Unknown(r#"{"name":"all"}"#.parse()?));
    Ok(())
}

#[test]
fn a_result_is_a_text_or_a_number_or_a_series_and_anything_else_is_kept() -> Outcome {
    let read = |json: &Value| decode::<AggregateBucketValue>(json);
    let text = read(&json!("success"))?;
    assert_eq!(text, AggregateBucketValue::SingleString("success".into()));
    let number = read(&json!(12.5))?;
    assert_eq!(number, AggregateBucketValue::SingleNumber(12.5.into()));
    let empty = read(&json!([]))?;
    assert_eq!(empty, AggregateBucketValue::Timeseries(vec![]));
    let series = read(&json!([{"time": "2023-06-29T09:40:00.000Z", "value": 154}]))?;
    let AggregateBucketValue::Timeseries(points) = series else {
        panic!("it became {series:?}");
    };
    assert_eq!(points[0].time, Some("2023-06-29T09:40:00Z".parse()?));
    assert_eq!(points[0].value.and_then(Number::as_i64), Some(154));
    for other in [json!(true), json!({"value": 1})] {
        let kept = read(&other)?;
        let raw: Json = other.to_string().parse()?;
        assert_eq!(kept, AggregateBucketValue::Unknown(raw));
    }
    let message = refusal::<AggregateResponse>(
        &json!({"data": {"buckets": [{"computes": {"c0": [{"time": 5}]}}]}}),
    );
    assert!(message.contains("invalid type: integer `5`"), "{message}");
    Ok(())
}
