"""Texts in all encodings that tools write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from auditor.kinds import CRD, NAMESPACE
from tests.sources.dumps import ALL, LISTED_ELSEWHERE, TEXTS, Piped, whole

ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16, as PowerShell writes it": lambda text: text.encode("utf-16"),
    "UTF-16, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "lines that end as on Windows": lambda text: text.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_encodings_and_line_ends_change_nothing(
    piped: Piped, name: str, encode: Callable[[str], bytes]
) -> None:
    snapshot = piped(encode(TEXTS[name]))
    assert whole(snapshot) == ALL
    plain = piped(TEXTS[name])
    for kind, seen in plain.kinds.items():
        again = snapshot.kinds[kind]
        assert again == seen
        for one, other in zip(seen.so_far, again.so_far, strict=True):
            assert one.origin is not None
            assert other.origin is not None
            path = ("metadata", "labels", "app")
            assert one.origin.line(path) == other.origin.line(path)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_an_encoding_that_is_not_read_may_hide_anything(directory: Any, encoding: str) -> None:
    snapshot = directory(
        {"a.json": LISTED_ELSEWHERE, "b.yaml": TEXTS["a List in YAML"].encode(encoding)}
    )
    assert whole(snapshot) == {}
    assert "UTF-" in snapshot.seen(CRD).gaps[1].why
    assert snapshot.seen(NAMESPACE).so_far != ()
