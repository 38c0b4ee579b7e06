"""What a person decided of a source that it does not tell itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """The format to take it for, and the cluster to take out of it; empty where it tells."""

    layout: str = ""
    cluster: str = ""
