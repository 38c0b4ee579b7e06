"""One file, read from its first byte to its last, or to where it is broken and beyond."""

from __future__ import annotations

import re
from pathlib import PurePath

from auditor import documents
from auditor.documents import Document, Located, Malformed
from auditor.keeps import projected
from auditor.kinds import SECRET, Kind
from auditor.objects import Obj
from auditor.private import without_private_keys
from auditor.snapshot import Remark, gap
from auditor.sources.container_logs import without_container_logs
from auditor.sources.contents import is_binary, is_wide, packed, unread_encoding
from auditor.sources.damage import Damage, may_begin_an_object, speaks_of_objects
from auditor.sources.declared import is_declared
from auditor.sources.easing import eased
from auditor.sources.endings import cut_at_the_end
from auditor.sources.files import Content, Left, why_unread
from auditor.sources.findings import Findings, Version
from auditor.sources.for_people import noted_for_people
from auditor.sources.helm.listed import Stored, Told
from auditor.sources.helm.manifests import declared_by, record_of, remember, told_by_sections
from auditor.sources.helm.sections import sections
from auditor.sources.junk import holds_nothing, is_timed
from auditor.sources.origin import Slices
from auditor.sources.redaction import may_be_redacted, redacted, without_elided
from auditor.sources.refusals import is_failure
from auditor.sources.said import told_by_tools
from auditor.sources.unpacking import A_LOG, ALL_KINDS, Item, Listed, Lost, Refusal, Typed, unpacked
from auditor.sources.versions import modern
from auditor.sources.watching import so_far
from auditor.sources.wellformed import Amiss, wellformed
from auditor.visible import visible

NO_OBJECT = "holds no Kubernetes object"
CUT_IN_A_LOG = "ends inside of a container's log; collect it again"

_FENCE = re.compile(rb"^(?:```|~~~)", re.MULTILINE)
_BEGINS_LIKE_OBJECTS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:---[^\n]*\n|#[^\n]*\n|\s)*+[{\[\"\s]*+"
    rb"(?:apiVersion|kind|items|metadata)\b"
)


def findings(content: Content, kind: Kind | None = None, *, log: bool = False) -> Findings:
    """What a file holds; whatever is wrong with it is told in the findings.

    The objects in a file that a format names after a `kind` need not say that they are of it.
    In a `log` only what kubectl said is looked for.
    """
    found = Findings(content.name)
    if isinstance(content, Left):
        if content.hides:
            found.may_hold_anything(content.why)
        else:
            found.passed_over = content.why
        return found
    try:
        data = content.data()
    except OSError as error:
        found.may_hold_anything(why_unread(error))
        return found
    if not data.strip():
        _empty(found)
    elif why := _unreadable(data):
        found.may_hold_anything(why)
    elif (nothing := _nothing(data)) is not None:
        found.passed_over = f"{NO_OBJECT}{nothing}"
        noted_for_people(data, found)
    elif log or is_timed(data):
        found.passed_over = A_LOG
        _Reading(content, data, found).read_log()
    else:
        data, whole = without_container_logs(data)
        data, releases = sections(data)
        _Reading(content, data, found, kind).read()
        told_by_sections(found, releases)
        if not whole:
            found.may_hold_anything(CUT_IN_A_LOG)
    return found


def _unreadable(data: bytes) -> str:
    """Why nobody knows what a file holds; empty where it can be read."""
    if kind := packed(data):
        return f"is packed ({kind}) and was not read; give what is in it"
    if encoding := unread_encoding(data):
        return f"is {encoding} and was not read; save it as UTF-8"
    return ""


def _nothing(data: bytes) -> str | None:
    """What shows at once that a file holds no object; None where that must be seen."""
    if is_binary(data):
        return ", it is no text"
    if _is_markdown(data):
        return ", it is Markdown"
    return "" if holds_nothing(data) else None


def _empty(found: Findings) -> None:
    """An empty file lists nothing; one that is named after a kind is what a failure leaves."""
    found.passed_over = "is empty"
    path = PurePath(found.file)
    names = {path.name, path.stem}
    for kind in ALL_KINDS:
        if names & {kind.plural, str(kind), kind.typed}:
            found.gaps.append((kind, gap(kind, f"{found.file} is empty")))


def _is_markdown(data: bytes) -> bool:
    """Whether a text has examples in fences, which are nobody's objects."""
    return not _BEGINS_LIKE_OBJECTS.match(data) and bool(_FENCE.search(data))


