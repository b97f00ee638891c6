"""Rejected requests: the error models of the client can decode the responses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from datadog_api_client import ApiClient
from datadog_api_client.exceptions import ApiException, ForbiddenException, UnauthorizedException
from datadog_api_client.model_utils import validate_and_convert_types
from datadog_api_client.v2 import models as m
from datadog_api_client.v2.api.ci_visibility_pipelines_api import CIVisibilityPipelinesApi

import events
from support import Intake, expect, expect_parsed, rejected


def credentials(intake: Intake) -> None:
    """missing and wrong credentials: 401 or 403, and nothing is stored"""
    intake.begin(events.NOW)
    good = {"apiKeyAuth": intake.api_key, "appKeyAuth": intake.app_key}
    body = events.request(events.pipeline("one"))
    error = rejected("no API key", 401, _api(intake, {}).create_ci_app_pipeline_event, body=body)
    expect("the class", type(error), UnauthorizedException)
    _errors_of_sending(error)
    wrong = _api(intake, {"apiKeyAuth": "wrong"})
    error = rejected("a wrong API key", 403, wrong.create_ci_app_pipeline_event, body=body)
    expect("the class", type(error), ForbiddenException)
    _errors_of_sending(error)
    expect("the events", intake.events(), [])
    for name, bad in {
        "no API key": {},
        "no application key": {"apiKeyAuth": intake.api_key},
        "a wrong application key": {**good, "appKeyAuth": "wrong"},
    }.items():
        error = rejected(name, 403, _api(intake, bad).list_ci_app_pipeline_events)
        _errors_of_reading(error)
    # Sending only needs the API key.
    alone = _api(intake, {"apiKeyAuth": intake.api_key})
    alone.create_ci_app_pipeline_event(body=body)
    expect("the number of events", len(intake.events()), 1)


def invalid_events(intake: Intake) -> None:
    """events too old, too long, or with an end before the start: 400, with a pointer"""
    intake.begin(events.NOW)
    api = intake.api()
    old = events.NINE - timedelta(days=1)
    year = timedelta(days=366)
    invalid: dict[str, dict[str, Any]] = {
        "has ended more than 18 hours ago": {"start": old, "end": old},
        "took longer than a year": {"start": events.NINE - year},
        "ends before it starts": {"end": events.NINE - timedelta(seconds=1)},
        "has a branch and a tag": {"git": _with_tag()},
    }
    for name, properties in invalid.items():
        good = events.pipeline("good")
        bad = events.pipeline("bad", **properties)
        error = rejected(
            f"an event that {name}",
            400,
            api.create_ci_app_pipeline_event,
            body=events.request(good, bad),
        )
        details = _errors_of_sending(error)
        assert any("/data/1" in detail for detail in details), f"{name}: no pointer in {details}"
    expect("the events", intake.events(), [])


def invalid_queries(intake: Intake) -> None:
    """invalid queries, cursors and times: 400 with a reason"""
    intake.begin(events.NOW)
    api = intake.api()
    for query in ("@ci.status:(success", "@duration:[1 TO", '"open'):
        error = rejected(query, 400, api.list_ci_app_pipeline_events, filter_query=query)
        _errors_of_reading(error)
        body = m.CIAppPipelineEventsRequest(filter=m.CIAppPipelinesQueryFilter(query=query))
        error = rejected(query, 400, api.search_ci_app_pipeline_events, body=body)
        _errors_of_reading(error)
    error = rejected("a cursor", 400, api.list_ci_app_pipeline_events, page_cursor="bad")
    reason = "input_validation_error(Field 'page' is invalid: invalid cursor)"
    expect("the reason", _errors_of_reading(error), [reason])
    error = rejected(
        "from after to",
        400,
        api.list_ci_app_pipeline_events,
        filter_from=events.NINE,
        filter_to=events.NINE - timedelta(hours=1),
    )
    _errors_of_reading(error)


def invalid_aggregates(intake: Intake) -> None:
    """invalid functions, sorts and options: 400 with a reason"""
    intake.begin(events.NOW)
    count = m.CIAppAggregationFunction.COUNT
    unknown = m.CIAppAggregationFunction("pc42")
    sort = m.CIAppAggregateSort(type=m.CIAppAggregateSortType.MEASURE)
    zones = m.CIAppQueryOptions(timezone="UTC", time_offset=0)
    ranges = m.CIAppGroupByHistogram(interval=1.0, min=0.0, max=101.0)
    invalid: dict[str, dict[str, Any]] = {
        "Unknown aggregation function": {"compute": [m.CIAppCompute(aggregation=unknown)]},
        "compute[1].metric": {
            "compute": [
                m.CIAppCompute(aggregation=count),
                m.CIAppCompute(aggregation=m.CIAppAggregationFunction.AVG),
            ]
        },
        "group_by[0].sort": {
            "compute": [m.CIAppCompute(aggregation=count)],
            "group_by": [m.CIAppPipelinesGroupBy(facet="@ci.status", sort=sort)],
        },
        "100 buckets": {
            "compute": [m.CIAppCompute(aggregation=count)],
            "group_by": [m.CIAppPipelinesGroupBy(facet="@duration", histogram=ranges)],
        },
        "time": {"compute": [m.CIAppCompute(aggregation=count)], "options": zones},
    }
    for reason, request in invalid.items():
        body = m.CIAppPipelinesAggregateRequest(**request)
        error = rejected(reason, 400, intake.api().aggregate_ci_app_pipeline_events, body=body)
        reasons = _errors_of_reading(error)
        assert any(reason in it for it in reasons), f"{reason}: the reasons are {reasons}"


def _api(intake: Intake, api_key: dict[str, str]) -> CIVisibilityPipelinesApi:
    """Returns a client with other credentials."""
    return CIVisibilityPipelinesApi(ApiClient(intake.configuration(api_key=api_key)))


def _with_tag() -> m.CIAppGitInfo:
    git = events.git()
    git.tag = "v1"
    return git


def _errors_of_sending(error: ApiException) -> list[str]:
    """Returns the details of a rejected request to send events."""
    parsed = _parse(error, m.HTTPCIAppErrors)
    assert parsed.errors, f"no error in {error.body}"
    for each in parsed.errors:
        expect("the status in the body", each.status, str(error.status))
        expect("the title", each.title, error.reason)
    return [each.detail for each in parsed.errors]


def _errors_of_reading(error: ApiException) -> list[str]:
    """Returns the reasons of a rejected request to read events."""
    parsed = _parse(error, m.APIErrorResponse)
    assert parsed.errors and all(parsed.errors), f"no reason in {error.body}"
    return list(parsed.errors)


def _parse(error: ApiException, model: type) -> Any:
    """Decodes an error body into a model of the client. The client itself does not."""
    parsed = validate_and_convert_types(error.body, (model,), ["body"], True, True)
    expect_parsed("the errors", parsed)
    return parsed


CHECKS = [credentials, invalid_events, invalid_queries, invalid_aggregates]
