//! Strategies for requests that send events.

use datadog_ci_pipelines::models::{
    CiError, CiErrorDomain, FinishedJob, FinishedPipeline, GitInfo, HostInfo, Job, JobStatus,
    Parameters, ParentPipeline, Pipeline, PipelineStatus, PreviousPipeline, Resource, RunningJob,
    RunningJobStatus, RunningPipeline, SendAttributes, SendData, SendDataSingleOrArray,
    SendDataType, SendRequest, Stage, StageStatus, Step, StepStatus,
};
use datadog_ci_pipelines::{AdditionalProperties, Json};
use proptest::array::{uniform4, uniform6, uniform9};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::values::{
    BUILT, additional, built, one_of, optional_string, optional_strings, string, timestamp, value,
};

/// The properties that runs of all levels have.
#[derive(Clone, Debug)]
struct Shared {
    strings: [String; 4],
    more: [Option<String>; 6],
    start: datadog_ci_pipelines::jiff::Timestamp,
    end: datadog_ci_pipelines::jiff::Timestamp,
    dependencies: Option<Vec<String>>,
    error: Option<Box<CiError>>,
    git: Option<Box<GitInfo>>,
    metrics: Option<Vec<String>>,
    node: Option<Box<HostInfo>>,
    parameters: Option<Parameters>,
    queue_time: Option<i64>,
    tags: Option<Vec<String>>,
    additional: AdditionalProperties,
}

fn shared() -> BoxedStrategy<Shared> {
    let required = (uniform4(string()), uniform6(optional_string()), timestamp(), timestamp());
    let parts = (
        option::of(error().prop_map(Box::new)),
        option::of(git().prop_map(Box::new)),
        option::of(node().prop_map(Box::new)),
    );
    let lists = (optional_strings(), optional_strings(), optional_strings());
    let parameters = option::of(btree_map(string(), string(), 0..3));
    let queue_time = option::of(any::<i64>());
    let rest = (parameters, queue_time, additional());
    (required, parts, lists, rest)
        .prop_map(|(required, parts, lists, rest)| {
            let (strings, more, start, end) = required;
            let (error, git, node) = parts;
            let (dependencies, metrics, tags) = lists;
            let (parameters, queue_time, additional) = rest;
            Shared {
                strings,
                more,
                start,
                end,
                dependencies,
                error,
                git,
                metrics,
                node,
                parameters,
                queue_time,
                tags,
                additional,
            }
        })
        .boxed()
}

/// Sets the optional shared properties through their fields, which are not validated.
macro_rules! share {
    ($run:ident, $shared:ident, $($field:ident),*) => {
        $($run.$field = $shared.$field;)*
        $run.additional_properties = $shared.additional;
    };
}

fn error() -> BoxedStrategy<CiError> {
    let domain = option::of(one_of::<CiErrorDomain>(CiErrorDomain::VALUES));
    let strings = (optional_string(), optional_string(), optional_string());
    (domain, strings, additional())
        .prop_map(|(domain, (message, stack, kind), additional)| {
            built!(CiError {
                domain,
                message,
                stack,
                r#type: kind,
                additional_properties: additional,
            })
        })
        .boxed()
}

fn git() -> BoxedStrategy<GitInfo> {
    let required = (string(), string(), string());
    let optional = uniform9(optional_string());
    (required, optional, additional())
        .prop_filter_map(BUILT, |(required, optional, additional)| {
            let (repository_url, sha, author_email) = required;
            let [name, time, branch, committed, email, committer, main, message, tag] = optional;
            built!(GitInfo(repository_url, sha, author_email) {
                author_name: name,
                author_time: time,
                branch,
                commit_time: committed,
                committer_email: email,
                committer_name: committer,
                default_branch: main,
                message,
                tag,
                additional_properties: additional,
            })
        })
        .boxed()
}

