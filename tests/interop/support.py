"""What the checks need: clients of the intake, its control interface, and what is expected."""

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
"""No request takes that long."""


@dataclass(frozen=True)
class Intake:
    """The intake that the client is held against."""

    url: str
    api_key: str
    app_key: str

    @property
    def authority(self) -> str:
        """The name and the port."""
        return urlsplit(self.url).netloc

    def configuration(self, **settings: Any) -> Configuration:
        """The settings of a client, which find the intake by the variables of the second server."""
        return self.located(
            server_index=1,
            server_variables={"name": self.authority, "protocol": "http"},
            **settings,
        )

    def located(self, **settings: Any) -> Configuration:
        """The settings of a client, which find the intake however `settings` says."""
        keys = {"apiKeyAuth": self.api_key, "appKeyAuth": self.app_key}
        return Configuration(**{"api_key": keys, "request_timeout": SECONDS, **settings})

    def api(self, **settings: Any) -> CIVisibilityPipelinesApi:
        """A client."""
        return CIVisibilityPipelinesApi(ApiClient(self.configuration(**settings)))

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Asks the control interface."""
        data = None if method == "GET" else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_intake{path}", method=method, data=data)
        # Without the proxies of the environment: the intake is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=SECONDS) as answer:
            return json.load(answer)

    def begin(self, now: str | None) -> None:
        """Empties the intake and sets its clock; without `now`, to the clock of this machine."""
        self.control("POST", "/reset")
        self.control("PUT", "/clock", {"now": now} if now else None)

    def events(self) -> list[dict[str, Any]]:
        """Every event that the intake has, not as the API shows them."""
        return list(self.control("GET", "/events")["data"])

    def statuses(self) -> list[int | None]:
        """The status of each request to the API so far; none where the connection was closed."""
        return [request["status"] for request in self.control("GET", "/requests")["data"]]


def expect(what: str, actual: object, expected: object) -> None:
    """Fails unless two values are equal, and their types are: an integer is no float."""
    is_same = _is_same(actual, expected)
    assert is_same, f"{what}: expected {expected!r}, but it is {actual!r}"


def _is_same(one: object, other: object) -> bool:
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, list) and isinstance(other, list):
        return all(map(_is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_is_same(one[name], other[name]) for name in one)
    return True


def expect_parsed(what: str, answer: object) -> None:
    """Fails where the client has understood only that there is something."""
    unparsed = list(_unparsed(what, answer))
    assert not unparsed, f"the client could not parse {', '.join(unparsed)}"


def _unparsed(place: str, value: object) -> Iterable[str]:
    if isinstance(value, UnparsedObject) or getattr(value, "_unparsed", False):
        yield place
    if isinstance(value, OpenApiModel):
        for name, inner in value._data_store.items():
            yield from _unparsed(f"{place}.{name}", inner)
    if isinstance(value, ModelComposed):
        for inner in value._composed_instances:
            yield from _unparsed(f"{place} as {type(inner).__name__}", inner)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _unparsed(f"{place}.{name}", inner)
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unparsed(f"{place}[{index}]", inner)


def refused(what: str, status: int, call: Any, **arguments: Any) -> ApiException:
    """The exception of a call that must be refused."""
    try:
        answer = call(**arguments)
    except ApiException as error:
        expect(f"the status of {what}", error.status, status)
        return error
    raise AssertionError(f"{what}: expected a refusal with {status}, but it was answered {answer}")
