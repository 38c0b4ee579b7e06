"""YAML and JSON made to harm who parses them: too deep, too large, or never ending.

Depths overflow a stack: json's at about 1,000, PyYAML's below 500, and libyaml's C stack, with the
interpreter, near 25,000, unless its release counts (that in PyYAML 6.0.4 does). Merge bombs take
their time while they are loaded, alias bombs when what was loaded is walked through.
"""

from __future__ import annotations

from collections.abc import Mapping

DEEP = 30_000
_CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: deep\ndata:\n"
_HEAD = f"{_CONFIG_MAP}  a: "


def deep_in_brackets(depth: int = DEEP) -> str:
    return f"{_HEAD}{'[' * depth}{']' * depth}\n"


def deep_in_braces(depth: int = DEEP) -> str:
    return f"{_HEAD}{'{a: ' * depth}1{'}' * depth}\n"


def deep_by_indentation(depth: int = 3_000) -> str:
    """Lines, each a space further in: the size grows with the square of the depth."""
    return _HEAD + "\n" + "".join(f"{' ' * (at + 4)}a:\n" for at in range(depth))


def deep_by_dashes(depth: int = DEEP) -> str:
    """`- - - -` in one line: every dash opens a list in the list before it."""
    return f"apiVersion: v1\nkind: List\nitems:\n{'- ' * depth}1\n"


def deep_json_arrays(depth: int = DEEP) -> str:
    return '{"apiVersion":"v1","kind":"List","items":' + "[" * depth + "]" * depth + "}"


def deep_json_objects(depth: int = DEEP) -> str:
    return (
        '{"apiVersion":"v1","kind":"ConfigMap","data":' + '{"a":' * depth + "1" + "}" * (depth + 1)
    )


def alias_bomb(levels: int = 9) -> str:
    """Ten to the power of `levels` strings, in a few hundred bytes."""
    lines = [f"  a0: &a0 [{', '.join(['x'] * 10)}]"]
    lines += [f"  a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, levels)]
    return _CONFIG_MAP + "\n".join(lines) + "\n"


def merge_bomb(levels: int = 9) -> str:
    """Merges of merges: loading takes ten times as long for each level."""
    lines = ["  a0: &a0 {x: 1}"]
    lines += [
        f"  a{at}: &a{at} {{<<: [{', '.join([f'*a{at - 1}'] * 10)}]}}" for at in range(1, levels)
    ]
    return _CONFIG_MAP + "\n".join(lines) + "\n"


def cycle() -> str:
    """An object that holds itself."""
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cycle\ndata: &a\n  b: *a\n"


def long_number(digits: int = 100_000) -> str:
    """An integer of more digits than Python turns into a number."""
    return f'{{"apiVersion":"v1","kind":"ConfigMap","data":{{"n":{"9" * digits}}}}}'


def long_line(size: int = 8 << 20) -> str:
    """One scalar of many megabytes."""
    return f"{_HEAD}'{'x' * size}'\n"


def hostile_documents() -> Mapping[str, str]:
    """Texts by the names of their files. None holds an object that anybody could use."""
    return {
        "brackets.yaml": deep_in_brackets(),
        "braces.yaml": deep_in_braces(),
        "indentation.yaml": deep_by_indentation(),
        "dashes.yaml": deep_by_dashes(),
        "arrays.json": deep_json_arrays(),
        "objects.json": deep_json_objects(),
        "aliases.yaml": alias_bomb(),
        "merges.yaml": merge_bomb(),
        "cycle.yaml": cycle(),
        "number.json": long_number(),
        "line.yaml": long_line(),
    }
