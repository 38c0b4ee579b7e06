"""Values as two hands write them: what is equal although it is not written alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.models.mesh_types import DURATION, camel
from auditor.objects import Field

PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
OF_TEXTS = ("proxyMetadata", "runtimeValues")
SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}


def alike(one: Any, other: Any) -> bool:
    """Whether two values come to the same for istiod.

    An operator that knows the types writes a duration in seconds, a number or a switch as a
    text, names without underscores, and leaves out what is empty or false.
    """
    return bool(plain(one) == plain(other))


def as_variable(value: Any) -> str:
    """A value as a chart writes it into a variable; an unset one is an empty one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number(value) if isinstance(value, int | float) else str(value or "")


def plain(value: Any) -> Any:
    """A value without what its writing adds to it; nothing where it is empty or false."""
    if isinstance(value, Mapping):
        kept = {camel(str(key)): plain(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        return [plain(item) for item in value] or None
    if isinstance(value, bool):
        return "true" if value else None
    if isinstance(value, int | float):
        return _number(value) if value else None
    return _text(value) if isinstance(value, str) else value


def leaves(place: Field, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Every setting below a place that is no mapping itself, by the names that Istio's JSON has.

    What a mapping of texts holds is called as somebody called it. Raises `Unseen` where one is
    withheld.
    """
    if isinstance(place.held, Mapping):
        for field in place.each():
            name = str(field.path[-1])
            own = bool(path) and path[-1] in OF_TEXTS
            yield from leaves(field, (*path, name if own else camel(name)))
    elif place.value is not None and path:
        yield path, place


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _text(value: str) -> str | None:
    text = "\n".join(line.strip() for line in value.strip().splitlines())
    if not text:
        return None
    if DURATION.fullmatch(text) and PART.search(text):
        return f"{sum(float(n) * SECONDS[unit] for n, unit in PART.findall(text)):.6g}s"
    return text
