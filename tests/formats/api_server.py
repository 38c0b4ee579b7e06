"""A stand-in API server on this machine, for the real kubectl to read a cluster from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from tests.formats.client_go import served_list, typed
from tests.formats.cluster_state import ClusterState, Manifest, Resource
from tests.formats.container_logs import log_of
from tests.formats.go_printing import go_json

_COLLECTION = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>v[^/]+)"
    r"(?:/namespaces/(?P<namespace>[^/]+))?/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?(?P<log>/log)?"
)
_SHORT_NAMES = {"CustomResourceDefinition": ["crd", "crds"]}
_VERSION = {"major": "1", "minor": "32", "gitVersion": "v1.32.4"}


@contextmanager
def serving(state: ClusterState) -> Iterator[str]:
    """Answers GET requests for a cluster, and PATCH as if nothing changed; gives its URL."""
    answers = _Answers(state)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, content = answers.of(self.path)
            body = content if isinstance(content, bytes) else go_json(content).encode()
            self.send_response(status)
            plain = isinstance(content, bytes)
            self.send_header("Content-Type", "text/plain" if plain else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_PATCH(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing: what a test does not look at, nobody reads."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Answers:
    def __init__(self, state: ClusterState) -> None:
        self.state = state
        self.groups = sorted({(it.group, it.version) for it in state.resources if it.group})

    def of(self, url: str) -> tuple[int, Manifest | bytes]:
        path = urlsplit(url).path.rstrip("/")
        if path == "/version":
            return 200, _VERSION
        if path == "/api":
            return 200, {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            return 200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": self._groups()}
        if path == "/api/v1" or re.fullmatch(r"/apis/[^/]+/[^/]+", path):
            return 200, self._discovery(path.removeprefix("/apis/").removeprefix("/api/"))
        found = _COLLECTION.fullmatch(path)
        return self._objects(**found.groupdict()) if found else _absent(path)

    def _groups(self) -> list[Manifest]:
        groups: dict[str, list[Manifest]] = {}
        for group, version in self.groups:
            said = {"groupVersion": f"{group}/{version}", "version": version}
            groups.setdefault(group, []).append(said)
        return [
            {"name": name, "versions": versions, "preferredVersion": versions[0]}
            for name, versions in groups.items()
        ]

    def _discovery(self, group_version: str) -> Manifest:
        here = [it for it in self.state.resources if it.api_version == group_version]
        return {
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": group_version,
            "resources": [
                {
                    "name": it.plural,
                    "singularName": it.kind.lower(),
                    "namespaced": it.namespaced,
                    "kind": it.kind,
                    "shortNames": _SHORT_NAMES.get(it.kind, []),
                    "verbs": ["get", "list", "patch"],
                }
                for it in here
            ],
        }

    def _objects(
        self,
        group: str | None,
        version: str,
        namespace: str | None,
        plural: str,
        name: str | None,
        log: str | None,
    ) -> tuple[int, Manifest | bytes]:
        if plural == "namespaces" and namespace:
            return _absent(plural)
        resource = self._resource(group or "", version, plural)
        if not resource:
            return _absent(plural)
        if not name:
            return 200, served_list(self.state, resource, namespace)
        same = [it for it in self.state.of(resource, namespace) if it["metadata"]["name"] == name]
        if not same:
            return _absent(name)
        if log:
            containers = same[0]["spec"]["containers"]
            return 200, log_of(containers[0]["name"]).encode()
        return 200, same[0] if resource.is_custom else typed(same[0], named=True)

    def _resource(self, group: str, version: str, plural: str) -> Resource | None:
        wanted = (group, version, plural)
        return next(
            (it for it in self.state.resources if (it.group, it.version, it.plural) == wanted), None
        )


def _absent(what: str) -> tuple[int, Manifest]:
    return 404, {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "reason": "NotFound",
        "code": 404,
        "message": json.dumps(f"{what} not found"),
    }
