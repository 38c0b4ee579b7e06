"""What was listed, what was not, and what the one says about the other."""

import pytest

from auditor.kinds import CRD, ISTIO_CONTROL_PLANE, NAMESPACE, POD, SAIL_ISTIO
from auditor.objects import Obj
from auditor.seen import Gap, Seen
from auditor.snapshot import Snapshot, gap, settled


def definition(plural: str, group: str) -> Obj:
    names = {"plural": plural}
    return Obj(
        CRD, {"metadata": {"name": f"{plural}.{group}"}, "spec": {"group": group, "names": names}}
    )


ISTIOS = definition("istios", "sailoperator.io")
CERTIFICATES = definition("certificates", "cert-manager.io")


def test_a_kind_that_was_never_asked_for_is_a_gap() -> None:
    assert Snapshot({}).seen(NAMESPACE).gaps == (gap(NAMESPACE, "not collected"),)


def test_what_may_hide_anything_hides_every_kind_that_was_not_listed() -> None:
    lost = Gap("pods.yaml", "it cannot be read")

    assert lost in Snapshot({}, elsewhere=(lost,)).seen(POD).gaps


def test_a_kind_whose_definition_is_not_installed_has_no_objects() -> None:
    snapshot = settled(Snapshot({CRD: Seen((ISTIOS, CERTIFICATES))}))

    assert snapshot.seen(ISTIO_CONTROL_PLANE) == Seen()
    assert snapshot.seen(SAIL_ISTIO).gaps, "its definition is there, so it may have objects"
    assert snapshot.seen(POD).gaps, "it needs no definition"


@pytest.mark.parametrize(
    "snapshot",
    [
        Snapshot({CRD: Seen((CERTIFICATES,), (gap(CRD, "cut short"),))}),
        Snapshot({CRD: Seen((CERTIFICATES,))}, assumed=frozenset((CRD,))),
        Snapshot({CRD: Seen((ISTIOS,))}),
        Snapshot({}),
    ],
    ids=["listed in part", "taken for whole", "perhaps picked by name", "not listed"],
)
def test_only_a_whole_listing_of_definitions_says_so(snapshot: Snapshot) -> None:
    assert settled(snapshot).seen(ISTIO_CONTROL_PLANE).gaps


def test_one_object_is_found_by_its_name_whatever_else_is_missing() -> None:
    shop = Obj(POD, {"metadata": {"name": "cart", "namespace": "shop"}})
    torn = Snapshot({POD: Seen((shop,), (gap(POD, "the page was torn"),))})

    assert torn.find(POD, "cart", "shop") == Seen((shop,))
    assert torn.find(POD, "cart", "bank").gaps
    assert torn.within(POD, "shop").so_far == (shop,)
