"""What tools say on standard error is told, and is no part of what they print."""

import json

import pytest

from auditor.documents import Document, Malformed, Remark, documents
from auditor.visible import visible

WARNING = "Warning: v1 ComponentStatus is deprecated in v1.19+"
FORBIDDEN = 'Error from server (Forbidden): secrets is forbidden: User "x" cannot list: no'
CACHE = "E1123 08:51:24.715539   12345 memcache.go:287] couldn't get resource list: refused"
ROOT = {"apiVersion": "v1", "items": [{"kind": "Pod"}], "kind": "List"}
YAML = "apiVersion: v1\nitems:\n- kind: Pod\nkind: List\n"


@pytest.mark.parametrize(
    "said",
    [
        WARNING,
        FORBIDDEN,
        CACHE,
        'error: the server doesn\'t have a resource type "x"',
        "Error from server: etcdserver: request timed out",
        "Error: INSTALLATION FAILED: x",
        "Unable to connect to the server: dial tcp: i/o timeout",
        "The connection to the server localhost:8080 was refused - did you specify the right host?",
        "No resources found in default namespace.",
        "WARNING: Kubernetes configuration file is group-readable.",
        "2021/03/01 10:00:00 coalesce.go:286: warning: x",
    ],
)
@pytest.mark.parametrize(
    "printed", [YAML, json.dumps(ROOT) + "\n", json.dumps(ROOT, indent=4) + "\n"]
)
def test_a_line_before_or_after_is_a_remark(said: str, printed: str) -> None:
    assert list(documents(f"{said}\n{printed}")) == [Remark(said, 1), Document(ROOT, 2)]
    after = printed.count("\n") + 1
    found = list(documents(f"{printed}{said}\r\n"))
    assert sorted(found, key=lambda entry: entry.line) == [Document(ROOT, 1), Remark(said, after)]
    assert list(documents(said)) == [Remark(said, 1)]


@pytest.mark.parametrize(
    "prompt", ["$ ", "user@host:~/dumps$ ", "[root@node-1 ~]# ", "root@host:/# "]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_terminal_that_was_pasted(prompt: str, end: str) -> None:
    """What one command printed is whole before the next is typed, which may hold a secret."""
    typed = f"{prompt}kubectl get ns --token=hunter2\n"
    printed = json.dumps(ROOT, indent=4)
    text = f"{typed}{YAML}{typed}{YAML}{typed}{printed}\n{typed}{printed}\n{prompt.strip()}\n"
    found = list(documents(text.replace("\n", end)))
    assert [it.root for it in found if isinstance(it, Document)] == [ROOT] * 4
    assert [it for it in found if isinstance(it, Remark)] == []


@pytest.mark.parametrize("line", ["$ref: x", "a@b: x", "$: x", "user@host: $ x"])
def test_a_key_that_only_looks_like_a_prompt(line: str) -> None:
    [found] = documents(f"{line}\n")
    assert isinstance(found, Document)


def test_a_line_that_is_glued_to_json() -> None:
    text = json.dumps(ROOT)
    assert list(documents(f"{WARNING}{text}{FORBIDDEN}\n{text}")) == [
        Remark(WARNING, 1),
        Document(ROOT, 1),
        Remark(FORBIDDEN, 1),
        Document(ROOT, 2),
    ]
    [_, document] = documents(f"{WARNING}{json.dumps(ROOT, indent=4)}")
    assert isinstance(document, Document)
    assert (document.root, document.root.column) == (ROOT, len(WARNING))


def test_a_line_that_is_glued_to_yaml() -> None:
    assert list(documents(WARNING + YAML)) == [Remark(WARNING, 1), Document(ROOT, 1)]


def test_a_line_between_items_keeps_the_count_of_lines() -> None:
    text = YAML.replace("kind: List", f"{CACHE}\n- kind: Node\nkind: List")
    [remark, document] = documents(text)
    assert remark == Remark(CACHE, 4)
    assert isinstance(document, Document)
    assert [item.line for item in document.root["items"]] == [3, 5]


def test_a_line_that_fell_into_a_value_does_not_change_it_in_silence() -> None:
    reading = documents(f"a: one\n{WARNING}\n  two\n")
    assert next(reading) == Remark(WARNING, 2)
    with pytest.raises(Malformed):
        next(reading)


def test_words_of_an_object_are_no_remark() -> None:
    text = "error:\n  a: 1\ndata:\n  error: x\n  text: |\n    Warning: y\nwarnings: 1\n"
    [document] = documents(text)
    assert isinstance(document, Document)
    assert document.root["data"] == {"error": "x", "text": "Warning: y\n"}
    assert list(document.root) == ["error", "data", "warnings"]


def test_a_remark_cannot_drive_a_terminal() -> None:
    [remark] = documents("Warning: \x1b[2Jgone\x9b1m \u202e\x00\n")
    assert remark == Remark(r"Warning: \u001b[2Jgone\u009b1m \u202e\u0000", 1)
    assert visible("a\u2028b\ufeff é ✓") == r"a\u2028b\ufeff é ✓"
