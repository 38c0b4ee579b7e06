"""Lists, lists of lists, bare arrays and single objects: what a document of any shape holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.documents import Located
from auditor.kinds import KINDS, Kind
from auditor.sources.helm.listed import Stored, Told, printed_by_helm
from auditor.sources.junk import is_a_log_line
from auditor.sources.versions import kind_of, kinds_named

ALL_KINDS = tuple(KINDS.values())
LIST = "List"
NO_OBJECT_IN_IT = "the list has an item that is no object; collect it again"
A_LOG = "holds no Kubernetes object, it is a log"
BEFORE_ITS_KIND = frozenset(
    ("aggregationRule", "apiVersion", "automountServiceAccountToken", "binaryData", "data")
    + ("immutable", "imagePullSecrets", "items")
)
"""What kubectl, which sorts the fields of an object, prints before its `kind`."""


@dataclass(frozen=True)
class Item:
    """An object as it was written, and where. `listed`: it stood in a list of the API's."""

    kind: Kind
    fields: dict[str, Any]
    place: Located | None
    listed: bool


@dataclass(frozen=True)
class Listed:
    """A list of this kind. `rest`: why it may not be all of it.

    `everywhere`: kubectl put it together from all pages, of all namespaces.
    """

    kind: Kind
    rest: str = ""
    everywhere: bool = False


@dataclass(frozen=True)
class Typed:
    """A list of one kind, read by anybody or not, and the namespaces of what is in it."""

    name: str
    namespaces: frozenset[str]


@dataclass(frozen=True)
class Lost:
    """Something that was there and could not be taken; it may have been of any of the kinds."""

    why: str
    kinds: tuple[Kind, ...]
    line: int | None = None


@dataclass(frozen=True)
class Refusal:
    """What the API server answered in the place of what it was asked for."""

    said: str


@dataclass(frozen=True)
class Other:
    """An object, or a list, of a kind that nobody reads. `empty`: a List that names no kind."""

    empty: bool = False


Found = Item | Listed | Typed | Lost | Refusal | Other | Stored | Told


