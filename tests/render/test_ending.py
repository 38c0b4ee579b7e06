"""What was taken for complete is said, and nothing that is known to be cut short is."""

import pytest

from auditor.inventory import Inventory
from auditor.kinds import NAMESPACE, SECRET
from auditor.objects import Obj
from auditor.render import RENDERERS
from auditor.render.ending import not_listed
from auditor.render.page import Page, paint
from auditor.report import Report
from auditor.seen import Gap, LookedFor, Seen
from auditor.snapshot import Snapshot, gap
from tests.house import CLOCK, make_report, make_rule, passes, thing

SHOP = thing(NAMESPACE, "shop")


def said(namespaces: Seen[Obj]) -> str:
    snapshot = Snapshot({NAMESPACE: namespaces}, "dump", assumed=frozenset((NAMESPACE,)))
    return RENDERERS["table"](
        Report(snapshot, (NAMESPACE,), Inventory(), (), "2026-11-01", CLOCK), Page()
    )


def test_what_lay_loose_was_taken_for_complete() -> None:
    assert "Taken for complete: namespaces" in said(Seen((SHOP,)))


def test_what_was_cut_short_was_not() -> None:
    assert "Taken for complete" not in said(Seen((SHOP,), (gap(NAMESPACE, "cut short"),)))


@pytest.mark.parametrize(
    ("namespaces", "where"),
    [
        (("mesh", "shop"), ", in mesh and shop."),
        ((), ", in no namespace."),
        (("*",), "."),
    ],
)
def test_names_that_were_all_that_was_asked_for_are_told(
    namespaces: tuple[str, ...], where: str
) -> None:
    asked = LookedFor(("cacerts", "istiod-tls"), namespaces)
    others = Gap("other secrets", "only read by name", looked_for=(asked,), unasked=True)
    rule = make_rule("secrets", passes, kind=SECRET)

    said = paint(not_listed(make_report([rule], gaps={SECRET: (others,)})), Page())

    assert said == f"Looked for by name: cacerts and istiod-tls of secrets{where}\n"
