"""Comparing two CRDs: what a mesh of the one's release meets on the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.facts.changes import IMPACT_OF, Change, Impact
from auditor.facts.compare_fields import differences
from auditor.facts.compare_values import Difference
from auditor.facts.definition import Crd
from auditor.facts.fields import Field


def compare_all(ours: Mapping[str, Crd], theirs: Mapping[str, Crd]) -> tuple[Change, ...]:
    """What a mesh with one set of CRDs as its own meets on another set, by CRD name."""
    found: list[Change] = []
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs:
            read = ours[name].read_as is not None
            found.append(Change(name, "crd_missing", IMPACT_OF["crd_missing"], read))
        elif name not in ours:
            found.append(Change(name, "crd_added", IMPACT_OF["crd_added"], read=False))
        else:
            found.extend(compare(ours[name], theirs[name]))
    return tuple(found)


def compare(old: Crd, new: Crd) -> Iterator[Change]:
    """Every change that a mesh whose own CRD is `old` meets on `new`, in a fixed order."""
    for versions, difference in definitions(old, new):
        yield change(old, versions, difference)
    merged: dict[Difference, list[str]] = {}
    for version, difference in schemas(old, new):
        merged.setdefault(difference, []).append(version)
    for difference, names in merged.items():
        yield change(old, names, difference)


def change(crd: Crd, versions: Iterable[str], difference: Difference) -> Change:
    """A difference of two CRDs, told of the first."""
    impact = IMPACT_OF[difference.what]
    if impact != Impact.ADDITIVE and in_status(difference.path):
        impact = Impact.NOTICE
    return Change(
        crd.name,
        difference.what,
        impact,
        crd.read_as is not None,
        difference.path,
        tuple(versions),
        difference.old,
        difference.new,
    )


def in_status(path: str) -> bool:
    """Whether a path is that of `status`, or lies in it."""
    return path == "status" or path.startswith("status.")


def definitions(old: Crd, new: Crd) -> Iterator[tuple[tuple[str, ...], Difference]]:
    """The differences outside the schemas, each with the versions that it concerns."""
    for what, before, after in (
        ("scope_changed", old.scope, new.scope),
        ("kind_changed", old.kind, new.kind),
        ("crd_api_changed", old.api, new.api),
    ):
        if before and after and before != after:
            yield (), Difference(what, "", before, after)
    for name in sorted(set(old.served) - set(new.served)):
        yield (name,), Difference("version_unserved", "")
    for name in sorted(set(new.served) - set(old.served)):
        yield (name,), Difference("version_added", "")
    if old.read_as and old.read_as not in new.served:
        yield (old.read_as,), Difference("read_version_unserved", "")
    if old.stored_as and old.stored_as != new.stored_as:
        what = "storage_changed" if old.stored_as in new.versions else "storage_dropped"
        yield (), Difference(what, "", old.stored_as, new.stored_as)
    if old.prunes != new.prunes:
        what, pruning = ("pruning_introduced", new) if new.prunes else ("pruning_ended", old)
        if any(loses_unknown_fields(version.schema) for version in pruning.versions.values()):
            yield (), Difference(what, "")
    for name in sorted(set(old.served).intersection(new.served)):
        if old.versions[name].status != new.versions[name].status:
            turn = "added" if new.versions[name].status else "removed"
            yield (name,), Difference(f"status_subresource_{turn}", "")


def loses_unknown_fields(schema: Field) -> bool:
    """Whether pruning by this schema can drop anything below `spec` or `status`.

    Beside these two an object has no fields, so the root itself loses nothing.
    """
    return any(
        path and field.type == "object" and not field.keeps_unknown_fields and not field.values
        for path, field in schema.walk()
    )


def schemas(old: Crd, new: Crd) -> Iterator[tuple[str, Difference]]:
    """The differences of the schemas, for each version that both serve."""
    found: dict[tuple[str, str], tuple[Difference, ...]] = {}
    for name in sorted(set(old.served).intersection(new.served)):
        before, after = old.versions[name].schema, new.versions[name].schema
        both = before.fingerprint, after.fingerprint
        if both not in found:
            found[both] = tuple(
                differences(before, after, old_prunes=old.prunes, new_prunes=new.prunes)
            )
        for difference in found[both]:
            yield name, difference
