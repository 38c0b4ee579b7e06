"""Who wrote a CRD's schema, as the API server recorded it in managedFields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.objects import Field, Obj


@dataclass(frozen=True)
class Writer:
    """A field manager that holds the versions of a CRD, and with them its schema."""

    name: str
    applied: bool
    """By server-side apply, which two may do to one field; an update takes it over."""
    time: str
    field: Field

    @property
    def is_named_as_sdms(self) -> bool:
        """Whether it has the name of SDM's operator, which other controllers have too."""
        return self.name == "manager"


def writers(crd: Obj) -> Iterator[Writer]:
    """Those who hold a CRD's schema; none where the dump has no managedFields.

    `kubectl get` leaves managedFields out unless it is asked for them.
    """
    for entry in crd.at("metadata", "managedFields").each():
        if entry.at("fieldsV1", "f:spec", "f:versions"):
            yield Writer(
                str(entry.at("manager").value),
                entry.at("operation").value == "Apply",
                str(entry.at("time").value or ""),
                entry.at("manager"),
            )


def last_writer(crd: Obj) -> Writer | None:
    """Who wrote a CRD's schema last; None where the dump does not say."""
    return max(writers(crd), key=lambda writer: (writer.time, writer.name), default=None)
