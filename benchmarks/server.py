"""A stand-in for an API server that has its pages ready, in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import parse_qs, urlsplit

from auditor.kinds import KINDS, Kind
from benchmarks.dump import large

PAGE = 500
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
NOT_FOUND = {"kind": "Status", "apiVersion": "v1", "reason": "NotFound", "code": 404}

Pages = dict[str, list[bytes]]
"""The answers below a path, one for each page."""


@contextmanager
def served(pods: int) -> Iterator[tuple[str, int]]:
    """The address of a server that has a small cluster and so many pods beside its own, and how
    many these are together, until the block is left.
    """
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(pods, there), daemon=True)
    server.start()
    try:
        port, together = here.recv()
        yield f"http://127.0.0.1:{port}", together
    finally:
        server.terminate()
        server.join()


def _serve(pods: int, to_tell: Connection) -> None:
    objects = large(pods)
    together = sum(it["kind"] == "Pod" for it in objects)
    handler = type("Bound", (_Handler,), {"pages": _pages(objects)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        to_tell.send((server.server_address[1], together))
        server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    pages: Pages

    def do_GET(self) -> None:
        """Answer with the page that `continue` names by its number."""
        asked = urlsplit(self.path)
        pages = self.pages.get(asked.path)
        number = int(parse_qs(asked.query).get("continue", ["0"])[0])
        body = json.dumps(NOT_FOUND).encode() if pages is None else pages[number]
        self.send_response(404 if pages is None else 200)
        root = asked.path in ("/api", "/apis")
        self.send_header("Content-Type", DISCOVERY if root else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def _pages(objects: list[dict[str, Any]]) -> Pages:
    """Every answer of a server that has these objects."""
    by_kind: dict[tuple[str, Kind], list[dict[str, Any]]] = {}
    for it in objects:
        group, _, version = it["apiVersion"].rpartition("/")
        if kind := KINDS.get((group, it["kind"])):
            by_kind.setdefault((version, kind), []).append(it)
    pages: Pages = {}
    for (version, kind), things in by_kind.items():
        api = f"/apis/{kind.group}/{version}" if kind.group else f"/api/{version}"
        pages[f"{api}/{kind.plural}"] = list(_listed(kind, things))
    for root in ("/api", "/apis"):
        groups = [_group(*it) for it in by_kind if bool(it[1].group) == (root == "/apis")]
        answer = {"kind": "APIGroupDiscoveryList", "items": _together(groups)}
        pages[root] = [json.dumps(answer).encode()]
    return pages


def _listed(kind: Kind, things: list[dict[str, Any]]) -> Iterator[bytes]:
    """A list of a kind, page by page, as compact as API servers write it."""
    api_version = things[0]["apiVersion"]
    for start in range(0, len(things), PAGE):
        end = start + PAGE
        left = len(things) - end
        more = {"continue": str(end // PAGE), "remainingItemCount": left} if left > 0 else {}
        items = [
            {key: value for key, value in it.items() if key not in ("apiVersion", "kind")}
            for it in things[start:end]
        ]
        page = {"kind": f"{kind.name}List", "apiVersion": api_version, "metadata": more}
        yield json.dumps({**page, "items": items}, separators=(",", ":")).encode()


def _group(version: str, kind: Kind) -> tuple[str, str, dict[str, Any]]:
    return kind.group, version, {"resource": kind.plural, "verbs": ["get", "list"]}


def _together(found: list[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The resources of each group and version, as aggregated discovery tells of them."""
    groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for group, version, resource in found:
        groups.setdefault(group, {}).setdefault(version, []).append(resource)
    return [
        {
            "metadata": {"name": group},
            "versions": [
                {"version": version, "resources": resources, "freshness": "Current"}
                for version, resources in versions.items()
            ],
        }
        for group, versions in groups.items()
    ]
