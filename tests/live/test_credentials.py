"""Who we are is shown as the kubeconfig says, and a refusal is one line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from auditor.kinds import POD
from tests.live.house import Bench, kubeconfig
from tests.live.reaching import TOKEN, complaint, read


def test_a_token_is_shown(bench: Bench) -> None:
    bench.pods(1)
    bench.api.token = TOKEN
    file = bench.folder / "token"
    file.write_text(f"{TOKEN}\n")

    for user in ({"token": TOKEN}, {"tokenFile": "token"}, {"tokenFile": "token", "token": "old"}):
        assert read(kubeconfig(bench.folder / "config", bench.server, user=user)).seen(POD)


def test_an_expired_token_is_one_line(bench: Bench) -> None:
    bench.api.token = "another"

    said = complaint(kubeconfig(bench.folder / "config", bench.server, user={"token": TOKEN}))

    assert said == (
        "401 Unauthorized: Unauthorized; the credentials are not accepted; they may have expired"
    )


def test_credentials_that_only_the_lists_refuse_are_one_line(bench: Bench) -> None:
    config = kubeconfig(bench.folder / "config", bench.server)
    bench.api.script[bench.api.list_path(POD)] = [
        lambda it: it.say(401, {"kind": "Status", "message": "expired"})
    ]

    assert complaint(config).startswith("401 Unauthorized: expired; the credentials are not")


def test_a_token_that_no_header_can_hold_is_not_quoted(bench: Bench) -> None:
    user = {"token": f"{TOKEN}\nX: y"}

    assert complaint(kubeconfig(bench.folder / "config", bench.server, user=user)) == (
        "the kubeconfig: what it gives for authorization cannot be sent"
    )


def test_whom_the_user_acts_as_is_shown(bench: Bench) -> None:
    user = {"as": "auditor", "as-groups": ["readers", "writers"], "as-user-extra": {"x": ["1"]}}

    read(kubeconfig(bench.folder / "config", bench.server, user=user))

    headers = bench.api.requests[-1].headers
    assert headers["Impersonate-User"] == "auditor"
    assert headers.get_all("Impersonate-Group") == ["readers", "writers"]
    assert headers["Impersonate-Extra-x"] == "1"


def plugin(folder: Path, code: str) -> dict[str, Any]:
    """A user whose credentials a program gives, named relative to the kubeconfig."""
    program = folder / "plugin"
    program.write_text(f"#!{sys.executable}\n{code}\n")
    program.chmod(0o755)
    version = "client.authentication.k8s.io/v1"
    return {"exec": {"command": "./plugin", "apiVersion": version, "interactiveMode": "Never"}}


def test_a_plugin_gives_the_token(bench: Bench) -> None:
    bench.pods(1)
    bench.api.token = TOKEN
    credential = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": TOKEN},
    }
    user = plugin(bench.folder, f"print({json.dumps(credential)!r})")

    assert read(kubeconfig(bench.folder / "config", bench.server, user=user)).seen(POD)


def test_a_plugin_that_fails_is_one_line(bench: Bench) -> None:
    user = plugin(bench.folder, "raise SystemExit('log in first:\\n  cloud login')")

    said = complaint(kubeconfig(bench.folder / "config", bench.server, user=user))

    command = bench.folder / "plugin"
    assert said == (
        f"the context prod: no credentials from the plugin {command}: "
        "exec: process returned 1. log in first: cloud login"
    )
    assert bench.api.requests == []


def test_a_plugin_that_is_not_there_is_one_line(bench: Bench) -> None:
    user = {"exec": {"command": "no-such-plugin", "apiVersion": "client.authentication.k8s.io/v1"}}

    said = complaint(kubeconfig(bench.folder / "config", bench.server, user=user))

    assert said.startswith("the context prod: no credentials from the plugin no-such-plugin: ")
