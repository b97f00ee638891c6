use serde_json::{Value, json};

use super::facts::{Fact, Facts, Vocabulary};
use super::{SentEvent, attributes};

/// Returns the attributes of a request with a resource that has these properties.
fn sent(level: &str, more: Value) -> Value {
    let mut resource = json!({
        "level": level, "name": "own", "url": "https://ci.example/1", "status": "success",
        "start": "2024-08-22T11:36:29-07:00", "end": "2024-08-22T11:36:31.5-07:00",
    });
    if let (Value::Object(resource), Value::Object(more)) = (&mut resource, more) {
        resource.extend(more);
    }
    json!({"service": "ci-1", "env": "test", "resource": resource})
}

/// Returns the event attributes of such a request.
fn event(level: &str, more: Value) -> Value {
    let json = sent(level, more).to_string();
    let sent = serde_json::from_str(&json).unwrap();
    Value::Object(attributes(SentEvent::new(&sent).unwrap()))
}

fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    value.pointer(&format!("/{}", path.replace('.', "/"))).unwrap_or(&Value::Null)
}

fn expect(event: &Value, rows: &[(&str, Value)]) {
    for (path, expected) in rows {
        assert_eq!(at(event, path), expected, "{path} of {event:#}");
    }
}

#[test]
fn names_ids_and_urls_of_every_level() {
    let within = json!({"id": "7", "pipeline_unique_id": "p", "pipeline_name": "deploy"});
    expect(
        &event("pipeline", json!({"unique_id": "p"})),
        &[
            ("ci.pipeline.name", json!("own")),
            ("ci.pipeline.id", json!("p")),
            ("ci.pipeline.url", json!("https://ci.example/1")),
            ("ci.status", json!("success")),
            ("_top_level", json!(1)),
        ],
    );
    for level in ["stage", "job", "step"] {
        expect(
            &event(level, within.clone()),
            &[
                ("ci.pipeline.name", json!("deploy")),
                ("ci.pipeline.id", json!("p")),
                (&format!("ci.{level}.name"), json!("own")),
                (&format!("ci.{level}.id"), json!("7")),
                ("_top_level", Value::Null),
                ("ci.partial_pipeline", Value::Null),
            ],
        );
    }
    expect(
        &event("step", json!({"job_id": "j", "stage_name": "s"})),
        &[("ci.job.id", json!("j")), ("ci.stage.name", json!("s"))],
    );
}

#[test]
fn the_number_of_a_pipeline_is_an_integer_if_it_is_sent_as_one() {
    for (sent, expected) in [
        ("4218", json!(4218)),
        ("-7", json!(-7)),
        ("007", json!("007")),
        ("+7", json!("+7")),
        ("1.0", json!("1.0")),
        ("10000000000000000000", json!("10000000000000000000")),
        ("run 7", json!("run 7")),
        ("", json!("")),
    ] {
        let event = event("pipeline", json!({"unique_id": "p", "pipeline_id": sent}));
        expect(&event, &[("ci.pipeline.number", expected), ("ci.pipeline.id", json!("p"))]);
    }
    let id = event("pipeline", json!({"unique_id": "7"}));
    expect(&id, &[("ci.pipeline.id", json!("7"))]);
}

#[test]
fn provider_service_and_env() {
    expect(
        &event("job", json!({})),
        &[
            ("ci.provider.name", json!("custom")),
            ("ci.provider.instance", json!("ci-1")),
            ("env", json!("test")),
        ],
    );
}

#[test]
fn start_duration_and_queue_time_are_nanoseconds() {
    expect(
        &event("job", json!({"queue_time": 1004})),
        &[
            ("start", json!(1_724_351_789_000_000_000_i64)),
            ("duration", json!(2_500_000_000_i64)),
            ("ci.queue_time", json!(1_004_000_000)),
        ],
    );
    let running = event("job", json!({"end": null, "status": "running"}));
    expect(&running, &[("duration", Value::Null), ("ci.status", json!("running"))]);
}

#[test]
fn partial_and_downstream_pipelines() {
    let part = |more| at(&event("pipeline", more), "ci.partial_pipeline").clone();
    assert_eq!(part(json!({"partial_retry": false})), Value::Null);
    assert_eq!(part(json!({"partial_retry": true})), json!("retry"));
    assert_eq!(part(json!({"status": "blocked"})), json!("paused"));
    assert_eq!(part(json!({"is_resumed": true})), json!("resumed"));
    assert_eq!(
        part(json!({"is_resumed": true, "status": "blocked"})),
        json!(["paused", "resumed"])
    );
    expect(
        &event("pipeline", json!({"parent_pipeline": {"id": "x"}, "is_manual": true})),
        &[("ci.pipeline.downstream", json!(true)), ("ci.is_manual", json!(true))],
    );
}

