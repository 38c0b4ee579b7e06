"""Kubeconfig files are found, merged and chosen from as kubectl does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.sources.live.kubeconfig import Chosen, chosen
from auditor.sources.source import Unusable

ONE = """
apiVersion: v1
kind: Config
current-context: one
contexts:
- {name: one, context: {cluster: east, user: me}}
- {name: bare, context: {cluster: east}}
clusters:
- {name: east, cluster: {server: "https://east:6443", certificate-authority: pki/ca.crt}}
users:
- {name: me, user: {client-certificate: /etc/me.crt, client-key: me.key, token: ""}}
"""
TWO = """
current-context: two
contexts:
- {name: two, context: {cluster: west, user: me}}
- {name: one, context: {cluster: west}}
- {name: lost, context: {cluster: nowhere}}
- {name: stranger, context: {cluster: west, user: nobody}}
- {name: empty, context: }
- {name: serverless, context: {cluster: north}}
clusters:
- {name: west, cluster: {server: "https://west:6443"}}
- {name: north, cluster: {proxy-url: "http://proxy"}}
users:
- {name: me, user: {token: theirs}}
"""


@pytest.fixture
def files(tmp_path: Path) -> str:
    (tmp_path / "one").write_text(ONE)
    (tmp_path / "two").write_text(TWO)
    (tmp_path / "blank").write_text("")
    names = ("blank", "one", "missing", "two", "one")
    return ":".join(str(tmp_path / name) for name in names)


def choose(files: str, context: str = "") -> Chosen:
    found = chosen("", context, {"KUBECONFIG": files})
    assert found is not None
    return found


def test_the_first_file_that_says_something_counts(files: str) -> None:
    found = choose(files)

    assert found.context == "one"
    assert found.cluster["server"] == "https://east:6443"
    assert "token" not in found.user


def test_a_context_may_come_from_any_file(files: str) -> None:
    assert choose(files, "two").cluster["server"] == "https://west:6443"


def test_paths_are_relative_to_the_file_that_they_stand_in(files: str, tmp_path: Path) -> None:
    found = choose(files, "two")

    assert found.user["client-key"] == str(tmp_path / "me.key")
    assert found.user["client-certificate"] == "/etc/me.crt"
    assert choose(files, "bare").cluster["certificate-authority"] == str(tmp_path / "pki/ca.crt")
    assert choose(files, "bare").user == {}


def test_a_plugin_beside_the_file_is_found_there_and_others_on_the_path(tmp_path: Path) -> None:
    for command, found in (("bin/login", str(tmp_path / "bin/login")), ("login", "login")):
        user = f'users: [{{name: me, user: {{exec: {{command: "{command}"}}}}}}]'
        (tmp_path / "config").write_text(f"{ONE.partition('users:')[0]}\n{user}\n")

        assert choose(str(tmp_path / "config")).user["exec"]["command"] == found


def test_the_option_comes_before_the_variable(files: str, tmp_path: Path) -> None:
    found = chosen(str(tmp_path / "two"), "", {"KUBECONFIG": files})

    assert found is not None
    assert found.context == "two"
    assert found.cluster["server"] == "https://west:6443"


def test_without_variable_or_option_it_is_the_one_of_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert chosen("", "", {}) is None

    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text(ONE)
    found = chosen("", "", {})

    assert found is not None
    assert found.context == "one"


@pytest.mark.parametrize(
    ("context", "why"),
    [
        (
            "prod",
            "--context prod: there is no such context; "
            "it has bare, empty, lost, one, serverless, stranger, two",
        ),
        ("lost", "the context lost names the cluster nowhere, which is not defined"),
        ("stranger", "the context stranger names the user nobody, which is not defined"),
        ("empty", "the context empty names no cluster, which is not defined"),
        ("serverless", "the cluster of the context serverless has no server"),
    ],
)
def test_a_context_that_cannot_be_used_is_one_line(files: str, context: str, why: str) -> None:
    with pytest.raises(Unusable) as unusable:
        choose(files, context)

    assert str(unusable.value).endswith(why)
    assert str(unusable.value).count("\n") == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ONE.replace("current-context: one", ""), "no current context is set; choose one with"),
        (ONE.replace("current-context: one", "current-context: old"), "the current context old: "),
        ("contexts: [", "is no kubeconfig: line 1, column 12: "),
        ("- a", "is no kubeconfig: it is no mapping"),
        ("contexts: a", "is no kubeconfig: `contexts` is no list"),
        ("contexts: [{context: {}}]", "is no kubeconfig: a name is missing in `contexts`"),
        ("contexts: [{name: a, context: b}]", "is no kubeconfig: a `context` is no mapping"),
        ("", "it defines no context"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "config"
    file.write_text(text)

    with pytest.raises(Unusable) as unusable:
        chosen(str(file), "", {})

    assert str(unusable.value).startswith(f"{file}: {why}")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"^--kubeconfig .*/none: there is no such file$"):
        chosen(str(tmp_path / "none"), "", {})


def test_a_file_of_bytes_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_bytes(b"\xff\xfe\xff")

    with pytest.raises(Unusable, match=r"is no kubeconfig: it is not UTF-8$"):
        chosen(str(file), "", {})
