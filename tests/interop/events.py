"""The events that are sent, as classes of the client."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from datadog_api_client.v2 import models as m

NOW = "2026-07-14T10:00:00Z"
"""The time of the intake."""
NINE = datetime(2026, 7, 14, 9, tzinfo=timezone.utc)
"""One hour before `NOW`."""


def git(branch: str = "main") -> m.CIAppGitInfo:
    """Returns Git information."""
    return m.CIAppGitInfo(
        author_email="ada@example.com",
        author_name="Ada",
        author_time="2026-07-14T08:00:00Z",
        branch=branch,
        message="Make it work",
        repository_url="https://github.com/example/app.git",
        sha="0123456789abcdef0123456789abcdef01234567",
    )


def pipeline(unique_id: str, **other: Any) -> m.CIAppPipelineEventFinishedPipeline:
    """Returns a finished pipeline. Defaults to one minute from nine o'clock."""
    properties: dict[str, Any] = {
        "level": m.CIAppPipelineEventPipelineLevel.PIPELINE,
        "name": "deploy",
        "url": f"https://ci.example.com/{unique_id}",
        "start": NINE,
        "end": NINE + timedelta(minutes=1),
        "status": m.CIAppPipelineEventPipelineStatus.SUCCESS,
        "partial_retry": False,
    }
    return m.CIAppPipelineEventFinishedPipeline(unique_id=unique_id, **{**properties, **other})


def running(unique_id: str, **other: Any) -> m.CIAppPipelineEventInProgressPipeline:
    """Returns a running pipeline that started at nine o'clock."""
    return m.CIAppPipelineEventInProgressPipeline(
        unique_id=unique_id,
        level=m.CIAppPipelineEventPipelineLevel.PIPELINE,
        name="deploy",
        url=f"https://ci.example.com/{unique_id}",
        start=NINE,
        status=m.CIAppPipelineEventPipelineInProgressStatus.RUNNING,
        partial_retry=False,
        **other,
    )


def stage(id: str) -> m.CIAppPipelineEventStage:
    """Returns a stage of the pipeline `batch`."""
    return m.CIAppPipelineEventStage(
        level=m.CIAppPipelineEventStageLevel.STAGE,
        id=id,
        name="build",
        status=m.CIAppPipelineEventStageStatus.SUCCESS,
        dependencies=["checkout"],
        **_part(0),
    )


def job(id: str) -> m.CIAppPipelineEventFinishedJob:
    """Returns a failed job of that stage."""
    return m.CIAppPipelineEventFinishedJob(
        level=m.CIAppPipelineEventJobLevel.JOB,
        id=id,
        name="test",
        url="https://ci.example.com/batch/test",
        status=m.CIAppPipelineEventJobStatus.ERROR,
        stage_id="1",
        stage_name="build",
        queue_time=1500,
        error=m.CIAppCIError(
            message="2 tests have failed",
            type="TestFailure",
            domain=m.CIAppCIErrorDomain.USER,
        ),
        node=m.CIAppHostInfo(name="runner-1", labels=["linux", "large"], workspace="/build"),
        **_part(5),
    )


def running_job(id: str) -> m.CIAppPipelineEventInProgressJob:
    """Returns a running job."""
    part = _part(6)
    del part["end"]
    return m.CIAppPipelineEventInProgressJob(
        level=m.CIAppPipelineEventJobLevel.JOB,
        id=id,
        name="package",
        url="https://ci.example.com/batch/package",
        status=m.CIAppPipelineEventJobInProgressStatus.RUNNING,
        **part,
    )


def step(id: str) -> m.CIAppPipelineEventStep:
    """Returns a step of that job."""
    return m.CIAppPipelineEventStep(
        level=m.CIAppPipelineEventStepLevel.STEP,
        id=id,
        name="cargo test",
        status=m.CIAppPipelineEventStepStatus.SUCCESS,
        job_id="2",
        job_name="test",
        url=None,
        **_part(10),
    )


def _part(second: int) -> dict[str, Any]:
    """Returns the common properties of stages, jobs and steps, which take half a minute."""
    start = NINE + timedelta(seconds=second)
    return {
        "pipeline_unique_id": "batch",
        "pipeline_name": "deploy",
        "start": start,
        "end": start + timedelta(seconds=30),
        "git": git(),
        "parameters": m.CIAppPipelineEventParameters(TARGET="x86_64"),
        "tags": ["team:platform", "tier:1"],
        "metrics": ["coverage:81.5"],
    }


def request(*resources: Any, **attributes: Any) -> m.CIAppCreatePipelineEventRequest:
    """Returns a request with the event itself if there is only one, and with an array otherwise.

    The elements of an array are dictionaries, because this version of the client makes `{}` of an
    array of `CIAppCreatePipelineEventRequestData`; see `sending.array_of_data_classes`.
    """
    # Untyped, because the client does not declare that it accepts dictionaries.
    events: list[Any] = [
        {
            "type": m.CIAppCreatePipelineEventRequestDataType.CIPIPELINE_RESOURCE_REQUEST,
            "attributes": m.CIAppCreatePipelineEventRequestAttributes(
                resource=resource, **attributes
            ),
        }
        for resource in resources
    ]
    if len(events) > 1:
        return m.CIAppCreatePipelineEventRequest(data=events)
    return m.CIAppCreatePipelineEventRequest(
        data=m.CIAppCreatePipelineEventRequestData(**events[0])
    )


def runs() -> m.CIAppCreatePipelineEventRequest:
    """Returns six runs of three pipelines. They end every ten minutes from 9:10.

    Their durations are 10, 30, 60, 90, 120 and 180 seconds. The run of `lint` has no commit.
    """
    status = m.CIAppPipelineEventPipelineStatus
    shapes: list[tuple[str, int, Any, str | None]] = [
        ("deploy", 60, status.SUCCESS, "main"),
        ("test", 30, status.SUCCESS, "main"),
        ("deploy", 120, status.ERROR, "main"),
        ("lint", 10, status.CANCELED, None),
        ("test", 90, status.SUCCESS, "topic"),
        ("deploy", 180, status.SUCCESS, "main"),
    ]
    resources = []
    for index, (name, seconds, outcome, branch) in enumerate(shapes):
        end = NINE + timedelta(minutes=10 * (index + 1))
        commit = {"git": git(branch)} if branch else {}
        resources.append(
            pipeline(
                f"run-{index}",
                name=name,
                status=outcome,
                start=end - timedelta(seconds=seconds),
                end=end,
                **commit,
            )
        )
    return request(*resources)
