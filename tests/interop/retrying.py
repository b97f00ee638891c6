"""The client retries requests that the intake fails on purpose."""

from __future__ import annotations

import time
from typing import Any

from datadog_api_client.exceptions import ApiException

import events
from support import Intake, expect, rejected


def server_errors(intake: Intake) -> None:
    """500, 503 and 504 once each: sent again, and stored once"""
    intake.begin(events.NOW)
    for status in (500, 503, 504):
        intake.control("POST", "/faults", [{"status": {"status": status}}])
        body = events.request(events.pipeline(f"after-{status}"))
        intake.api(enable_retry=True).create_ci_app_pipeline_event(body=body)
    expect("the statuses", intake.statuses(), [500, 202, 503, 202, 504, 202])
    expect("the number of events", len(intake.events()), 3)


def without_retries(intake: Intake) -> None:
    """without retries, a failure is an exception of the client"""
    intake.begin(events.NOW)
    intake.control("POST", "/faults", [{"status": {"status": 503}}])
    error = rejected("a fault", 503, intake.api().list_ci_app_pipeline_events)
    assert isinstance(error, ApiException) and error.body["errors"], f"the body is {error.body}"
    expect("the statuses", intake.statuses(), [503])


def lost_connections(intake: Intake) -> None:
    """a connection that is closed without a response: a list is retried"""
    intake.begin(events.NOW)
    intake.control("POST", "/faults", ["drop"])
    page = intake.api(enable_retry=True).list_ci_app_pipeline_events()
    expect("the events", page.data, [])
    expect("the statuses", intake.statuses(), [None, 200])


def rate_limit(intake: Intake) -> None:
    """429 with rate limit headers: the client waits as long as they specify"""
    intake.begin(events.NOW)
    intake.control("PUT", "/rate-limit", {"limit": 2, "period": 2})
    # Untyped, because the client does not declare that it returns status and headers.
    api: Any = intake.api(enable_retry=True, return_http_data_only=False)
    started = time.monotonic()
    remaining = []
    for _ in range(3):
        _, _, headers = api.list_ci_app_pipeline_events()
        expect("the limit", headers["x-ratelimit-limit"], "2")
        expect("the period", headers["x-ratelimit-period"], "2")
        assert headers["x-ratelimit-name"], "the limit has a name"
        assert 0 <= int(headers["x-ratelimit-reset"]) <= 2, f"{headers}"
        remaining.append(headers["x-ratelimit-remaining"])
    expect("the remaining requests", remaining, ["1", "0", "1"])
    expect("the statuses", intake.statuses(), [200, 200, 429, 200])
    waited = time.monotonic() - started
    assert 1 <= waited < 10, f"it took {waited:.1f} s for a limit of two in two seconds"

    api = intake.api()
    api.list_ci_app_pipeline_events()
    error = rejected("one too many", 429, api.list_ci_app_pipeline_events)
    expect("the remaining requests of the error", error.headers["x-ratelimit-remaining"], "0")


def rate_limit_between_pages(intake: Intake) -> None:
    """a rate limit between two pages: the client waits, and returns every event once"""
    intake.begin(events.NOW)
    intake.api().create_ci_app_pipeline_event(body=events.runs())
    intake.control("PUT", "/rate-limit", {"limit": 2, "period": 1, "retry_after": True})
    pages = intake.api(enable_retry=True).list_ci_app_pipeline_events_with_pagination(
        filter_from=events.NINE, page_limit=2
    )
    found = [event.attributes.attributes["ci"]["pipeline"]["id"] for event in pages]
    expect("the events", found, [f"run-{index}" for index in (5, 4, 3, 2, 1, 0)])
    assert 429 in intake.statuses(), f"the statuses are {intake.statuses()}"


CHECKS = [server_errors, without_retries, lost_connections, rate_limit, rate_limit_between_pages]
