"""Who may import whom. Each layer may import only itself and the layers before it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = [
    *("visible", "withheld", "documents", "private", "outlines", "definitions", "keeps", "helm"),
    *("kinds", "asked", "seen", "objects", "snapshot", "cluster", "facts", "inventory", "models"),
    *("remedy", "remedies", "outcome", "rule", "packs", "engine", "report", "catalogue", "render"),
    *("sources", "testing", "api", "cli", "__main__"),
]

ONLY_HERE = {
    "cryptography": "auditor/models/x509.py",
    "kubernetes": "auditor/sources/live",
    "yaml": "auditor/documents",
    "tabulate": "auditor/render",
    "junit_xml": "auditor/render/junit.py",
    "tqdm": "auditor/cli/progress.py",
}

SOURCE = sorted((ROOT / "auditor").rglob("*.py"))
RULES = sorted((ROOT / "rules").glob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
EXPORTS = "auditor/api.py"
"""No room but a list, a line for each thing that a rule may use."""


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def layer(file: Path) -> str:
    return file.relative_to(ROOT / "auditor").parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", SOURCE, ids=name)
def test_layers_import_downwards(file: Path) -> None:
    if layer(file) == "__init__":
        assert not imports(file), "the package itself must load in no time"
        return
    allowed = set(LAYERS[: LAYERS.index(layer(file)) + 1])
    ours = {it.split(".")[1] for it in imports(file) if it.startswith("auditor.")}

    assert ours <= allowed, f"{name(file)} may not import {', '.join(sorted(ours - allowed))}"


@pytest.mark.parametrize("file", RULES, ids=name)
def test_rules_import_only_the_api(file: Path) -> None:
    ours = {it for it in imports(file) if it.startswith(("auditor", "rules"))}

    assert ours == {"auditor.api"}


@pytest.mark.parametrize(("package", "home"), ONLY_HERE.items())
def test_each_dependency_has_one_home(package: str, home: str) -> None:
    users = {name(f) for f in SOURCE if package in {it.split(".")[0] for it in imports(f)}}

    assert {user for user in users if not user.startswith(home)} == set()


@pytest.mark.parametrize("file", RULES, ids=name)
def test_rules_read_through_fields(file: Path) -> None:
    """What is raw does not know that it is withheld."""
    read = {n.attr for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Attribute)}

    assert not {it for it in read if it == "raw" or it.startswith("_")}


@pytest.mark.parametrize(
    "file", [it for it in SOURCE + RULES + TESTS if name(it) != EXPORTS], ids=name
)
def test_rooms_are_small(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("file", SOURCE + RULES, ids=name)
def test_no_namespace_is_taken_for_granted(file: Path) -> None:
    assert '"istio-system"' not in file.read_text(encoding="utf-8")