@dataclass(frozen=True)
class _Around:
    """The list that an item stands in, which may say what the item does not."""

    api_version: str = ""
    name: str = ""
    listed: bool = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What an item that says nothing of itself may be."""
        kind = kind_of(self.api_version, self.name)
        return (kind,) if kind else ALL_KINDS


def unpacked(root: object, kind: Kind | None = None) -> Iterator[Found]:
    """Everything in the root of a document; nothing where it holds no Kubernetes object.

    Where a format names a file after a `kind`, the objects in it need not say what they are.
    """
    if kind:
        yield from _of_kind(root, kind)
    elif printed := printed_by_helm(root):
        yield printed
    elif isinstance(root, list):
        for element in root:
            yield from unpacked(element)
    elif isinstance(root, dict) and is_a_log_line(root):
        yield Told(A_LOG)
    elif isinstance(root, dict):
        yield from _mapping(root, None)


def _of_kind(root: object, kind: Kind) -> Iterator[Found]:
    around = _Around(f"{kind.group}/v1".removeprefix("/"), kind.name, listed=True)
    if isinstance(root, list):
        yield from _items(root, around)
        yield Listed(kind)
    elif isinstance(root, dict) and "kind" not in root and "items" in root:
        yield from _list(root, around.api_version, around.name)
    elif isinstance(root, dict):
        yield from _mapping(root, None if "kind" in root else around)


def _mapping(fields: dict[str, Any], around: _Around | None) -> Iterator[Found]:
    api_version, name = fields.get("apiVersion"), fields.get("kind")
    if around and api_version is None and name is None:
        api_version, name = around.api_version, around.name
    if isinstance(name, str) and name.endswith(LIST):
        yield from _list(fields, str(api_version), name.removesuffix(LIST))
    elif name is None and isinstance(fields.get("items"), list):
        yield from _kindless_list(fields)
    elif isinstance(api_version, str) and isinstance(name, str) and name:
        yield from _object(fields, api_version, name, around)
    else:
        yield from _fragment(fields, name, around)


def _list(fields: dict[str, Any], api_version: str, name: str) -> Iterator[Found]:
    kind = kind_of(api_version, name)
    if name:
        yield Typed(name, _namespaces(fields.get("items")))
    if name and not kind:
        yield Other()
        return
    line = _line(fields)
    items = fields.get("items", ())
    if items is not None and not isinstance(items, list):
        why = "has no items" if "items" not in fields else "has items that are no list"
        yield Lost(f"a list that {why}", (kind,) if kind else ALL_KINDS, line)
        return
    occurring: dict[Kind, set[object]] = {}
    for found in _items(items or [], _Around(api_version, name, listed=True)):
        if isinstance(found, Item):
            occurring.setdefault(found.kind, set()).add(_namespace(found.fields))
        yield found
    rest = _rest(fields.get("metadata"))
    if kind:
        yield Listed(kind, rest)
        return
    yield Other(empty=not items)
    for each, namespaces in occurring.items():
        yield Listed(each, rest, not rest and (not each.namespaced or len(namespaces) > 1))


def _kindless_list(fields: dict[str, Any]) -> Iterator[Found]:
    """A list that lost its kind, or that a tool put together: its items say what they are."""
    items = fields["items"]
    if any(isinstance(item, dict) and _is_like_an_object(item) for item in items):
        yield from _items(items, _Around())
    elif "apiVersion" in fields:
        yield Other()


def _is_like_an_object(fields: dict[str, Any]) -> bool:
    return "kind" in fields or isinstance(fields.get("metadata"), Mapping)


def _items(items: list[Any], around: _Around) -> Iterator[Found]:
    for item in items:
        if isinstance(item, dict):
            yield from _mapping(item, around)
        else:
            yield Lost(NO_OBJECT_IN_IT, around.kinds)


def _object(
    fields: dict[str, Any], api_version: str, name: str, around: _Around | None
) -> Iterator[Found]:
    if kind := kind_of(api_version, name):
        place = fields if isinstance(fields, Located) else None
        named = {**fields, "apiVersion": api_version, "kind": name}
        yield Item(kind, named, place, listed=bool(around and around.listed))
        return
    yield Other()
    if name == "Status" and fields.get("status") == "Failure":
        yield Refusal(f"Error from server ({fields.get('reason')}): {fields.get('message')}")


def _fragment(fields: dict[str, Any], name: object, around: _Around | None) -> Iterator[Lost]:
    """A mapping that does not say what it is: what is left of an object, or none at all."""
    if around:
        yield Lost(
            "the list has an item without its kind; collect it again", around.kinds, _line(fields)
        )
    elif "apiVersion" in fields and fields.keys() <= BEFORE_ITS_KIND:
        yield Lost("an object without its kind, perhaps cut short", ALL_KINDS, _line(fields))
    elif isinstance(fields.get("metadata"), Mapping) and (kinds := kinds_named(name)):
        yield Lost(f"a {name} without its apiVersion", kinds, _line(fields))


def _rest(metadata: object) -> str:
    """What an API server says of the pages that follow this one."""
    if not isinstance(metadata, Mapping):
        return ""
    more = metadata.get("remainingItemCount")
    if metadata.get("continue") or more:
        return f"only a page of it is here, {more or 'an unknown number'} more were not saved"
    return ""


def _namespace(fields: dict[str, Any]) -> object:
    metadata = fields.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, Mapping) else None
    return namespace if isinstance(namespace, str) else None


def _namespaces(items: object) -> frozenset[str]:
    """The namespaces of what is in a list."""
    listed = items if isinstance(items, list) else []
    within = (_namespace(it) for it in listed if isinstance(it, dict))
    return frozenset(it for it in within if isinstance(it, str))


def _line(fields: dict[str, Any]) -> int | None:
    return fields.line if isinstance(fields, Located) else None
