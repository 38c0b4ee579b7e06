"""Documents inside the text of other objects: a mesh configuration, a pod's status."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from auditor.documents import Malformed, value
from auditor.objects import Field

MANY = 4096
"""So many texts are remembered: those of injected pods are mostly the same few."""


def parsed(text: Field) -> Field:
    """What the YAML or JSON in a text says, at the same place.

    Text that cannot be parsed says nothing: it is withheld, with the reason. What is no
    text, or not there, stays as it is.
    """
    if not text or text.gap or not isinstance(text.value, str):
        return text
    try:
        return text.holding(_value(text.value))
    except Malformed as error:
        return text.withheld(f"it cannot be parsed: {error}", there=True)


@lru_cache(MANY)
def _value(text: str) -> Any:
    return value(text)
