"""Files of a tree, loaded without the special meaning that `<<` and `=` have for PyYAML."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.formats.trees import File, Tree


class Loader(yaml.CSafeLoader):
    """A loader without the special meaning of `<<` and `=`, which Go does not know."""


Loader.yaml_implicit_resolvers = {
    first: [it for it in resolvers if not it[0].endswith((":merge", ":value"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def documents(text: str | bytes) -> list[Any]:
    return list(yaml.load_all(text, Loader))


def content(tree: Tree, end: str) -> str:
    """The text of the one file whose path ends so."""
    [found] = [it for path, it in tree.items() if path.endswith(end)]
    assert isinstance(found, File)
    return found.content.decode()


def value(tree: Tree, end: str) -> Any:
    """The value of the one JSON file whose path ends so."""
    return json.loads(content(tree, end))
