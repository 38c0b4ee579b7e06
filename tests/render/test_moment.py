"""Every report says of which cluster it is, and as of when validity was judged."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree

import pytest

from auditor.render import RENDERERS
from auditor.render.page import Page
from auditor.report import Moment, ToldBy
from tests.house import make_report, make_rule, passes

TAKEN = datetime(2026, 11, 20, 1, 14, tzinfo=timezone(timedelta(hours=5)))
ASKED = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
RULE = make_rule("house-rule", passes)
CASES: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "when it was taken": (
        {"time": TAKEN},
        "2026-11-19 20:14 UTC, when it was taken",
        {"told_by": "source", "at": "2026-11-20T01:14:00+05:00"},
    ),
    "as asked": (
        {"time": TAKEN, "moment": Moment(ASKED, ToldBy.OPTION)},
        "2027-01-02 03:04 UTC, as --now says",
        {"told_by": "option", "at": "2027-01-02T03:04:05+00:00"},
    ),
    "by the clock": (
        {},
        "2026-11-25 09:30 UTC, by the clock: nothing tells when it was taken",
        {"told_by": "clock"},
    ),
}


@pytest.mark.parametrize(("given", "words", "fields"), CASES.values(), ids=list(CASES))
def test_the_moment_and_who_told_it(
    given: dict[str, Any], words: str, fields: dict[str, str]
) -> None:
    report = make_report([RULE], **given)
    suite = ElementTree.fromstring(RENDERERS["junit"](report, Page()).encode())[0]
    told = {it.attrib["name"]: it.attrib["value"] for it in suite.iter("property")}

    assert f"\nValidity is judged as of {words}.\n" in RENDERERS["table"](report, Page())
    assert json.loads(RENDERERS["json"](report, Page()))["moment"] == fields
    assert told == {"validity-judged-as-of": fields.get("at", "the clock")}


def test_the_cluster_where_it_is_known() -> None:
    known, unknown = make_report([RULE], cluster="b98064ff-1"), make_report([RULE])
    suite = ElementTree.fromstring(RENDERERS["junit"](known, Page()).encode())[0]
    told = {it.attrib["name"]: it.attrib["value"] for it in suite.iter("property")}

    assert RENDERERS["table"](known, Page()).startswith("of cluster b98064ff-1. 1 kind listed.")
    assert json.loads(RENDERERS["json"](known, Page()))["source"]["cluster"] == "b98064ff-1"
    assert told["cluster"] == "b98064ff-1"
    assert "cluster" not in RENDERERS["table"](unknown, Page()).splitlines()[0]
    assert "cluster" not in json.loads(RENDERERS["json"](unknown, Page()))["source"]