#[test]
fn git_and_derived_attributes() {
    let git = json!({"git": {
        "repository_url": "https://github.com/DataDog/repo.git", "sha": "abc", "message": "m",
        "author_name": "a", "author_email": "a@b", "author_time": "2024-08-22T18:36:29.5Z",
        "committer_name": "c", "committer_email": "c@b", "commit_time": "yesterday",
        "branch": "main", "tag": null, "default_branch": "dev",
    }});
    expect(
        &event("pipeline", git),
        &[
            ("git.repository_url", json!("https://github.com/DataDog/repo.git")),
            ("git.repository.id", json!("github.com/DataDog/repo")),
            ("git.repository.name", json!("DataDog/repo")),
            ("git.repository.host", json!("github.com")),
            ("git.repository.path", json!("/DataDog/repo.git")),
            ("git.repository.scheme", json!("https")),
            ("git.commit.sha", json!("abc")),
            ("git.commit.message", json!("m")),
            ("git.commit.author.name", json!("a")),
            ("git.commit.author.email", json!("a@b")),
            ("git.commit.author.date", json!("2024-08-22T18:36:29.5Z")),
            ("git.commit.author.date_timestamp", json!(1_724_351_789_500_i64)),
            ("git.commit.committer.name", json!("c")),
            ("git.commit.committer.email", json!("c@b")),
            ("git.commit.committer.date", json!("yesterday")),
            ("git.commit.committer.date_timestamp", Value::Null),
            ("git.branch", json!("main")),
            ("git.tag", Value::Null),
            ("git.default_branch", json!("dev")),
        ],
    );
}

#[test]
fn node_parameters_and_error() {
    let more = json!({
        "node": {"name": "n", "workspace": "/w", "labels": ["a", "b"]},
        "parameters": {"K": "V", "L": ""},
        "error": {"message": "m", "type": "t", "stack": "s", "domain": "user"},
    });
    expect(
        &event("job", more),
        &[
            ("ci.node.name", json!("n")),
            ("ci.workspace_path", json!("/w")),
            ("ci.node.labels", json!(["a", "b"])),
            ("ci.parameters", json!(["K:V", "L:"])),
            ("error.message", json!("m")),
            ("error.type", json!("t")),
            ("error.stack", json!("s")),
            ("error.domain", json!("user")),
        ],
    );
}

#[test]
fn tags_and_metrics_are_custom_attributes() {
    let event = event(
        "job",
        json!({
            "tags": ["team:a", "team:b", "env:mine", "ci.status:mine", "ci:mine", "x.y:z", "bare"],
            "metrics": ["lines:3", "ratio:0.5", "bad:many", "team:1"],
        }),
    );
    expect(
        &event,
        &[
            ("team", json!([1.0, "a", "b"])),
            ("env", json!("test")),
            ("ci.status", json!("success")),
            ("lines", json!(3.0)),
            ("ratio", json!(0.5)),
            ("bad", Value::Null),
            ("bare", Value::Null),
        ],
    );
    assert_eq!(event["x.y"], "z");
    assert!(event["ci"].is_object());
}

/// Formats the facts of an event, sorted.
fn formatted(facts: &Facts, vocabulary: &Vocabulary) -> Vec<String> {
    let mut formatted: Vec<String> = facts
        .iter()
        .map(|(name, fact)| {
            let value = match fact {
                Fact::String(symbol) => format!("{:?}", vocabulary.strings.resolve(symbol)),
                other => format!("{other:?}"),
            };
            format!("{}={value}", vocabulary.names.resolve(name))
        })
        .collect();
    formatted.sort();
    formatted
}

#[test]
fn searchable_facts_equal_the_attributes_in_responses() {
    let more = json!({
        "id": "7", "unique_id": "u", "pipeline_unique_id": "p", "is_manual": true, "queue_time": 3,
        "git": {"repository_url": "https://github.com/a/b.git", "sha": null, "author_time": "2024-08-22"},
        "node": {"labels": []}, "parameters": {"K": "V", "L": ""}, "dependencies": ["a", "b"],
        "previous_attempt": {"id": "x", "url": "y"}, "is_resumed": true, "partial_retry": true,
        "tags": [
            "ci:1", "ci.status:2", "team:a", "team:b", "a.b:1", "a:2", "env:x", "env.x:3", "bare",
            "ci.node.labels:4", "ci.pipeline.previous_attempt.id:5", "git.repository.x:6",
        ],
        "metrics": ["lines:3", "team:1", "bad:x", "huge:1e999"],
    });
    for level in ["pipeline", "stage", "job", "step"] {
        let json = sent(level, more.clone()).to_string();
        let sent = serde_json::from_str(&json).unwrap();
        let sent = SentEvent::new(&sent).unwrap();
        let mut vocabulary = Vocabulary::default();
        let flat = Facts::from_event(sent, &mut vocabulary);
        let tags = sent.tags().filter_map(|tag| tag.split_once(':'));
        let reserved = [("env", "test"), ("service", "ci-1"), ("ci_level", level)];
        let tree = attributes(sent);
        let flattened = Facts::from_json(&tree, tags.chain(reserved), &mut vocabulary);
        assert_eq!(formatted(&flat, &vocabulary), formatted(&flattened, &vocabulary));
    }
}
