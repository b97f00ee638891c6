//! Enums of strings: every value of the description, and any other.

use datadog_ci_pipelines::models::{
    AggregationFunction, CiErrorDomain, ComputeType, EventLevel, EventType, GroupSortType,
    JobLevel, JobStatus, PipelineRunLevel, PipelineStatus, ResponseStatus, RunningJobStatus,
    RunningPipelineStatus, SendDataType, Sort, SortOrder, StageLevel, StageStatus, StepLevel,
    StepStatus,
};

use super::{Outcome, spec};

/// An enum of the description and its type.
struct Enum {
    schema: &'static str,
    values: &'static [&'static str],
    decode: fn(&str) -> Result<Decoded, serde_json::Error>,
}

/// What a value became.
struct Decoded {
    shown: String,
    text: String,
    encoded: String,
}

macro_rules! enums {
    ($($schema:literal => $name:ident),* $(,)?) => {
        &[$(Enum {
            schema: $schema,
            values: $name::VALUES,
            decode: |json| {
                let value: $name = serde_json::from_str(json)?;
                assert_eq!(value.to_string(), value.as_str());
                assert_eq!($name::from(value.as_str()), value);
                Ok(Decoded {
                    shown: format!("{value:?}"),
                    text: value.as_str().to_owned(),
                    encoded: serde_json::to_string(&value)?,
                })
            },
        }),*]
    };
}

const ENUMS: &[Enum] = enums! {
    "CIAppAggregateSortType" => GroupSortType,
    "CIAppAggregationFunction" => AggregationFunction,
    "CIAppCIErrorDomain" => CiErrorDomain,
    "CIAppComputeType" => ComputeType,
    "CIAppCreatePipelineEventRequestDataType" => SendDataType,
    "CIAppPipelineEventJobInProgressStatus" => RunningJobStatus,
    "CIAppPipelineEventJobLevel" => JobLevel,
    "CIAppPipelineEventJobStatus" => JobStatus,
    "CIAppPipelineEventPipelineInProgressStatus" => RunningPipelineStatus,
    "CIAppPipelineEventPipelineLevel" => PipelineRunLevel,
    "CIAppPipelineEventPipelineStatus" => PipelineStatus,
    "CIAppPipelineEventStageLevel" => StageLevel,
    "CIAppPipelineEventStageStatus" => StageStatus,
    "CIAppPipelineEventStepLevel" => StepLevel,
    "CIAppPipelineEventStepStatus" => StepStatus,
    "CIAppPipelineEventTypeName" => EventType,
    "CIAppPipelineLevel" => EventLevel,
    "CIAppResponseStatus" => ResponseStatus,
    "CIAppSort" => Sort,
    "CIAppSortOrder" => SortOrder,
};

#[test]
fn every_enum_of_the_description_has_its_values_and_no_others() {
    let described: Vec<_> = spec::schemas()
        .into_iter()
        .map(|schema| (schema.name, schema.values()))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    let generated: Vec<_> = ENUMS.iter().map(|e| (e.schema, e.values.to_vec())).collect();
    assert_eq!(described, generated);
}

#[test]
fn every_value_of_the_description_has_a_variant_of_its_own() -> Outcome {
    for Enum { schema, values, decode } in ENUMS {
        let mut seen = Vec::new();
        for value in *values {
            let json = format!("\"{value}\"");
            let decoded = decode(&json)?;
            assert_eq!(decoded.text, *value, "{schema}");
            assert_eq!(decoded.encoded, json, "{schema}");
            // The variant for all other values is the only one that holds a text.
            assert!(!decoded.shown.contains('('), "{schema}: {value} became {}", decoded.shown);
            assert!(!seen.contains(&decoded.shown), "{schema}: {value}");
            seen.push(decoded.shown);
        }
    }
    Ok(())
}

#[test]
fn a_value_that_the_description_does_not_name_keeps_its_text() -> Outcome {
    // The last differ from known values in case or white space only.
    for text in ["", "paused", "a \"new\" one\n", "Success", " job", "Unknown"] {
        let json = serde_json::to_string(text)?;
        for Enum { schema, decode, .. } in ENUMS {
            let decoded = decode(&json)?;
            assert!(
                decoded.shown.contains(&format!("({text:?})")),
                "{schema}: {text:?} became {}",
                decoded.shown
            );
            assert_eq!(decoded.text, text, "{schema}");
            assert_eq!(decoded.encoded, json, "{schema}");
        }
    }
    Ok(())
}

#[test]
fn a_value_that_is_no_text_is_an_error() {
    for json in ["1", "true", "[]", "{}"] {
        for Enum { schema, decode, .. } in ENUMS {
            assert!(decode(json).is_err(), "{schema} took {json}");
        }
    }
}