fn node() -> BoxedStrategy<HostInfo> {
    let strings = (optional_string(), optional_string(), optional_string());
    (strings, optional_strings(), additional())
        .prop_map(|((hostname, name, workspace), labels, additional)| {
            built!(HostInfo {
                hostname,
                labels,
                name,
                workspace,
                additional_properties: additional,
            })
        })
        .boxed()
}

fn finished_pipeline() -> BoxedStrategy<FinishedPipeline> {
    let flags = (any::<bool>(), any::<Option<bool>>(), any::<Option<bool>>());
    let status = one_of::<PipelineStatus>(PipelineStatus::VALUES);
    let parent = option::of((string(), optional_string(), additional()));
    (shared(), flags, status, parent)
        .prop_filter_map(BUILT, |(shared, flags, status, parent)| {
            let [unique_id, name, url, _] = shared.strings;
            let mut run = FinishedPipeline::builder()
                .unique_id(unique_id)
                .name(name)
                .url(url)
                .start(shared.start.into())
                .end(shared.end.into())
                .status(status)
                .partial_retry(flags.0)
                .build()
                .ok()?;
            (run.is_manual, run.is_resumed) = (flags.1, flags.2);
            let [pipeline_id, ..] = shared.more;
            run.pipeline_id = pipeline_id;
            run.parent_pipeline = parent.and_then(|(id, url, additional)| {
                built!(ParentPipeline(id) {
                    url,
                    additional_properties: additional,
                })
            });
            share!(run, shared, error, git, metrics, node, parameters, queue_time, tags);
            Some(run)
        })
        .boxed()
}

fn running_pipeline() -> BoxedStrategy<RunningPipeline> {
    let flags = (any::<bool>(), any::<Option<bool>>(), any::<Option<bool>>());
    let previous = option::of((string(), optional_string(), additional()));
    (shared(), flags, previous)
        .prop_filter_map(BUILT, |(shared, flags, previous)| {
            let [unique_id, name, url, _] = shared.strings;
            let mut run = RunningPipeline::builder()
                .unique_id(unique_id)
                .name(name)
                .url(url)
                .start(shared.start.into())
                .partial_retry(flags.0)
                .build()
                .ok()?;
            (run.is_manual, run.is_resumed) = (flags.1, flags.2);
            run.previous_attempt = previous.and_then(|(id, url, additional)| {
                built!(PreviousPipeline(id) {
                    url,
                    additional_properties: additional,
                })
            });
            share!(run, shared, error, git, metrics, node, parameters, queue_time, tags);
            Some(run)
        })
        .boxed()
}

fn stage() -> BoxedStrategy<Stage> {
    let status = one_of::<StageStatus>(StageStatus::VALUES);
    (shared(), status)
        .prop_filter_map(BUILT, |(shared, status)| {
            let [id, name, pipeline, unique_id] = shared.strings;
            let mut run = Stage::builder()
                .id(id)
                .name(name)
                .pipeline_name(pipeline)
                .pipeline_unique_id(unique_id)
                .start(shared.start.into())
                .end(shared.end.into())
                .status(status)
                .build()
                .ok()?;
            run.dependencies = shared.dependencies;
            share!(run, shared, error, git, metrics, node, parameters, queue_time, tags);
            Some(run)
        })
        .boxed()
}

fn finished_job() -> BoxedStrategy<FinishedJob> {
    let status = one_of::<JobStatus>(JobStatus::VALUES);
    (shared(), string(), status)
        .prop_filter_map(BUILT, |(shared, url, status)| {
            let [id, name, pipeline, unique_id] = shared.strings;
            let mut run = FinishedJob::builder()
                .id(id)
                .name(name)
                .pipeline_name(pipeline)
                .pipeline_unique_id(unique_id)
                .start(shared.start.into())
                .end(shared.end.into())
                .status(status)
                .url(url)
                .build()
                .ok()?;
            run.dependencies = shared.dependencies;
            [run.stage_id, run.stage_name, ..] = shared.more;
            share!(run, shared, error, git, metrics, node, parameters, queue_time, tags);
            Some(run)
        })
        .boxed()
}

