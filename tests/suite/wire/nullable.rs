//! `null` is read as absent.

use datadog_ci_pipelines::models::{CiError, GitInfo, Resource};
use serde_json::{Value, json};

use super::{Outcome, again, differences, fixture, spec};

/// A schema with nullable properties, an example, and a function that decodes and encodes it.
struct Example {
    schema: &'static str,
    file: &'static str,
    pointer: &'static str,
    again: fn(&Value) -> Result<Value, serde_json::Error>,
}

/// Returns an example of a run. Runs are decoded through their union.
const fn run(schema: &'static str, file: &'static str, pointer: &'static str) -> Example {
    Example { schema, file, pointer, again: again::<Resource> }
}

const RESOURCE: &str = "/data/attributes/resource";

const EXAMPLES: &[Example] = &[
    Example {
        schema: "CIAppCIError",
        file: "send.full-pipeline.request.json",
        pointer: "/data/attributes/resource/error",
        again: again::<CiError>,
    },
    Example {
        schema: "CIAppGitInfo",
        file: "send.full-pipeline.request.json",
        pointer: "/data/attributes/resource/git",
        again: again::<GitInfo>,
    },
    run("CIAppPipelineEventFinishedJob", "send.job.request.json", RESOURCE),
    run("CIAppPipelineEventFinishedPipeline", "send.full-pipeline.request.json", RESOURCE),
    run("CIAppPipelineEventInProgressJob", "send.running-job.request.json", RESOURCE),
    run(
        "CIAppPipelineEventInProgressPipeline",
        "send.batch.request.json",
        "/data/0/attributes/resource",
    ),
    run("CIAppPipelineEventStage", "send.stage.request.json", RESOURCE),
    run("CIAppPipelineEventStep", "send.step.request.json", RESOURCE),
];

/// Returns every schema with nullable properties, and these properties.
fn nullable() -> Vec<(&'static str, Vec<&'static str>)> {
    let schemas = spec::schemas();
    schemas
        .iter()
        .map(|schema| (schema.name, schema.nullable_properties(&schemas)))
        .filter(|(_, properties)| !properties.is_empty())
        .collect()
}

#[test]
fn every_schema_with_nullable_properties_has_an_example() {
    let documented: Vec<_> = nullable().into_iter().map(|(schema, _)| schema).collect();
    let tested: Vec<_> = EXAMPLES.iter().map(|example| example.schema).collect();
    assert_eq!(documented, tested);
}

#[test]
fn null_is_read_as_absent_for_nullable_properties() -> Outcome {
    let nullable = nullable();
    for example in EXAMPLES {
        let document = fixture(example.file)?;
        let complete = document.pointer(example.pointer).ok_or("no example")?;
        let properties = nullable
            .iter()
            .find(|(schema, _)| *schema == example.schema)
            .map(|(_, properties)| properties.as_slice())
            .unwrap_or_default();
        // Each property alone, and all together.
        let single = properties.iter().map(std::slice::from_ref);
        for nulls in single.chain([properties]) {
            let (mut given, mut expected) = (complete.clone(), complete.clone());
            for name in nulls {
                given[*name] = Value::Null;
                expected.as_object_mut().ok_or("no object")?.remove(*name);
            }
            let encoded = (example.again)(&given)?;
            let found = differences(&expected, &encoded);
            assert!(found.is_empty(), "{}: {nulls:?}: {found:?}", example.schema);
        }
    }
    Ok(())
}

#[test]
fn null_for_a_required_property_is_reported_as_null() {
    let stage = json!({
        "level": "stage", "id": "s", "name": null, "pipeline_unique_id": "p",
        "pipeline_name": "p", "start": "2026-07-14T09:00:00Z", "end": "2026-07-14T09:01:00Z", "status": "success",
    });
    let error = again::<Resource>(&stage).unwrap_err().to_string();
    assert!(error.contains("invalid type: null, expected a string"), "{error}");
}
