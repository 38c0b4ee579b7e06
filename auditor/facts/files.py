"""Reading the facts that ship with the package."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def facts(name: str) -> dict[str, Any]:
    """The content of one facts file, such as `istio-crds`; read once, on first use.

    Every file says its `source` and its `date`, the day of the newest release in it.
    The content is shared: do not change it.
    """
    text = files("auditor.facts").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
