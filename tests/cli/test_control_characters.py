"""What a dump holds may be meant for the terminal of whoever reads the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.documents import Document, documents
from tests.command import really

CLUSTER = Path(__file__).parents[2] / "fixtures" / "clusters" / "sdm-first"
HOSTILE = "\x1b[31m\u202e\x07\x9b\n\r\u2028"
EVERY = 7
"""Of so many texts one obeys nobody, so that enough of the meshes is left to be judged."""
OUTPUTS = (
    ["audit"],
    ["audit", "-v"],
    ["audit", "-o", "json"],
    ["audit", "-o", "junit"],
    ["meshes"],
)


class Spoiling:
    """Puts control characters into the middle of every seventh text and into some keys."""

    def __init__(self) -> None:
        self.count = 0

    def spoilt(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {self._key(name): self.spoilt(it, name) for name, it in value.items()}
        if isinstance(value, list):
            return [self.spoilt(it) for it in value]
        if isinstance(value, str) and key not in ("apiVersion", "kind") and self._turn(EVERY):
            return f"{value[: len(value) // 2]}{HOSTILE}{value[len(value) // 2 :]}"
        return value

    def _key(self, name: str) -> str:
        return f"{name}{HOSTILE}" if "/" in name and self._turn(EVERY) else name

    def _turn(self, every: int) -> bool:
        self.count += 1
        return self.count % every == 0


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("dump")
    spoiling = Spoiling()
    items = [
        spoiling.spoilt(item)
        for file in sorted(CLUSTER.glob("*.yaml"))
        for found in documents(file.read_bytes())
        if isinstance(found, Document) and isinstance(found.root, dict)
        for item in found.root.get("items") or ()
    ]
    assert spoiling.count > 100 * EVERY
    whole = {"apiVersion": "v1", "kind": "List", "items": items}
    (folder / "a\x1b[2J\u202e.json").write_text(json.dumps(whole))
    (folder / "b\x1b.yaml").write_text(f"Error from server (\x1b[31m): {HOSTILE}\n")
    (folder / "c\x9b.yaml").write_text("kind: Namespace\nmetadata: {name: '\x1b', labels: [\n")
    return str(folder)


@pytest.mark.parametrize("words", OUTPUTS, ids=" ".join)
def test_no_control_character_is_printed(dump: str, words: list[str]) -> None:
    ended = really(*words, dump)
    assert ended.code in (0, 1, 3)
    indentation = "\n\t" if "junit" in words else "\n"
    odd = {it for it in ended.out + ended.err if not it.isprintable()} - {*indentation}
    assert odd == set()
    assert "\\u001b[31m" in ended.out
