"""A connection to an API server, as plain as its documentation describes the API."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from .certificates import ADDRESS, Identity


class Refused(Exception):
    """The server's answer was not a good one."""

    def __init__(self, method: str, path: str, code: int, message: str) -> None:
        super().__init__(f"{method} {path}: {code} {message}")
        self.code = code


class Connection:
    """One user's connection, kept open from request to request."""

    def __init__(self, port: int, authority: Path, user: Identity) -> None:
        trust = ssl.create_default_context(cafile=str(authority))
        trust.load_cert_chain(user.certificate, user.key)
        self._connection = HTTPSConnection(ADDRESS, port, timeout=60, context=trust)

    def get(self, path: str) -> Any:
        return self._request("GET", path)

    def post(self, path: str, body: Any) -> Any:
        return self._request("POST", path, body)

    def merge(self, path: str, changes: Any) -> Any:
        """Change an object: what `changes` has replaces what the server has."""
        return self._request("PATCH", path, changes, "application/merge-patch+json")

    def close(self) -> None:
        self._connection.close()

    def _request(
        self, method: str, path: str, body: Any = None, kind: str = "application/json"
    ) -> Any:
        sent = None if body is None else json.dumps(body)
        headers = {"Accept": "application/json", "Content-Type": kind}
        try:
            self._connection.request(method, path, sent, headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except OSError:
            self._connection.close()
            raise
        if answer.status >= 400:
            raise Refused(method, path, answer.status, text.decode(errors="replace"))
        return json.loads(text) if text.startswith(b"{") else text.decode()
