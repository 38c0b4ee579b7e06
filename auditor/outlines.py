"""What is kept of the specification of an Istio object: its fields, not what its texts say.

Which fields an object sets decides whether a schema keeps it. Its texts may be anything, a
password in a header included, so each but a name of a choice, such as `STRICT`, becomes `…`.
What binds an object to workloads and namespaces stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from auditor.private import COPY
from auditor.withheld import Withheld

TEXT = "…"
"""Stands for a text of any length but none."""
CHOICE = re.compile(r"[A-Z][A-Z0-9_]*|Always|IfNotPresent")
"""The values of every enumeration of Istio's own API, from 1.5 to 1.30."""
BINDS = frozenset(
    ("selector", "workloadSelector", "targetRefs", "exportTo", "environmentVariables")
)


def outlined(spec: Any) -> Any:
    """The specification of an Istio object with its texts left out."""
    if not isinstance(spec, Mapping):
        return outline(spec)
    return {key: it if key in BINDS else outline(it) for key, it in spec.items()}


def outline(value: Any) -> Any:
    """A value of the same shape, without what its texts say."""
    if isinstance(value, str):
        return value if not value or CHOICE.fullmatch(value) else TEXT
    if isinstance(value, Mapping):
        return {key: outline(item) for key, item in value.items()}
    if isinstance(value, list):
        return [outline(item) for item in value]
    return value


def with_outlined_copy(annotations: Any) -> Any:
    """Annotations in which the copy that `kubectl apply` leaves is an outline of the object.

    As JSON, which takes far less room than what it stands for, and is seldom asked for.
    """
    if not isinstance(annotations, Mapping) or COPY not in annotations:
        return annotations
    return {**annotations, COPY: _outlined_copy(annotations[COPY])}


def _outlined_copy(text: Any) -> Any:
    if isinstance(text, Withheld):
        return text
    try:
        copy = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        copy = None
    if not isinstance(copy, Mapping):
        return Withheld("no copy of an object can be read in it", True)
    kept = {"apiVersion": copy.get("apiVersion"), "spec": outlined(copy.get("spec"))}
    return json.dumps(kept, separators=(",", ":"))
