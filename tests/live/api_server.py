"""An API server for tests, which answers as the documentation of Kubernetes' API says.

https://kubernetes.io/docs/reference/using-api/api-concepts/ for lists, pages, `continue` and 410;
https://kubernetes.io/docs/concepts/overview/kubernetes-api/ for both forms of discovery.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from auditor.kinds import ALL, Kind

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclass(frozen=True)
class Request:
    """What was asked, as a server's audit log would have it."""

    verb: str
    path: str
    query: Mapping[str, str]
    headers: Message


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    api: ApiServer

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # the client went away, or a fault cut the connection
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        del format, args

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        request = Request(self.command, parts.path, query, self.headers)
        self.api.requests.append(request)
        script = self.api.script.get(parts.path, [])
        fault = script.pop(0) if script else None
        if fault is not None:
            fault(self)
        else:
            self.say(*self.api.answer(request))

    def say(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer, as JSON unless it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust the server, or leaves, is no error of a test."""


Fault = Callable[[Handler], None]


def status(code: int, reason: str, message: str) -> dict[str, Any]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "reason": reason,
        "message": message,
        "code": code,
    }


@dataclass
class ApiServer:
    """What a cluster holds, who may read it, and what goes wrong."""

    objects: dict[Kind, list[dict[str, Any]]] = field(default_factory=dict)
    unserved: set[Kind] = field(default_factory=set)
    aggregated: bool = True
    served_as: dict[str, str] = field(default_factory=dict)
    """The version of a group, v1 where it is not here."""
    refused: Callable[[str, Kind, str, str], bool] = lambda *_: False
    """Whether a verb on a kind is forbidden, in a namespace and with a name or in all of them."""
    token: str = ""
    script: dict[str, list[Fault | None]] = field(default_factory=dict)
    """What happens instead of the next answers for a path."""
    requests: list[Request] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self, tls: ssl.SSLContext | None = None) -> str:
        handler = type("Bound", (Handler,), {"api": self})
        self._server = Server(("127.0.0.1", 0), handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Stop, and look once more at what was asked: nothing may ever be but GET."""
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        assert {request.verb for request in self.requests} <= {"GET"}

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def list_path(self, kind: Kind, namespace: str = "") -> str:
        scope = f"/namespaces/{namespace}" if namespace else ""
        return f"{self._api(kind)}{scope}/{kind.plural}"

    def _api(self, kind: Kind) -> str:
        version = self.served_as.get(kind.group, "v1")
        return f"/apis/{kind.group}/{version}" if kind.group else f"/api/{version}"

    def answer(self, request: Request) -> tuple[int, Any, Mapping[str, str]]:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if self.token and (scheme.lower(), token) != ("bearer", self.token):
            return 401, status(401, "Unauthorized", "Unauthorized"), {}
        if request.path in ("/api", "/apis"):
            return self._discovery(request)
        for kind in ALL:
            if kind in self.unserved:
                continue
            api = self._api(kind)
            if request.path == api:
                return 200, self._resources(kind.group), {}
            if request.path.startswith(f"{api}/"):
                words = request.path.removeprefix(f"{api}/").split("/")
                if kind.namespaced and words[0] == "namespaces" and len(words) > 2:
                    namespace, words = words[1], words[2:]
                else:
                    namespace = ""
                if words[0] == kind.plural and len(words) <= 2:
                    return self._objects(kind, namespace, words[1:], request)
        return 404, b"404 page not found\n", {"Content-Type": "text/plain"}

    def _groups(self, root: str) -> dict[str, list[Kind]]:
        groups: dict[str, list[Kind]] = {}
        for kind in ALL:
            if kind not in self.unserved and bool(kind.group) == (root == "/apis"):
                groups.setdefault(kind.group, []).append(kind)
        return groups

    def _discovery(self, request: Request) -> tuple[int, Any, Mapping[str, str]]:
        groups = self._groups(request.path)
        if self.aggregated and AGGREGATED in request.headers.get("Accept", ""):
            items = [
                {"metadata": {"name": group}, "versions": [self._aggregated(group, kinds)]}
                for group, kinds in groups.items()
            ]
            body = {"kind": "APIGroupDiscoveryList", "items": items}
            return 200, body, {"Content-Type": AGGREGATED}
        if request.path == "/api":
            return 200, {"kind": "APIVersions", "versions": ["v1"]}, {}
        listed = [
            {"name": group, "versions": [{"version": self.served_as.get(group, "v1")}]}
            for group in groups
        ]
        return 200, {"kind": "APIGroupList", "groups": listed}, {}

    def _aggregated(self, group: str, kinds: Sequence[Kind]) -> dict[str, Any]:
        resources = [{"resource": kind.plural, "verbs": ["get", "list"]} for kind in kinds]
        version = self.served_as.get(group, "v1")
        return {"version": version, "resources": resources, "freshness": "Current"}

    def _resources(self, group: str) -> dict[str, Any]:
        kinds = [kind for kind in ALL if kind.group == group and kind not in self.unserved]
        resources = [{"name": kind.plural, "verbs": ["get", "list"]} for kind in kinds]
        return {"kind": "APIResourceList", "resources": resources}

    def _objects(
        self, kind: Kind, namespace: str, names: Sequence[str], request: Request
    ) -> tuple[int, Any, Mapping[str, str]]:
        name = names[0] if names else ""
        verb = "get" if name else "list"
        place = namespace or (name if kind.plural == "namespaces" else "")
        if self.refused(verb, kind, place, name):
            return 403, self._forbidden(verb, kind, namespace, name), {}
        here = [
            it
            for it in self.objects.get(kind, [])
            if namespace in ("", it["metadata"].get("namespace"))
        ]
        version = self._api(kind).removeprefix("/apis/").removeprefix("/api/")
        if name:
            for it in here:
                if it["metadata"]["name"] == name:
                    return 200, {"kind": kind.name, "apiVersion": version, **it}, {}
            return 404, status(404, "NotFound", f'{kind} "{name}" not found'), {}
        return 200, self._page(kind, version, here, request.query), {}

    def _page(
        self, kind: Kind, version: str, things: list[dict[str, Any]], query: Mapping[str, str]
    ) -> dict[str, Any]:
        if selector := query.get("labelSelector"):
            key, value = selector.split("=")
            things = [it for it in things if it["metadata"].get("labels", {}).get(key) == value]
        start = int(query.get("continue", "0"))
        end = start + int(query.get("limit", len(things) or 1))
        metadata: dict[str, Any] = {"resourceVersion": "1"}
        if end < len(things):
            metadata |= {"continue": str(end), "remainingItemCount": len(things) - end}
        items = things[start:end]
        body = {"kind": f"{kind.name}List", "apiVersion": version, "metadata": metadata}
        return {**body, "items": items}

    def _forbidden(self, verb: str, kind: Kind, namespace: str, name: str) -> dict[str, Any]:
        where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
        what = f"{kind} {json.dumps(name)}" if name else str(kind)
        may = f'User "auditor" cannot {verb} resource "{kind.plural}" in API group "{kind.group}"'
        return status(403, "Forbidden", f"{what} is forbidden: {may} {where}")
