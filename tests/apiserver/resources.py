"""Where an API server serves a kind, by its own discovery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .connection import Connection, Refused


@dataclass(frozen=True)
class Resource:
    """A kind as it is served: the path of its lists, and what its objects have."""

    base: str
    plural: str
    namespaced: bool
    has_status: bool

    def collection(self, namespace: str) -> str:
        """The path of all objects, or of those in a namespace."""
        within = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{self.base}{within}/{self.plural}"


class Discovery:
    """The kinds that a server serves, asked for once for each version of a group."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._served: dict[str, dict[str, Resource]] = {}

    def serves(self, api_version: str, kind: str) -> bool:
        """Whether a kind is served by now; the server is asked again where it was not."""
        if kind not in self._served.get(api_version, {}):
            self._served[api_version] = self._ask(api_version)
        return kind in self._served[api_version]

    def resource(self, api_version: str, kind: str) -> Resource:
        """Where a kind is served. Raises LookupError where it is not."""
        if not self.serves(api_version, kind):
            raise LookupError(f"the server has no {kind} in {api_version}")
        return self._served[api_version][kind]

    def _ask(self, api_version: str) -> dict[str, Resource]:
        base = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        try:
            listed: list[dict[str, Any]] = self._connection.get(base)["resources"]
        except Refused as error:
            if error.code != 404:
                raise
            return {}
        names = {it["name"] for it in listed}
        return {
            it["kind"]: Resource(
                base, it["name"], it["namespaced"], f"{it['name']}/status" in names
            )
            for it in listed
            if "/" not in it["name"]
        }
