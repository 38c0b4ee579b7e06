"""Nothing but GET can leave the source, and the client is not imported before it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import auditor.sources.live

FOLDER = Path(auditor.sources.live.__file__).parent
VERBS = {"request", "urlopen", "request_encode_url", "request_encode_body", "call_api", "send"}
CLIENTS = {"requests", "http.client.HTTPConnection", "http.client.HTTPSConnection", "socket"}


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls in this package of functions and methods that have one of the names."""
    for file in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == name:
                yield file.name, node


def test_one_call_sends_and_it_sends_get() -> None:
    found = [(file, call) for name in sorted(VERBS) for file, call in calls(name)]

    [(file, call)] = found
    assert file == "asking.py"
    assert isinstance(call.args[0], ast.Constant)
    assert call.args[0].value == "GET"


def test_nothing_else_that_could_send_is_imported() -> None:
    imported: set[str] = set()
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported |= {f"{node.module}.{name.name}" for name in node.names}

    clients = {it for it in imported if it.startswith("kubernetes")}
    assert clients == {
        "kubernetes.client.ApiClient",
        "kubernetes.client.Configuration",
        "kubernetes.config.ConfigException",
        "kubernetes.config.load_incluster_config",
        "kubernetes.config.load_kube_config_from_dict",
    }
    assert not imported & CLIENTS


def test_the_client_is_imported_only_to_read() -> None:
    late = "{'kubernetes', 'urllib3'}"
    code = f"import sys, auditor.sources.live; print(sorted({late} & {{*sys.modules}}))"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert printed.stdout.strip() == b"[]"
