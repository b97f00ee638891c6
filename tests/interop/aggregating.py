"""Aggregations of the six runs, as types of the client and as JSON."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from datadog_api_client.v2 import models as m

import events
from support import Intake, expect, expect_parsed

FUNCTION = m.CIAppAggregationFunction
COUNT = m.CIAppCompute(aggregation=FUNCTION.COUNT)
SECOND = 1_000_000_000
"""Durations are in nanoseconds."""

Bucket = tuple[dict[str, Any], dict[str, Any]]
"""The group and the computed values."""


def totals(intake: Intake) -> None:
    """count and cardinality are integers, pc95, avg, sum, min, max and median are not"""
    _begin(intake)
    functions = [
        FUNCTION.PERCENTILE_95,
        FUNCTION.AVG,
        FUNCTION.SUM,
        FUNCTION.MIN,
        FUNCTION.MAX,
        FUNCTION.MEDIAN,
    ]
    compute = [
        COUNT,
        m.CIAppCompute(aggregation=FUNCTION.CARDINALITY, metric="@ci.pipeline.name"),
        *(m.CIAppCompute(aggregation=function, metric="@duration") for function in functions),
    ]
    [(by, computes)] = _aggregate(intake, compute)
    expect("the group", by, {})
    expect("the names", list(computes), [f"c{index}" for index in range(8)])
    count, cardinality, pc95, average, total, least, greatest, median = computes.values()
    expect("count", count, 6)
    expect("cardinality", cardinality, 3)
    expect("sum", total, 490.0 * SECOND)
    expect("min", least, 10.0 * SECOND)
    expect("max", greatest, 180.0 * SECOND)
    expect("the type of avg", type(average), float)
    assert abs(average - 490 * SECOND / 6) < 1, f"avg is {average}"
    # The interpolation of percentiles is not documented.
    expect("the type of pc95", type(pc95), float)
    assert 120 * SECOND <= pc95 <= 180 * SECOND, f"pc95 is {pc95}"
    assert 60 * SECOND <= median <= 90 * SECOND, f"median is {median}"


def other_functions(intake: Intake) -> None:
    """most_frequent of a string, earliest and latest, delta, and count of a string facet"""
    _begin(intake)
    [(_, computes)] = _aggregate(
        intake,
        [
            m.CIAppCompute(aggregation=FUNCTION.MOST_FREQUENT, metric="@ci.pipeline.name"),
            m.CIAppCompute(aggregation=FUNCTION.EARLIEST, metric="@duration"),
            m.CIAppCompute(aggregation=FUNCTION.LATEST, metric="@duration"),
            m.CIAppCompute(aggregation=FUNCTION.DELTA, metric="@duration"),
            m.CIAppCompute(aggregation=FUNCTION.COUNT, metric="@git.branch"),
        ],
    )
    expect("most_frequent", computes["c0"], "deploy")
    expect("earliest", computes["c1"], 60.0 * SECOND)
    expect("latest", computes["c2"], 180.0 * SECOND)
    expect("the type of delta", type(computes["c3"]), float)
    expect("count of events with a branch", computes["c4"], 5)


def timeseries(intake: Intake) -> None:
    """timeseries: aligned to the interval, with a time for each point"""
    _begin(intake)
    kind = m.CIAppComputeType.TIMESERIES
    series = [
        m.CIAppCompute(aggregation=FUNCTION.COUNT, type=kind, interval="30m"),
        m.CIAppCompute(aggregation=FUNCTION.MAX, metric="@duration", type=kind, interval="30m"),
    ]
    response, [(by, computes)] = _both(intake, _request(series))
    expect("the group", by, {})
    points = {point["time"]: point["value"] for point in computes["c0"]}
    # The six runs end from 9:10 to 10:00. The last one is in the half hour from 10:00.
    for time, count in {"09:00": 2, "09:30": 3, "10:00": 1}.items():
        expect(f"count at {time}", points.get(f"2026-07-14T{time}:00.000Z"), count)
    greatest = {point["time"]: point["value"] for point in computes["c1"]}
    expect("max at 09:30", greatest.get("2026-07-14T09:30:00.000Z"), 120.0 * SECOND)

    typed = response.data.buckets[0].computes["c0"]
    expect("the type of a series", type(typed), m.CIAppAggregateBucketValueTimeseries)
    times = {point.time: point.value for point in typed.value}
    expect("the type of a time", {type(time) for time in times}, {datetime})
    expect("count at 09:30, typed", times[events.NINE + timedelta(minutes=30)], 3.0)

    grouped = _aggregate(intake, series[:1], [_group("@ci.pipeline.name")])
    names = [by["@ci.pipeline.name"] for by, _ in grouped]
    expect("the groups of a series", names, ["deploy", "lint", "test"])
    # Without an interval, the number of points is limited.
    automatic = m.CIAppCompute(aggregation=FUNCTION.COUNT, type=kind)
    [(_, computes)] = _aggregate(intake, [automatic])
    assert len(computes["c0"]) <= 151, f"{len(computes['c0'])} points without an interval"
    expect("their sum", sum(point["value"] for point in computes["c0"]), 6)


def groups(intake: Intake) -> None:
    """groups: alphabetical, limited, and of two facets as flat rows"""
    _begin(intake)
    found = _aggregate(intake, [COUNT], [_group("@ci.pipeline.name")])
    expect("all", _counts(found), {"deploy": 3, "lint": 1, "test": 2})
    expect("their order", list(_counts(found)), ["deploy", "lint", "test"])
    found = _aggregate(intake, [COUNT], [_group("@ci.pipeline.name", limit=2)])
    expect("the first two", list(_counts(found)), ["deploy", "lint"])
    found = _aggregate(
        intake, [COUNT], [_group("@ci.pipeline.name"), _group("@ci.status", limit=1)]
    )
    expect(
        "the first status of each",
        [list(by.values()) for by, _ in found],
        [["deploy", "error"], ["lint", "canceled"], ["test", "success"]],
    )


def sorted_groups(intake: Intake) -> None:
    """groups sorted by a measure in both orders, and in reverse alphabetical order"""
    _begin(intake)
    ascending, descending = m.CIAppSortOrder.ASCENDING, m.CIAppSortOrder.DESCENDING
    kind = m.CIAppAggregateSortType
    sorts: dict[str, tuple[dict[str, Any], list[str]]] = {
        "count, descending": (
            {"type": kind.MEASURE, "aggregation": FUNCTION.COUNT, "order": descending},
            ["deploy", "test", "lint"],
        ),
        "max of the duration, ascending": (
            {
                "type": kind.MEASURE,
                "aggregation": FUNCTION.MAX,
                "metric": "@duration",
                "order": ascending,
            },
            ["lint", "test", "deploy"],
        ),
        "alphabetical, descending": (
            {"type": kind.ALPHABETICAL, "order": descending},
            ["test", "lint", "deploy"],
        ),
    }
    for name, (sort, expected) in sorts.items():
        group = _group("@ci.pipeline.name", sort=m.CIAppAggregateSort(**sort))
        expect(name, list(_counts(_aggregate(intake, [COUNT], [group]))), expected)
        limited = _group("@ci.pipeline.name", sort=m.CIAppAggregateSort(**sort), limit=1)
        found = _aggregate(intake, [COUNT], [limited])
        expect(f"{name}, the first", list(_counts(found)), expected[:1])


def missing(intake: Intake) -> None:
    """groups of events without the facet: left out, or under a string or a number"""
    _begin(intake)
    known = {"main": 4, "topic": 1}
    replacements: list[tuple[dict[str, Any], dict[Any, int]]] = [
        ({}, {}),
        ({"missing": "none"}, {"none": 1}),
        ({"missing": 7.5}, {7.5: 1}),
    ]
    for setting, extra in replacements:
        found = _counts(_aggregate(intake, [COUNT], [_group("@git.branch", **setting)]))
        expect(f"the groups with {setting}", found, {**known, **extra})


def total(intake: Intake) -> None:
    """a total with the groups: with the default name, with a string, or disabled"""
    _begin(intake)
    known = {"deploy": 3, "lint": 1, "test": 2}
    for setting, extra in ((True, {"$facet_total": 6}), ("all", {"all": 6}), (False, {})):
        found = _counts(_aggregate(intake, [COUNT], [_group("@ci.pipeline.name", total=setting)]))
        expect(f"total={setting!r}", found, {**known, **extra})


def histogram(intake: Intake) -> None:
    """a histogram: the number of events in each range of a measure"""
    _begin(intake)
    ranges = m.CIAppGroupByHistogram(interval=60e9, min=0.0, max=180e9)
    found = _aggregate(intake, [COUNT], [_group("@duration", histogram=ranges)])
    counts = [computes["c0"] for _, computes in found]
    # From 0 to 60 s, to 120 s, to 180 s.
    expect("the counts", counts, [2, 2, 2])
    bounds = [by["@duration"] for by, _ in found]
    expect("the ranges", [float(bound) for bound in bounds], [0.0, 60e9, 120e9])


def nothing_matched(intake: Intake) -> None:
    """no match: no bucket, with and without groups"""
    _begin(intake)
    for group_by in ([], [_group("@ci.pipeline.name")]):
        found = _aggregate(intake, [COUNT], group_by, query="@ci.status:blocked")
        expect("the buckets", found, [])


def options(intake: Intake) -> None:
    """days in a time zone by name, and by an offset in seconds"""
    _begin(intake)
    daily = m.CIAppCompute(
        aggregation=FUNCTION.COUNT, type=m.CIAppComputeType.TIMESERIES, interval="1d"
    )
    # Their day starts nine hours earlier than in UTC.
    for name, setting in {
        "timezone": m.CIAppQueryOptions(timezone="Asia/Tokyo"),
        "time_offset": m.CIAppQueryOptions(time_offset=9 * 3600),
    }.items():
        _, [(_, computes)] = _both(intake, _request([daily], options=setting))
        times = [point["time"] for point in computes["c0"] if point["value"]]
        expect(f"the day by {name}", times, ["2026-07-13T15:00:00.000Z"])


def _begin(intake: Intake) -> None:
    intake.begin(events.NOW)
    intake.api().create_ci_app_pipeline_event(body=events.runs())


def _group(facet: str, **other: Any) -> m.CIAppPipelinesGroupBy:
    return m.CIAppPipelinesGroupBy(facet=facet, **other)


def _request(
    compute: list[m.CIAppCompute],
    group_by: list[m.CIAppPipelinesGroupBy] | None = None,
    query: str = "ci_level:pipeline",
    **other: Any,
) -> m.CIAppPipelinesAggregateRequest:
    if group_by:
        other["group_by"] = group_by
    return m.CIAppPipelinesAggregateRequest(
        compute=compute,
        filter=m.CIAppPipelinesQueryFilter(_from="now-1h", to="now", query=query),
        **other,
    )


def _aggregate(
    intake: Intake, compute: list[m.CIAppCompute], *more: Any, **other: Any
) -> list[Bucket]:
    return _both(intake, _request(compute, *more, **other))[1]


def _both(
    intake: Intake, body: m.CIAppPipelinesAggregateRequest
) -> tuple[m.CIAppPipelinesAnalyticsAggregateResponse, list[Bucket]]:
    """Returns the response as types of the client and as JSON, because the client makes floats."""
    typed = intake.api().aggregate_ci_app_pipeline_events(body=body)
    expect_parsed("the response", typed)
    expect("the status of the response", typed.meta.status, m.CIAppResponseStatus.DONE)
    raw = intake.api(preload_content=False).aggregate_ci_app_pipeline_events(body=body)
    buckets = [(it["by"], it["computes"]) for it in json.loads(raw.data)["data"]["buckets"]]
    expect("the number of typed buckets", len(typed.data.buckets), len(buckets))
    for bucket, (by, computes) in zip(typed.data.buckets, buckets):
        for facet, value in by.items():
            expect(f"{facet}, typed", bucket.by[facet], value)
        for name, value in computes.items():
            if not isinstance(value, list):
                value = float(value) if isinstance(value, int) else value
                expect(f"{name}, typed", bucket.computes[name], value)
    return typed, buckets


def _counts(buckets: list[Bucket]) -> dict[Any, int]:
    """Returns the counts of groups by one facet, in order."""
    return {next(iter(by.values())): computes["c0"] for by, computes in buckets}


CHECKS = [
    totals,
    other_functions,
    timeseries,
    groups,
    sorted_groups,
    missing,
    total,
    histogram,
    nothing_matched,
    options,
]