fn running_job() -> BoxedStrategy<RunningJob> {
    let status = one_of::<RunningJobStatus>(RunningJobStatus::VALUES);
    (shared(), string(), status)
        .prop_filter_map(BUILT, |(shared, url, status)| {
            let [id, name, pipeline, unique_id] = shared.strings;
            let mut run = RunningJob::builder()
                .id(id)
                .name(name)
                .pipeline_name(pipeline)
                .pipeline_unique_id(unique_id)
                .start(shared.start.into())
                .url(url)
                .build()
                .ok()?;
            run.status = status;
            run.dependencies = shared.dependencies;
            [run.stage_id, run.stage_name, ..] = shared.more;
            share!(run, shared, error, git, metrics, node, parameters, queue_time, tags);
            Some(run)
        })
        .boxed()
}

fn step() -> BoxedStrategy<Step> {
    let status = one_of::<StepStatus>(StepStatus::VALUES);
    (shared(), status)
        .prop_filter_map(BUILT, |(shared, status)| {
            let [id, name, pipeline, unique_id] = shared.strings;
            let mut run = Step::builder()
                .id(id)
                .name(name)
                .pipeline_name(pipeline)
                .pipeline_unique_id(unique_id)
                .start(shared.start.into())
                .end(shared.end.into())
                .status(status)
                .build()
                .ok()?;
            [run.job_id, run.job_name, run.stage_id, run.stage_name, run.url, _] = shared.more;
            share!(run, shared, error, git, metrics, node, parameters, tags);
            Some(run)
        })
        .boxed()
}

fn resource() -> BoxedStrategy<Resource> {
    let unknown = (string(), value()).prop_filter_map("no JSON", |(level, more)| {
        let json = json!({"level": format!("x-{level}"), "more": more});
        Json::from_value(&json).ok()
    });
    prop_oneof![
        finished_pipeline().prop_map(|run| Pipeline::from(run).into()),
        running_pipeline().prop_map(|run| Pipeline::from(run).into()),
        stage().prop_map(Resource::from),
        finished_job().prop_map(|job| Job::from(job).into()),
        running_job().prop_map(|job| Job::from(job).into()),
        step().prop_map(Resource::from),
        unknown.prop_map(Resource::Unknown),
    ]
    .boxed()
}

pub(super) fn send_data() -> BoxedStrategy<SendData> {
    let strings = (optional_string(), optional_string(), optional_string());
    let attributes = (resource(), strings, additional()).prop_filter_map(
        BUILT,
        |(resource, (env, provider_name, service), additional)| {
            // A builder would validate the values.
            let json = json!({"resource": {}});
            let mut attributes: SendAttributes = serde_json::from_value(json).ok()?;
            attributes.resource = resource;
            attributes.env = env;
            attributes.provider_name = provider_name;
            attributes.service = service;
            attributes.additional_properties = additional;
            Some(attributes)
        },
    );
    let kind = option::of(one_of::<SendDataType>(SendDataType::VALUES));
    (option::weighted(0.9, attributes), kind, additional())
        .prop_filter_map(BUILT, |(attributes, kind, additional)| {
            built!(SendData() {
                attributes: attributes.map(Box::new),
                r#type: kind,
                additional_properties: additional,
            })
        })
        .boxed()
}

/// Any request with one event, several events, no event, or another value.
pub(super) fn send_request() -> BoxedStrategy<SendRequest> {
    let neither = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        string().prop_map(Value::from),
    ];
    let neither = neither.prop_filter_map("no JSON", |value| Json::from_value(&value).ok());
    let data = prop_oneof![
        4 => send_data().prop_map(SendDataSingleOrArray::from),
        3 => vec(send_data(), 0..3).prop_map(SendDataSingleOrArray::from),
        1 => neither.prop_map(SendDataSingleOrArray::Unknown),
    ];
    (option::weighted(0.9, data), additional())
        .prop_map(|(data, additional)| {
            built!(SendRequest { data, additional_properties: additional })
        })
        .boxed()
}
