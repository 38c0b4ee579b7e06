"""The line of a field, found when it is to be shown."""

import json
from typing import Any

import pytest

from auditor.documents import Document, Malformed, documents, line_of, lines
from auditor.documents.places import Path

YAML = """\
apiVersion: v1
items:
- apiVersion: v1
  data:
    json: |
      {"a": 1,
       "b": [2,
             {"c": 3}]}
    mesh: |-

      # a comment
      trustDomain: cluster.local
      caCertificates:
      - pem: |
          -----BEGIN CERTIFICATE-----
      - pem: other
    quoted: "a: 1\\nb: 2\\n"
    "yes": 1
    yes: 2
    text: |
      no: mapping: at: all
  kind: ConfigMap
- kind: Pod
  metadata: {labels: {app: istiod,
    version: x}, labels: {
      app: again}}
  spec:
    containers:
    -
      name: a
    - image: b
      name: c
kind: List
"""


def located(text: str, position: int) -> Any:
    [document] = documents(text)
    assert isinstance(document, Document)
    return document.root["items"][position]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("position", "path", "line"),
    [
        (0, (), 3),
        (0, ("kind",), 22),
        (0, ("data", "mesh"), 9),
        (0, ("data", "mesh", "trustDomain"), 12),
        (0, ("data", "mesh", "caCertificates"), 13),
        (0, ("data", "mesh", "caCertificates", 0, "pem"), 14),
        (0, ("data", "mesh", "caCertificates", 1, "pem"), 16),
        (0, ("data", "mesh", "caCertificates", 2, "pem"), 13),
        (0, ("data", "mesh", "rootNamespace"), 9),
        (0, ("data", "json", "b", 1, "c"), 8),
        (0, ("data", "json", "b", 0), 7),
        (0, ("data", "quoted", "b"), 17),
        (0, ("data", "true"), 19),
        (0, ("data", "yes"), 18),
        (0, ("data", "text", "no"), 20),
        (0, ("metadata", "labels"), 3),
        (1, ("metadata", "labels", "app"), 26),
        (1, ("metadata", "labels", "version"), 25),
        (1, ("metadata", "annotations", "x"), 24),
        (1, ("spec", "containers", 0), 30),
        (1, ("spec", "containers", 0, "name"), 30),
        (1, ("spec", "containers", 1, "image"), 31),
        (1, ("spec", "containers", 1, "env", 0), 31),
        (1, ("spec", "containers", "image"), 28),
    ],
)
def test_a_field_of_yaml(position: int, path: Path, line: int) -> None:
    it = located(YAML, position)
    assert line_of(lines(YAML), it.line, it.column, path, it.last) == line


def test_a_field_of_json() -> None:
    pods: list[dict[str, Any]] = [
        {"kind": "Pod", "metadata": {"labels": {"a,": "{", "b\\": ["x", 2, None, {"c": True}]}}},
        {"kind": "Pod", "metadata": {"labels": {}}, "spec": {"a": "b: c\nd: e\n"}},
    ]
    text = json.dumps({"items": pods, "kind": "List"}, indent=4)
    written = lines(text)

    def said(position: int, *path: str | int) -> str:
        it = located(text, position)
        found = line_of(written, it.line, it.column, path, it.last)
        assert found is not None
        return written[found - 1].strip().rstrip(",")

    assert said(0, "metadata", "labels", "a,") == '"a,": "{"'
    assert said(0, "metadata", "labels", "b\\", 1) == "2"
    assert said(0, "metadata", "labels", "b\\", 3, "c") == '"c": true'
    assert said(0, "metadata", "labels", "absent") == '"labels": {'
    assert said(1, "metadata", "labels", "a") == '"labels": {}'
    assert said(1, "spec", "a", "d") == '"a": "b: c\\nd: e\\n"'
    assert said(1) == "{"


def test_fields_of_json_on_one_line_and_of_equal_keys() -> None:
    text = '{"items": [{"a": 1}, {"a":\n1, "a":\n2}]}'
    it = located(text, 1)
    assert line_of(lines(text), it.line, it.column, ("a",), it.last) == 2
    assert line_of(lines(text), 1, 11, ("a",)) == 1


def test_windows_files_and_remarks_do_not_shift_lines() -> None:
    text = ("Warning: x\n" + YAML.replace("kind: ConfigMap", "kind: ConfigMap\nerror: y")).replace(
        "\n", "\r\n"
    )
    written = lines(text.encode("utf-16"))
    [*_, document] = documents(text.encode("utf-16"))
    assert isinstance(document, Document)
    root = document.root
    path = ("items", 1, "spec", "containers", 1, "name")
    found = line_of(written, root.line, root.column, path, root.last)
    assert found is not None
    assert written[found - 1].strip() == "name: c"


def test_an_object_that_cannot_be_there_has_no_line() -> None:
    assert line_of(["a: 1"], 2, 0, ("a",)) is None
    assert line_of(["a: 1"], 0, 0, ("a",)) is None


def test_a_text_that_cannot_be_read_has_the_line_of_its_object() -> None:
    assert line_of(["a:", "  b: 'c"], 1, 0, ("a", "b")) == 1
    assert line_of(['{"a":', '"b'], 1, 0, ("a",)) == 1


def test_bytes_that_are_no_text_are_passed_over() -> None:
    """libyaml takes none of them, and a text of JSON may hold some."""
    data = b'{"a": "\xff", "b": {"c": nothing\xff}}'
    assert line_of(lines(data), 1, 0, ("b", "c")) == 1
    assert line_of(lines(b"a: \xff\nb: 1\n"), 1, 0, ("b",)) == 2


def test_a_key_that_is_no_text_is_not_json() -> None:
    """A dictionary has no hash, so it was a crash where one stood in the place of a key."""
    text = '{"": {"a": 1}, {"b": 1}: 2,\n"c": 3}'
    assert line_of(lines(text), 1, 0, ("c",)) == 2
    assert line_of(lines('{"":"":{"name":"a"}}[{"b"'), 1, 0, ("items", 0)) == 1


def test_a_text_that_libyaml_takes_for_longer_than_it_is() -> None:
    text = '[n"0m":""a","cha[a","cha[{":r\x12'
    with pytest.raises(Malformed):
        [*documents(text)]
