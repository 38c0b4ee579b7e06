"""The name that an ApplicationManifest gives SDM's operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.models.texts import parsed
from auditor.objects import Field

KEY, DEFAULT = "fullnameOverride", "istio-operator"


@dataclass(frozen=True)
class Override:
    """The name that a manifest gives SDM's operator, or what is wrong with it."""

    name: str = ""
    fault: str = ""
    meant: str = ""
    """The name under a key that is spelt wrongly."""


def override_in(text: Field) -> Override:
    """What the values say; Helm cuts a name to 63 characters."""
    if not text or not text.value:
        return Override(fault="it has no valuesOverride")
    values = parsed(text)
    if not isinstance(text.value, str) or values.gap or not isinstance(values.value, Mapping):
        return Override(fault="its valuesOverride is no text that holds a YAML mapping")
    name = values.value.get(KEY)
    if name and isinstance(name, str):
        return Override(name[:63].removesuffix("-"))
    for key, value in values.value.items():
        if str(key).lower() == KEY.lower() and key != KEY:
            return Override(fault=f"it sets {key}, which is no value of Helm's", meant=str(value))
    return Override(fault=f"it sets no {KEY}")
