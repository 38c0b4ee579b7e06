"""What was asked of an API server, by its own audit log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .server import wait_for

_RECEIVED = "RequestReceived"


@dataclass(frozen=True)
class Request:
    """One request, and the code of its answer.

    A request for discovery, or for the server's version or health, has no resource.
    """

    user: str
    verb: str
    path: str
    code: int
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""

    @property
    def kind(self) -> str:
        """The resource as RBAC's messages write it, such as `deployments.apps`."""
        return f"{self.resource}.{self.group}" if self.group else self.resource


def requests(log: Path, user: str) -> list[Request]:
    """All that a user has asked for until now, in the order in which it was received.

    The server writes each request down before it answers, but its end only some time after
    the answer. So this waits until all have ended. Raises TimeoutError where one does not.
    """
    found: list[list[dict[str, Any]]] = []

    def all_ended() -> bool:
        found[:] = _requests_of(log, user)
        return all(len(events) > 1 for events in found)

    wait_for(f"the requests of {user} have ended", all_ended, seconds=10)
    return [_request(events) for events in found]


def _requests_of(log: Path, user: str) -> list[list[dict[str, Any]]]:
    """A user's requests, each as the events that tell of it."""
    by_request: dict[str, list[dict[str, Any]]] = {}
    for event in _events(log):
        if event["user"].get("username") == user:
            by_request.setdefault(event["auditID"], []).append(event)
    return list(by_request.values())


def _events(log: Path) -> Iterator[dict[str, Any]]:
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)


def _request(events: list[dict[str, Any]]) -> Request:
    received, ended = events[0], events[-1]
    assert received["stage"] == _RECEIVED
    about = received.get("objectRef", {})
    return Request(
        user=received["user"]["username"],
        verb=received["verb"],
        path=received["requestURI"],
        code=ended.get("responseStatus", {}).get("code", 0),
        group=about.get("apiGroup", ""),
        resource=about.get("resource", ""),
        subresource=about.get("subresource", ""),
        namespace=about.get("namespace", ""),
        name=about.get("name", ""),
    )
