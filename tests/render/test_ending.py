"""What was taken for complete is said, and nothing that is known to be cut short is."""

from auditor.inventory import Inventory
from auditor.kinds import NAMESPACE
from auditor.objects import Obj
from auditor.render import RENDERERS
from auditor.render.page import Page
from auditor.report import Report
from auditor.seen import Seen
from auditor.snapshot import Snapshot, gap
from tests.house import CLOCK, thing

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
