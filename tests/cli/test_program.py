"""However a command ends, it says so in one line and by its exit code."""

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from auditor import __version__
from auditor.cli import main
from auditor.cli.program import COMMANDS
from auditor.snapshot import Snapshot
from tests.command import command

HEAVY = ("cryptography", "kubernetes", "yaml", "tabulate", "junit_xml", "packaging", "auditor.api")


def test_the_version() -> None:
    assert command("--version") == command("--version", terminal=True)
    assert command("--version").out == f"mesh-auditor {__version__}\n"


@pytest.mark.parametrize(
    "argv", [["--help"], ["-h"], *[[it.__name__.split(".")[-1], "--help"] for it in COMMANDS]]
)
def test_help_is_an_answer_with_examples_and_exit_codes(argv: list[str]) -> None:
    ended = command(*argv)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("usage: mesh-auditor ")
    assert "\nexamples:\n  mesh-auditor " in ended.out
    assert "\nexit codes" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "say what to do: audit, meshes, snapshot, permissions, rules, explain, crds; `mesh-"),
        (["audti"], "argument COMMAND: invalid choice: 'audti' (choose from"),
        (["audit", "--fail", "error"], "unrecognized arguments: --fail"),
        (["audit", "dump", "--fail-on", "fatal"], "argument --fail-on: invalid choice: 'fatal'"),
        (["audit", "dump", "--now"], "argument --now: expected one argument; `mesh-auditor audit"),
        (["meshes"], "no cluster to read"),
        (["explain"], "the following arguments are required: RULE"),
        (["explain", "a", "b"], "unrecognized arguments: b"),
        (["explain", "house-rul"], "there is no rule of this name; did you mean house-rule?"),
        (["rules", "-o", "junit"], "-o junit: no such format; there are table, json"),
    ],
)
def test_a_mistake_is_one_line(argv: list[str], said: str) -> None:
    assert command(*argv).complaint.startswith(said)


def broken(sources: Sequence[str]) -> Snapshot:
    raise KeyError("hunter2")


def test_a_defect_tells_its_kind_and_no_value() -> None:
    ended = command("audit", "dump", read=broken)

    assert ended.complaint.startswith("stopped by a defect of its own, KeyError in live.py:")
    assert "hunter2" not in ended.err


def test_a_defect_shows_its_traceback_when_asked_to() -> None:
    ended = command("audit", "dump", read=broken, environment={"MESH_AUDITOR_DEBUG": "1"})

    assert ended.code == 2
    assert "stopped by a defect of its own" in ended.err
    assert 'raise KeyError("hunter2")' in ended.err
    quiet = command("audit", "dump", read=broken, environment={"MESH_AUDITOR_DEBUG": "0"})
    assert "Traceback" not in quiet.err


def test_an_interruption_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditor.cli.program.run", interrupted)

    assert main(["audit", "dump"]) == 130
    assert capsys.readouterr() == ("", "mesh-auditor: interrupted\n")


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-W", "error", *arguments]
    root = Path(__file__).parents[2]
    return subprocess.run(run, capture_output=True, text=True, check=False, cwd=root)


def test_the_package_runs_as_a_module() -> None:
    ended = python("-m", "auditor", "--version")

    assert (ended.returncode, ended.stdout, ended.stderr) == (
        0,
        f"mesh-auditor {__version__}\n",
        "",
    )


@pytest.mark.parametrize("argv", [["--version"], ["audit", "--help"]])
def test_an_answer_needs_next_to_nothing(argv: list[str]) -> None:
    script = f"import sys; from auditor.cli import main; main({argv}); print(*sys.modules)"
    loaded = python("-c", script).stdout.splitlines()[-1].split()

    assert "auditor.cli.program" in loaded
    assert [name for name in loaded if name.startswith(HEAVY)] == []


def test_a_reader_that_stops_reading_changes_no_exit_code() -> None:
    run = [sys.executable, "-W", "error", "-m", "auditor", "--help"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, "")


def test_nothing_is_imported_before_an_interruption_is_caught() -> None:
    """Ctrl-C while modules load is told in one line only once `main` has begun. What is built
    into the interpreter is no file to load.
    """
    code = "import sys; before = {*sys.modules}; import auditor.cli; print({*sys.modules} - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(done.stdout) - {"__future__", *sys.builtin_module_names}
    assert loaded == {"auditor", "auditor.cli"}
