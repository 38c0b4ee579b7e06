"""Documents inside the text of other objects: a mesh configuration, a pod's status."""

from __future__ import annotations

from auditor.documents import Malformed, value
from auditor.objects import Field


def parsed(text: Field) -> Field:
    """What the YAML or JSON in a text says, at the same place.

    Text that cannot be parsed says nothing: it is withheld, with the reason. What is no
    text, or not there, stays as it is.
    """
    if not text or text.gap or not isinstance(text.value, str):
        return text
    try:
        return text.holding(value(text.value))
    except Malformed as error:
        return text.withheld(f"it cannot be parsed: {error}", there=True)
