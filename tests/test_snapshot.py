"""What was listed, what was not, and what the one says about the other."""

from collections.abc import Callable

import pytest

from auditor.kinds import CRD, ISTIO_CONTROL_PLANE, NAMESPACE, POD, SAIL_ISTIO, SECRET
from auditor.objects import Obj
from auditor.seen import Gap, LookedFor, Seen, Unseen
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


CACERTS = Obj(SECRET, {"metadata": {"name": "cacerts", "namespace": "mesh"}})
ASKED = LookedFor(("cacerts", "istio-ca-secret", "sh.helm.*"), ("mesh",))
FEW = Snapshot({SECRET: Seen((CACERTS,), (Gap("others", "", looked_for=(ASKED,), unasked=True),))})


def test_a_name_that_was_looked_for_is_there_or_is_not() -> None:
    assert FEW.find(SECRET, "cacerts", "mesh").first() == CACERTS
    assert FEW.find(SECRET, "istio-ca-secret", "mesh").first() is None
    assert FEW.within(SECRET, "mesh", "sh.helm.release.*").first() is None
    assert FEW.unanswered(SECRET) == ()
    assert FEW.looked_for(SECRET) == (ASKED,)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: FEW.find(SECRET, "cacerts", "shop").first(),
        lambda: FEW.find(SECRET, "database", "mesh").first(),
        lambda: FEW.within(SECRET, "mesh", "sh.*").where(lambda _: False).first(),
        lambda: list(FEW.within(SECRET, "mesh")),
        lambda: list(FEW.seen(SECRET)),
        lambda: list(FEW.seen(SECRET).within("mesh")),
        lambda: FEW.seen(SECRET).where(lambda it: it.name == "istio-ca-secret").first(),
        lambda: FEW.seen(SECRET).map(lambda it: it).where(lambda _: False).first(),
    ],
    ids=["elsewhere", "other name", "more names", "all here", "all", "here", "filtered", "turned"],
)
def test_whoever_asks_for_more_than_was_looked_for_is_told_nothing(
    ask: Callable[[], object],
) -> None:
    with pytest.raises(Unseen):
        ask()


def test_a_gap_of_names_hides_no_other_name() -> None:
    torn = Snapshot({SECRET: Seen((), (Gap("some", "403", namespace="mesh", names=("cacerts",)),))})

    assert torn.find(SECRET, "istio-ca-secret", "mesh").first() is None
    assert torn.find(SECRET, "cacerts", "shop").first() is None
    assert torn.unanswered(SECRET)
    with pytest.raises(Unseen):
        torn.find(SECRET, "cacerts", "mesh").first()
    with pytest.raises(Unseen):
        list(torn.within(SECRET, "mesh", "cacert*"))
    with pytest.raises(Unseen):
        list(torn.within(SECRET, "mesh"))
