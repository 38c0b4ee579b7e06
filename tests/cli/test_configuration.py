"""Options may stand in a file; those of the command line come after them."""

from pathlib import Path

import pytest

from auditor.kinds import CRD
from auditor.outcome import Outcome, Severity
from tests.command import command
from tests.house import make_rule, passes

RULES = [
    make_rule("crd-single-owner", passes, family="crd", kind=CRD),
    make_rule("trust-mutual", passes, family="trust"),
    make_rule(
        "names-odd",
        lambda it, cluster: Outcome.failed("is odd", severity=Severity.WARNING),
        family="names",
    ),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "audit.yaml"


def test_options_of_a_file_count_as_if_they_were_typed(file: Path) -> None:
    file.write_text("fail-on: warning\nignore: [crd]\nnow: 2026-11-20T08:14:00Z\nverbose: true\n")
    told = command("audit", "dump", "--config", str(file), rules=RULES)
    typed = command(
        *("audit", "dump", "--fail-on", "warning", "--ignore", "crd"),
        *("--now", "2026-11-20T08:14:00Z", "-v"),
        rules=RULES,
    )

    assert told == typed
    assert told.code == 1


def test_the_command_line_comes_after_and_adds_to_lists(file: Path) -> None:
    file.write_text("fail-on: warning\nignore: crd\nallow-unknown: false\n")
    options = ("audit", "dump", "--fail-on", "error", "--ignore", "trust", "--config", str(file))
    ended = command(*options, rules=RULES)

    assert ended.code == 0
    assert "1 rule: 0 errors, 1 warning" in ended.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fail_on: error", "there is no option fail_on; there are allow-unknown, "),
        ("config: other.yaml", "there is no option config; "),
        ("help: true", "there is no option help; "),
        ("allow-unknown: maybe", "allow-unknown: is true or false"),
        ("fail-on: [error]", "fail-on: takes a text or a number, or a list of them where"),
        ("fail-on: panic", "argument --fail-on: invalid choice: "),
        ("ignore: {crd: true}", "ignore: takes a text or a number"),
        ("- crd", "holds no options; it takes one a line, such as `fail-on: warning`"),
        ("", "holds no options; it takes one a line, such as `fail-on: warning`"),
        ("a: [b", "line 1, column 6: "),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    ended = command("audit", "dump", "--config", str(file), rules=RULES)

    assert ended.complaint.startswith(f"--config {file}: {said}")


def test_a_file_that_cannot_be_read_is_one_line(file: Path) -> None:
    missing = command("audit", "dump", "--config", str(file), rules=RULES)
    file.write_bytes(b"\xff\xfe\xff")
    binary = command("audit", "dump", "--config", str(file), rules=RULES)

    assert missing.complaint == f"--config {file}: No such file or directory"
    assert binary.complaint == f"--config {file}: is no text in UTF-8"
