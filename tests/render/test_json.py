"""The JSON document keeps the promise of its schema, whatever the input holds."""

import json
import math
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor.inventory import Inventory
from auditor.kinds import CRD, NAMESPACE, POD, SECRET
from auditor.objects import Ref
from auditor.outcome import Outcome, Severity, Verdict
from auditor.remedy import Command, Consequence, Label, Patch, Remedy
from auditor.render import RENDERERS
from auditor.render.document import document
from auditor.render.json import as_json
from auditor.render.page import Page
from auditor.report import Report, Terms
from auditor.seen import Gap, LookedFor, Seen
from auditor.snapshot import gap
from auditor.withheld import Withheld
from tests.house import breaks, make_report, make_rule, passes, thing, two_meshes

SCHEMA = json.loads(files("auditor.render").joinpath("report-v1.schema.json").read_text("utf-8"))


class Mesh:
    ref = Ref("Mesh", "sdm.sdm-istio-system")


def fails_with(*values: object) -> Callable[..., Outcome]:
    def check(namespace: Any, cluster: Any) -> Outcome:
        field = namespace.at("metadata", "labels")
        step = Patch(namespace.ref, {"metadata": {"labels": {"a": None}}})
        then = Consequence(namespace.ref, {}, "its controller restarts it")
        return Outcome.failed(
            "so",
            *(field.holding(value) for value in values),
            field.withheld("redacted"),
            remedies=[
                Remedy("do it", (step, then, Label(namespace.ref, "a", "b"))),
                Remedy("or have it done", (Command("call a person"), Command("wait", "sleep 1"))),
            ],
        )

    return check


def about_a_mesh() -> Report:
    rule = make_rule("mesh-rule", passes, over=lambda cluster: Seen((Mesh(),)))
    return make_report([rule])


def without_a_command() -> Report:
    gaps = {POD: (gap(POD, "403", "bank", get=""), gap(POD, "partly", but=["bank", "shop"]))}
    return make_report([make_rule("pods-agree", passes, kind=POD)], gaps=gaps)


ASKED = (LookedFor(("cacerts", "sh.helm.*"), ("mesh",)), LookedFor(("istiod-tls",), ()))
OTHERS = Gap("other secrets", "only read by name", looked_for=ASKED, unasked=True)


def by_name(*gaps: Gap) -> Report:
    return make_report([make_rule("secrets", passes, kind=SECRET)], gaps={SECRET: (OTHERS, *gaps)})


def with_values() -> Report:
    values = (None, True, 1, 1.5, math.inf, math.nan, "text", ["a", ("b",)], {1: {"a", "b"}})
    shop = thing(NAMESPACE, "shop", line=3, status={"phase": Withheld("elided")})
    return make_report([make_rule("values", fails_with(*values))], [shop])


def hostile() -> Report:
    name = "\x1b[31m\ud800\u202e\x00<&>\"'"
    return make_report([make_rule("values", fails_with(name))], [thing(NAMESPACE, name)])


REPORTS: dict[str, Callable[[], Report]] = {
    "two meshes": two_meshes,
    "never fails": lambda: two_meshes(Terms(None, True)),
    "nothing seen": lambda: make_report([make_rule("house-rule", passes, kind=CRD)]),
    "nothing there": lambda: make_report([make_rule("house-rule", passes)]),
    "no rules": lambda: make_report([]),
    "a mesh": about_a_mesh,
    "no command": without_a_command,
    "by name": by_name,
    "by name and not all": lambda: by_name(gap(SECRET, "403", "mesh")),
    "values of every type": with_values,
    "hostile": hostile,
    "all broken": lambda: make_report([make_rule("b", breaks)], [thing(NAMESPACE, "shop")]),
    "no mesh": lambda: make_report([make_rule("p", passes)], inventory=Inventory()),
}


def rendered(report: Report) -> str:
    return RENDERERS["json"](report, Page())


@pytest.mark.parametrize("make", REPORTS.values(), ids=REPORTS.keys())
def test_every_report_is_valid(make: Callable[[], Report]) -> None:
    text = rendered(make())

    Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert text == rendered(make())
    assert text.endswith("}\n")
    assert all(line.isprintable() for line in text.split("\n"))
    assert text.encode().decode() == text


def test_the_schema_is_a_schema_and_strict() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    def objects(schema: Any) -> list[dict[str, Any]]:
        inside = schema.values() if isinstance(schema, dict) else schema
        below = [it for each in inside if isinstance(each, dict | list) for it in objects(each)]
        own = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
        return own + below

    found = objects(SCHEMA)
    assert len(found) > 10
    assert [it for it in found if it.get("additionalProperties", True) is True] == []


@pytest.mark.parametrize(
    "change",
    [
        {"more": 1},
        {"exit_code": 2},
        {"summary": {"pass": 1}},
        {"schema": "mesh-auditor/report/v2"},
        {"coverage": {"pods": {"listed": False, "objects": 0}}},
        {"coverage": {"pods": {"listed": True, "objects": 0, "gaps": []}}},
    ],
)
def test_a_document_that_breaks_the_promise_is_refused(change: dict[str, Any]) -> None:
    changed = json.loads(rendered(two_meshes())) | change

    assert not Draft202012Validator(SCHEMA).is_valid(changed)


def test_the_schema_knows_all_verdicts_and_severities() -> None:
    assert set(SCHEMA["$defs"]["verdict"]["enum"]) == set(map(str, Verdict))
    assert set(SCHEMA["$defs"]["severity"]["enum"]) == set(map(str, Severity))


def test_a_value_is_whole_and_what_no_json_can_say_is_text() -> None:
    document = json.loads(rendered(with_values()))
    evidence = document["results"][0]["outcomes"][0]["evidence"]

    assert [each["value"] for each in evidence] == [
        *(None, True, 1, 1.5, "inf", "nan", "text", ["a", ["b"]], {"1": ["a", "b"]}),
        "withheld: redacted",
    ]
    assert {each["file"] for each in evidence} == {"cluster.yaml"}
    assert document["withheld"] == [
        {
            "object": {"apiVersion": "v1", "kind": "Namespace", "name": "shop"},
            "path": "status.phase",
            "why": "elided",
        }
    ]


def test_what_would_not_show_can_be_read_back() -> None:
    name = "\x1b\x7f\x9b\u2028\u202e\U000e0001ö\n"

    assert json.loads(as_json({"name": name})) == {"name": name}
    assert "ö" in as_json(name)


def test_what_was_looked_for_by_name_is_no_gap_and_is_told() -> None:
    whole, torn = (
        document(it)["coverage"]["secrets"] for it in (by_name(), by_name(gap(SECRET, "403")))
    )

    assert (whole["listed"], torn["listed"]) == (True, False)
    assert "gaps" not in whole
    assert [it["why"] for it in torn["gaps"]] == ["403"]
    assert whole["looked_for"] == [
        {"names": ["cacerts", "sh.helm.*"], "namespaces": ["mesh"]},
        {"names": ["istiod-tls"], "namespaces": []},
    ]
