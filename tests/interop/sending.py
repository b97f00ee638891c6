"""The intake stores the events that the client sends."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from datadog_api_client import ApiClient
from datadog_api_client.v2 import models as m
from datadog_api_client.v2.api.ci_visibility_pipelines_api import CIVisibilityPipelinesApi

import events
from support import Intake, expect, rejected


def finished_pipeline(intake: Intake) -> None:
    """one finished pipeline, with the system time: 202, and all attributes are stored"""
    intake.begin(now=None)
    end = datetime.now(timezone.utc)
    sent = events.pipeline(
        "one", start=end - timedelta(seconds=90), end=end, git=events.git(), is_manual=True
    )
    body = events.request(sent, env="prod", provider_name="example", service="ci-1")
    api = intake.api(return_http_data_only=False)
    response, status, headers = api.create_ci_app_pipeline_event(body=body)
    expect("the response", response, {"data": None})
    expect("the status", status, 202)
    expect("the content type", headers["content-type"], "application/vnd.api+json")

    stored = _only(intake)
    expect("ci_level", stored["ci_level"], "pipeline")
    for path, value in {
        "ci.pipeline.id": "one",
        "ci.pipeline.name": "deploy",
        "ci.provider.name": "example",
        "ci.provider.instance": "ci-1",
        "ci.status": "success",
        "ci.is_manual": True,
        "duration": 90_000_000_000,
        "env": "prod",
        "git.branch": "main",
        "git.commit.author.email": "ada@example.com",
        "git.repository.id": "github.com/example/app",
    }.items():
        expect(path, _at(stored, path), value)


def running_then_finished(intake: Intake) -> None:
    """a running pipeline, then its end: one event with the last status"""
    intake.begin(events.NOW)
    api = intake.api()
    api.create_ci_app_pipeline_event(body=events.request(events.running("one")))
    expect("the status at first", _at(_only(intake), "ci.status"), "running")
    api.create_ci_app_pipeline_event(body=events.request(events.pipeline("one")))
    stored = _only(intake)
    expect("the status at last", _at(stored, "ci.status"), "success")
    expect("the duration", _at(stored, "duration"), 60_000_000_000)


def array_of_levels(intake: Intake) -> None:
    """an array of a pipeline, a stage, a finished and a running job, and a step"""
    intake.begin(events.NOW)
    intake.api().create_ci_app_pipeline_event(
        body=events.request(
            events.pipeline("batch"),
            events.stage("1"),
            events.job("2"),
            events.running_job("4"),
            events.step("3"),
        )
    )
    stored = intake.events()
    levels = [event["ci_level"] for event in stored]
    expect("the levels", levels, ["pipeline", "stage", "job", "job", "step"])
    paths = {1: "ci.stage.name", 2: "ci.job.name", 4: "ci.step.name"}
    names = [_at(stored[index], path) for index, path in paths.items()]
    expect("the names", names, ["build", "test", "cargo test"])
    job = stored[2]
    for path, value in {
        "ci.pipeline.id": "batch",
        "ci.stage.id": "1",
        "ci.status": "error",
        "ci.node.labels": ["linux", "large"],
        "ci.parameters": ["TARGET:x86_64"],
        "error.type": "TestFailure",
        "error.domain": "user",
        "coverage": 81.5,
        "team": "platform",
    }.items():
        expect(path, _at(job, path), value)
    expect("the status of the running job", _at(stored[3], "ci.status"), "running")


def array_of_data_classes(intake: Intake) -> None:
    """an array of the data class, which the client sends as `{"data": {}}`: rejected, not lost"""
    intake.begin(events.NOW)
    data = [events.request(events.pipeline(id)).data for id in ("one", "two")]
    body = m.CIAppCreatePipelineEventRequest(data=data)
    assert body._unparsed, (
        "this version of the client sends arrays of its data class correctly: "
        "use that class in events.request"
    )
    rejected("an empty event", 400, intake.api().create_ci_app_pipeline_event, body=body)
    expect("the events", intake.events(), [])


def compressed(intake: Intake) -> None:
    """requests that the client compresses with gzip, deflate and zstd"""
    intake.begin(events.NOW)
    for encoding in ("gzip", "deflate", "zstd1"):
        with ApiClient(intake.configuration()) as client:
            client.set_default_header("Content-Encoding", encoding)
            CIVisibilityPipelinesApi(client).create_ci_app_pipeline_event(
                body=events.request(events.pipeline(encoding))
            )
    sent = [_at(event, "ci.pipeline.id") for event in intake.events()]
    expect("the ids", sent, ["gzip", "deflate", "zstd1"])


def many(intake: Intake) -> None:
    """an array of 1000 events is accepted, one of 1001 is rejected"""
    intake.begin(events.NOW)
    api = intake.api()
    some = events.request(*(events.step(f"{index}") for index in range(1001)))
    error = rejected("1001 events", 400, api.create_ci_app_pipeline_event, body=some)
    assert "1000" in error.body["errors"][0]["detail"], f"the reason is {error.body}"
    expect("the number of events", len(intake.events()), 0)
    some.data.pop()
    api.create_ci_app_pipeline_event(body=some)
    expect("the number of events", len(intake.events()), 1000)


def _only(intake: Intake) -> dict[str, Any]:
    stored = intake.events()
    expect("the number of events", len(stored), 1)
    return stored[0]


def _at(event: dict[str, Any], path: str) -> Any:
    """Returns the value at a path, such as `ci.status`."""
    value: Any = event["attributes"]
    for name in path.split("."):
        assert isinstance(value, dict) and name in value, f"the event has no {path}: {event}"
        value = value[name]
    return value


CHECKS = [
    finished_pipeline,
    running_then_finished,
    array_of_levels,
    array_of_data_classes,
    compressed,
    many,
]
