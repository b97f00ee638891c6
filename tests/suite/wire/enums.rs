//! String enums: documented and unknown values.

use datadog_ci_pipelines::models::{
    AggregationFunction, CiErrorDomain, ComputeType, EventLevel, EventType, GroupSortType,
    JobLevel, JobStatus, PipelineRunLevel, PipelineStatus, ResponseStatus, RunningJobStatus,
    RunningPipelineStatus, SendDataType, Sort, SortOrder, StageLevel, StageStatus, StepLevel,
    StepStatus,
};

use super::{Outcome, spec};

/// A schema with an enum, and its generated type.
struct Enum {
    schema: &'static str,
    values: &'static [&'static str],
    decode: fn(&str) -> Result<Decoded, serde_json::Error>,
}

/// The result of decoding a value.
struct Decoded {
    debug: String,
    string: String,
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
                    debug: format!("{value:?}"),
                    string: value.as_str().to_owned(),
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
fn generated_enums_have_the_documented_values() {
    let documented: Vec<_> = spec::schemas()
        .into_iter()
        .map(|schema| (schema.name, schema.values()))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    let generated: Vec<_> = ENUMS.iter().map(|e| (e.schema, e.values.to_vec())).collect();
    assert_eq!(documented, generated);
}

#[test]
fn every_documented_value_has_its_own_variant() -> Outcome {
    for Enum { schema, values, decode } in ENUMS {
        let mut seen = Vec::new();
        for value in *values {
            let json = format!("\"{value}\"");
            let decoded = decode(&json)?;
            assert_eq!(decoded.string, *value, "{schema}");
            assert_eq!(decoded.encoded, json, "{schema}");
            // Only the variant for unknown values has a field.
            assert!(!decoded.debug.contains('('), "{schema}: {value} became {}", decoded.debug);
            assert!(!seen.contains(&decoded.debug), "{schema}: {value}");
            seen.push(decoded.debug);
        }
    }
    Ok(())
}

#[test]
fn unknown_values_round_trip() -> Outcome {
    // The last ones differ from documented values only in case or white space.
    for unknown in ["", "paused", "a \"new\" one\n", "Success", " job", "Unknown"] {
        let json = serde_json::to_string(unknown)?;
        for Enum { schema, decode, .. } in ENUMS {
            let decoded = decode(&json)?;
            assert!(
                decoded.debug.contains(&format!("({unknown:?})")),
                "{schema}: {unknown:?} became {}",
                decoded.debug
            );
            assert_eq!(decoded.string, unknown, "{schema}");
            assert_eq!(decoded.encoded, json, "{schema}");
        }
    }
    Ok(())
}

#[test]
fn values_that_are_not_strings_are_errors() {
    for json in ["1", "true", "[]", "{}"] {
        for Enum { schema, decode, .. } in ENUMS {
            assert!(decode(json).is_err(), "{schema} accepted {json}");
        }
    }
}
