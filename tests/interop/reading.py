"""Events are listed and searched in pages."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Any, Callable, Iterable

from datadog_api_client import ApiClient, AsyncApiClient, Configuration, ThreadedApiClient
from datadog_api_client.v2 import models as m
from datadog_api_client.v2.api.ci_visibility_pipelines_api import CIVisibilityPipelinesApi

import events
from support import SECONDS, Intake, expect, expect_parsed

WINDOW: dict[str, Any] = {"filter_from": events.NINE, "filter_to": events.NINE + timedelta(hours=2)}


def listed(intake: Intake) -> None:
    """a list: typed events, metadata, a link and a cursor"""
    newest_first = _begin(intake)
    page = intake.api().list_ci_app_pipeline_events(page_limit=2, **WINDOW)
    expect_parsed("the page", page)
    expect("the type", type(page), m.CIAppPipelineEventsResponse)
    expect("the ids", [event.id for event in page.data], newest_first[:2])
    first = page.data[0]
    expect("the type of an event", first.type, m.CIAppPipelineEventTypeName.CIPIPELINE)
    expect("the level", first.attributes.ci_level, m.CIAppPipelineLevel.PIPELINE)
    attributes = first.attributes.attributes
    expect("the duration", attributes["duration"], 180_000_000_000)
    expect("the start", attributes["start"], 1_784_023_020_000_000_000)
    expect("the name", attributes["ci"]["pipeline"]["name"], "deploy")
    expect("the status of the response", page.meta.status, m.CIAppResponseStatus.DONE)
    expect("the type of the request id", type(page.meta.request_id), str)
    expect("the type of the elapsed time", type(page.meta.elapsed), int)
    assert page.meta.page.after, "a page that is not the last has a cursor"
    start = f"{intake.url}/api/v2/ci/pipelines/events?"
    assert page.links.next.startswith(start), f"links.next is {page.links.next}"

    rest = intake.api().list_ci_app_pipeline_events(
        page_limit=1000, page_cursor=page.meta.page.after, **WINDOW
    )
    expect_parsed("the rest", rest)
    expect("the ids of the rest", [event.id for event in rest.data], newest_first[2:])


def listed_by_page(intake: Intake) -> None:
    """all pages of a list: each event once, newest and oldest first"""
    newest_first = _begin(intake)
    _pages(
        newest_first,
        lambda limit, sort: intake.api().list_ci_app_pipeline_events_with_pagination(
            page_limit=limit, **WINDOW, **sort
        ),
    )


def searched_by_page(intake: Intake) -> None:
    """all pages of a search: each event once, newest and oldest first"""
    newest_first = _begin(intake)
    _pages(
        newest_first,
        lambda limit, sort: intake.api().search_ci_app_pipeline_events_with_pagination(
            body=_search("*", limit=limit, **sort)
        ),
    )


def searched(intake: Intake) -> None:
    """searches: attributes, levels, ranges, phrases, negations, missing facets"""
    _begin(intake)
    for query, expected in {
        "ci_level:pipeline": [5, 4, 3, 2, 1, 0],
        "ci_level:job": [],
        "@ci.pipeline.name:deploy": [5, 2, 0],
        "@ci.pipeline.name:deploy @ci.status:success": [5, 0],
        "@ci.pipeline.name:(test OR lint)": [4, 3, 1],
        "-@ci.status:success": [3, 2],
        "@duration:[60000000000 TO 120000000000]": [4, 2, 0],
        "@duration:>=2m": [5, 2],
        "-@git.branch:*": [3],
        "@ci.pipeline.name:de*": [5, 2, 0],
        '@git.commit.message:"Make it work" @git.branch:topic': [4],
    }.items():
        page = intake.api().search_ci_app_pipeline_events(body=_search(query))
        expect_parsed(query, page)
        ids = [event.attributes.attributes["ci"]["pipeline"]["id"] for event in page.data]
        expect(query, ids, [f"run-{index}" for index in expected])


def nothing_found(intake: Intake) -> None:
    """no results: no events, no cursor, no link, and one page"""
    _begin(intake)
    page = intake.api().search_ci_app_pipeline_events(body=_search("@ci.status:blocked"))
    expect_parsed("the page", page)
    expect("the events", page.data, [])
    assert "page" not in page.meta, f"meta.page is {page.meta.page}"
    assert "links" not in page, f"links is {page.links}"
    pages = intake.api().search_ci_app_pipeline_events_with_pagination(
        body=_search("@ci.status:blocked", limit=2)
    )
    expect("the events of all pages", list(pages), [])


def defaults(intake: Intake) -> None:
    """defaults: the last 15 minutes; and every format of a time"""
    _begin(intake)
    page = intake.api().list_ci_app_pipeline_events()
    expect("the number of events", len(page.data), 2)
    page = intake.api().search_ci_app_pipeline_events()
    expect("the number of events without a body", len(page.data), 2)
    for start in ("now-25m", "1784021700000", "2026-07-14T11:35:00+02:00"):
        found = m.CIAppPipelinesQueryFilter(_from=start, to="now", query="*")
        page = intake.api().search_ci_app_pipeline_events(
            body=m.CIAppPipelineEventsRequest(filter=found)
        )
        expect(f"the number of events from {start}", len(page.data), 3)


def other_addresses(intake: Intake) -> None:
    """other configurations: `host`, a server for an operation, credentials from the environment"""
    newest_first = _begin(intake)
    by_setter = intake.located()
    by_setter.host = intake.url
    variables = {"name": intake.authority, "protocol": "http"}
    operation = "list_ci_app_pipeline_events"
    by_operation = intake.located(
        server_operation_index={operation: 1}, server_operation_variables={operation: variables}
    )
    os.environ.update(DD_API_KEY=intake.api_key, DD_APP_KEY=intake.app_key, DD_SITE="example.com")
    try:
        by_environment = Configuration(
            server_index=1, server_variables=variables, request_timeout=SECONDS
        )
    finally:
        for variable in ("DD_API_KEY", "DD_APP_KEY", "DD_SITE"):
            del os.environ[variable]
    for name, configuration in {
        "host": intake.located(host=intake.url),
        "host, set later": by_setter,
        "a server for an operation": by_operation,
        "credentials from the environment": by_environment,
    }.items():
        with ApiClient(configuration) as client:
            page = CIVisibilityPipelinesApi(client).list_ci_app_pipeline_events(**WINDOW)
        expect(f"the ids by {name}", [event.id for event in page.data], newest_first)


def threads(intake: Intake) -> None:
    """the client with threads: 20 concurrent requests"""
    newest_first = _begin(intake)
    with ThreadedApiClient(intake.configuration(), pool_threads=8) as client:
        api = CIVisibilityPipelinesApi(client)
        calls = [api.list_ci_app_pipeline_events(**WINDOW) for _ in range(20)]
        for call in calls:
            expect("the ids", [event.id for event in call.get(SECONDS).data], newest_first)


def asynchronous(intake: Intake) -> None:
    """the asynchronous client, which has another HTTP transport: sends, and lists all pages"""

    async def run() -> list[str]:
        async with AsyncApiClient(intake.configuration()) as client:
            # Untyped, because the client declares the return types of its other transport.
            api: Any = CIVisibilityPipelinesApi(client)
            await api.create_ci_app_pipeline_event(body=events.runs())
            pages = api.list_ci_app_pipeline_events_with_pagination(page_limit=2, **WINDOW)
            return [event.id async for event in pages]

    intake.begin(events.NOW)
    found = asyncio.run(run())
    expect("the ids", found, _newest_first(intake))


def _begin(intake: Intake) -> list[str]:
    """Sends the six runs, and returns their ids, newest first."""
    intake.begin(events.NOW)
    intake.api().create_ci_app_pipeline_event(body=events.runs())
    ids = _newest_first(intake)
    expect("the number of events", len(ids), 6)
    return ids


def _newest_first(intake: Intake) -> list[str]:
    return [event["id"] for event in sorted(intake.events(), key=lambda event: -event["timestamp"])]


def _pages(
    newest_first: list[str],
    read: Callable[[int, dict[str, Any]], Iterable[m.CIAppPipelineEvent]],
) -> None:
    """Reads all pages in each order, with page sizes that do and do not divide the total."""
    orders: list[tuple[dict[str, Any], list[str]]] = [
        ({}, newest_first),
        ({"sort": m.CIAppSort.TIMESTAMP_DESCENDING}, newest_first),
        ({"sort": m.CIAppSort.TIMESTAMP_ASCENDING}, newest_first[::-1]),
    ]
    for sort, expected in orders:
        for limit in (2, 4, 1000):
            found = list(read(limit, sort))
            expect_parsed("the events", found)
            expect(f"the ids with {sort}, {limit} a page", [event.id for event in found], expected)


def _search(query: str, limit: int = 10, **other: Any) -> m.CIAppPipelineEventsRequest:
    # Without `page`, the client reads the first page forever, because it cannot set the cursor.
    return m.CIAppPipelineEventsRequest(
        filter=m.CIAppPipelinesQueryFilter(_from="now-1h", to="now", query=query),
        page=m.CIAppQueryPageOptions(limit=limit),
        **other,
    )


CHECKS = [
    listed,
    listed_by_page,
    searched_by_page,
    searched,
    nothing_found,
    defaults,
    other_addresses,
    threads,
    asynchronous,
]