class _Reading:
    def __init__(
        self, content: Content, data: bytes, found: Findings, kind: Kind | None = None
    ) -> None:
        self._data = data
        self._kind = kind
        self._found = found
        self._slices = Slices(content, data)
        self._passed = so_far()
        self._redacted = may_be_redacted(data)
        self._keys = is_wide(data) or b"PRIVATE KEY-----" in data
        self._damage = Damage()
        self._last: Document | None = None
        self._said: list[documents.Remark] = []
        self._told = NO_OBJECT

    def read_log(self) -> None:
        """Look for what kubectl said, and for nothing else: a log only quotes objects."""
        for number, line in enumerate(documents.lines(self._data), 1):
            if is_failure(line):
                self._said.append(documents.remark(line, number))
        told_by_tools(self._said, self._found)

    def read(self) -> None:
        damages: tuple[Malformed, ...] = ()
        try:
            for entry in documents.documents(self._data, passed=self._passed, ease=eased):
                if isinstance(entry, Document):
                    self._document(entry)
                else:
                    self._said.append(entry)
        except Malformed as malformed:
            damages = (malformed, *malformed.others)
        self._passed(len(self._data))
        if damages:
            self._broken(damages)
        else:
            self._ended()
        told_by_tools(self._said, self._found)
        if not self._found.kubernetes and not self._found.remarks:
            self._no_object(damages)

    def _document(self, document: Document) -> None:
        self._last = document
        self._damage.read(document)
        for found in unpacked(document.root, self._kind):
            if isinstance(found, Told):
                self._told = found.what
                continue
            self._found.kubernetes = True
            if isinstance(found, Item):
                self._item(found)
            elif isinstance(found, Listed):
                self._list(found)
            elif isinstance(found, Typed):
                self._found.typed.append((found.name, found.namespaces))
            elif isinstance(found, Lost):
                self._found.lose(found.why, found.kinds, found.line or document.line)
            elif isinstance(found, Stored):
                self._stored(found, document)
            elif isinstance(found, Refusal):
                self._said.append(documents.remark(found.said, document.line))
            elif found.empty:
                self._found.empty = "an empty List, which does not say what was asked for"
        if document.repeated and self._found.kubernetes:
            keys = visible(", ".join(document.repeated))
            what = f"{keys} is there twice; the last was taken"
            self._found.remarks.append(Remark(f"{self._found.file}:{document.line}", what))

    def _item(self, item: Item) -> None:
        fields = redacted(item.fields) if self._redacted else item.fields
        kind = item.kind
        line = item.place.line if item.place else None
        if kind == SECRET:
            fields = without_elided(fields)
        try:
            fields = wellformed(kind, modern(kind, fields))
        except Amiss as amiss:
            self._found.lose(f"a {kind.name} was left out: {amiss}", (kind,), line)
            return
        origin = self._slices.of(item.place) if item.place else None
        kept = projected(fields, kind.projection)
        thing = Obj(kind, without_private_keys(kept) if self._keys else kept, origin)
        declared = not item.listed and is_declared(fields)
        self._found.objects.append(Version(thing, declared, line))
        remember(self._found, thing, fields)
        if not item.listed:
            self._found.loose.add(kind)

    def _stored(self, stored: Stored, document: Document) -> None:
        root = document.root
        origin = self._slices.of(root) if isinstance(root, Located) else None
        declared_by(stored.release, self._found, origin, document.line)
        if record := record_of(stored.release, origin):
            self._found.objects.append(Version(record, True, document.line, stands_in=True))

    def _list(self, listed: Listed) -> None:
        kind = listed.kind
        self._found.lists.add(kind)
        if listed.everywhere:
            self._found.everywhere.add(kind)
        if listed.rest:
            self._found.gaps.append((kind, gap(kind, f"{self._found.file}: {listed.rest}")))
            self._found.remarks.append(Remark(self._found.file, f"{kind}: {listed.rest}"))

    def _broken(self, damages: tuple[Malformed, ...]) -> None:
        lines = documents.lines(self._data)
        text = "\n".join(lines)
        if not (self._found.kubernetes or speaks_of_objects(text) or may_begin_an_object(text)):
            return
        for damage, kinds in self._damage.hides(damages, lines):
            if kinds == ALL_KINDS:
                why = f"is broken there ({damage.what}), and nobody knows what followed"
                self._found.may_hold_anything(f"{why}; collect it again", damage.line)
            else:
                why = f"is broken there ({damage.what}), and what follows was not read"
                self._found.lose(f"{why}; collect it again", kinds, damage.line)

    def _ended(self) -> None:
        """Look whether the file, though sound, is only the beginning of what it was."""
        if self._last is None:
            return
        if (cut := cut_at_the_end(self._data, self._last)) is None:
            return
        why = "may be cut short, by the way it ends; collect it again"
        if cut.unsound and self._found.objects and self._is_last(self._found.objects[-1]):
            self._found.objects.pop()
        if cut.kinds == ALL_KINDS:
            self._found.may_hold_anything(why)
        else:
            self._found.lose(why, cut.kinds, self._last.line)

    def _is_last(self, version: Version) -> bool:
        root = self._last.root if self._last else None
        root = root[-1] if isinstance(root, list) and root else root
        return isinstance(root, Located) and version.line == root.line

    def _no_object(self, damages: tuple[Malformed, ...]) -> None:
        self._found.passed_over = self._told
        if self._told == NO_OBJECT and noted_for_people(self._data, self._found):
            return
        if failure := next((said for said in self._said if is_failure(said.text)), None):
            self._found.passed_over += f"; line {failure.line} says: {failure.text}"
        elif damages:
            self._found.passed_over += f" (line {damages[0].line}: {damages[0].what})"
