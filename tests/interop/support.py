"""Helpers of the checks: clients of the intake, its control interface, and assertions."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any, Iterable
from urllib.parse import urlsplit

from datadog_api_client import ApiClient, Configuration
from datadog_api_client.exceptions import ApiException
from datadog_api_client.model_utils import ModelComposed, OpenApiModel, UnparsedObject
from datadog_api_client.v2.api.ci_visibility_pipelines_api import CIVisibilityPipelinesApi

SECONDS = 30
"""The timeout of a request."""


@dataclass(frozen=True)
class Intake:
    """The intake that the client is checked with."""

    url: str
    api_key: str
    app_key: str

    @property
    def authority(self) -> str:
        """The host and the port."""
        return urlsplit(self.url).netloc

    def configuration(self, **settings: Any) -> Configuration:
        """Returns a configuration that uses the variables of the second server."""
        return self.located(
            server_index=1,
            server_variables={"name": self.authority, "protocol": "http"},
            **settings,
        )

    def located(self, **settings: Any) -> Configuration:
        """Returns a configuration with these settings."""
        credentials = {"apiKeyAuth": self.api_key, "appKeyAuth": self.app_key}
        return Configuration(**{"api_key": credentials, "request_timeout": SECONDS, **settings})

    def api(self, **settings: Any) -> CIVisibilityPipelinesApi:
        """Returns a client."""
        return CIVisibilityPipelinesApi(ApiClient(self.configuration(**settings)))

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request to the control interface."""
        data = None if method == "GET" else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_intake{path}", method=method, data=data)
        request.add_header("Content-Type", "application/json")
        request.add_header("DD-API-KEY", self.api_key)
        request.add_header("DD-APPLICATION-KEY", self.app_key)
        # Without proxies of the environment, because the intake is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=SECONDS) as response:
            return json.load(response)

    def begin(self, now: str | None) -> None:
        """Resets the intake and sets its time. Defaults to the system time."""
        self.control("POST", "/reset")
        self.control("PUT", "/clock", {"now": now} if now else None)

    def events(self) -> list[dict[str, Any]]:
        """Returns the stored events, not in the format of the API."""
        return list(self.control("GET", "/events")["data"])

    def statuses(self) -> list[int | None]:
        """Returns the statuses of all requests so far. `None` if the connection was closed."""
        return [request["status"] for request in self.control("GET", "/requests")["data"]]


def expect(what: str, actual: object, expected: object) -> None:
    """Checks that two values and their types are equal. An integer is not a float."""
    is_same = _is_same(actual, expected)
    assert is_same, f"{what}: expected {expected!r}, got {actual!r}"


def _is_same(one: object, other: object) -> bool:
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, list) and isinstance(other, list):
        return all(map(_is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_is_same(one[name], other[name]) for name in one)
    return True


def expect_parsed(what: str, response: object) -> None:
    """Checks that the client has decoded every part of a value."""
    unparsed = list(_unparsed(what, response))
    assert not unparsed, f"the client could not parse {', '.join(unparsed)}"


def _unparsed(path: str, value: object) -> Iterable[str]:
    if isinstance(value, UnparsedObject) or getattr(value, "_unparsed", False):
        yield path
    if isinstance(value, OpenApiModel):
        for name, inner in value._data_store.items():
            yield from _unparsed(f"{path}.{name}", inner)
    if isinstance(value, ModelComposed):
        for inner in value._composed_instances:
            yield from _unparsed(f"{path} as {type(inner).__name__}", inner)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _unparsed(f"{path}.{name}", inner)
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unparsed(f"{path}[{index}]", inner)


def rejected(what: str, status: int, call: Any, **arguments: Any) -> ApiException:
    """Returns the exception of a call that must be rejected."""
    try:
        response = call(**arguments)
    except ApiException as error:
        expect(f"the status of {what}", error.status, status)
        return error
    raise AssertionError(f"{what}: expected status {status}, got {response}")
