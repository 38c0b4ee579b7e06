"""Whatever was not collected, the meshes that were seen are listed."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.cluster import Cluster, kinds_of
from auditor.inventory import Inventory
from auditor.kinds import CONFIG_MAP, CRD, DEPLOYMENT, POD, SECRET, Kind
from auditor.models.inventory import INVENTORY
from auditor.objects import Obj
from auditor.seen import Seen
from auditor.snapshot import Snapshot
from auditor.sources import read

CLUSTERS = Path(__file__).parents[2] / "fixtures" / "clusters"
WHOLE = read([str(CLUSTERS / "sdm-first")])
MESHES = ["istio.istio-system", "sdm.sdm-istio-system"]


def ids(snapshot: Snapshot) -> list[str]:
    return [mesh.id for mesh in Cluster(snapshot, [INVENTORY]).model(INVENTORY).meshes]


def without(*kinds: Kind) -> Snapshot:
    return replace(WHOLE, kinds={k: v for k, v in WHOLE.kinds.items() if k not in kinds})


@pytest.mark.parametrize("kind", kinds_of([INVENTORY]), ids=str)
def test_a_kind_that_was_not_collected_hides_no_mesh(kind: Kind) -> None:
    assert ids(without(kind)) == MESHES


def test_with_next_to_nothing_what_runs_is_still_there() -> None:
    left = (DEPLOYMENT,)

    assert ids(without(*(kind for kind in WHOLE.kinds if kind not in left))) == MESHES


def test_pods_alone_show_the_meshes_too() -> None:
    assert ids(without(*(kind for kind in WHOLE.kinds if kind is not POD))) == MESHES


def released(*manifest: dict[str, object], **config: str) -> Snapshot:
    release = {
        "name": "istiod-green",
        "info": {"status": "deployed"},
        "chart": {"metadata": {"name": "istiod", "version": "1.27.9"}},
        "config": config,
        **({"manifest": list(manifest)} if manifest else {}),
    }
    metadata = {"name": "sh.helm.release.v1.istiod-green.v1", "namespace": "istio-system"}
    fields = {"type": "helm.sh/release.v1", "data": {"release": release}}
    secret = Obj(SECRET, {"metadata": metadata, **fields})
    return replace(WHOLE, kinds={**WHOLE.kinds, SECRET: WHOLE.seen(SECRET) + Seen((secret,))})


def test_a_control_plane_that_helm_declares_and_that_was_not_seen_is_told() -> None:
    [note] = Cluster(released(revision="green"), [INVENTORY]).model(INVENTORY).notes

    assert note == (
        "Helm release istiod-green of chart istiod 1.27.9 declares revision green in istio-system, "
        "which was not seen"
    )


def test_one_that_was_seen_is_not() -> None:
    assert not Cluster(released(revision="1-13-9"), [INVENTORY]).model(INVENTORY).notes


def test_what_the_manifest_of_a_release_has_counts_more_than_its_values() -> None:
    """An umbrella chart has the values of istiod's below a name of its own."""
    labels = {"app": "istiod", "istio.io/rev": "blue"}
    istiod: dict[str, object] = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "istiod-blue", "labels": labels},
    }
    [note] = Cluster(released(istiod, revision="1-13-9"), [INVENTORY]).model(INVENTORY).notes

    assert "declares revision blue in istio-system" in note


@pytest.mark.parametrize("changed", [True, False])
def test_a_mesh_configuration_that_helm_would_write_back_is_told(changed: bool) -> None:
    """Only what it says counts, not how it is written."""
    [config] = [
        it
        for it in WHOLE.seen(CONFIG_MAP).so_far
        if (it.namespace, it.name) == ("istio-system", "istio-1-13-9")
    ]
    text = str(config.at("data", "mesh").value)
    declared: dict[str, object] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": config.name},
        "data": {"mesh": f"# rendered\n{text}" + "\nconnectTimeout: 77s\n" * changed},
    }
    notes = Cluster(released(declared, revision="1-13-9"), [INVENTORY]).model(INVENTORY).notes
    said = (
        "the mesh configuration in ConfigMap istio-system/istio-1-13-9 was changed since Helm "
        "release istiod-green of chart istiod 1.27.9 wrote it, whose next upgrade writes it back"
    )
    assert notes == ((said,) if changed else ())


def inventory(snapshot: Snapshot) -> Inventory:
    return Cluster(snapshot, [INVENTORY]).model(INVENTORY)


def test_trust_is_told_in_each_direction_with_the_roots() -> None:
    sound = inventory(WHOLE)
    wrong = inventory(read([str(CLUSTERS / "wrong-root-accepted")]))
    roots = {mesh.id: mesh.roots.values for mesh in sound.meshes}

    assert [(it.accepting, it.issuing, it.accepts) for it in sound.trust] == [
        (*MESHES, True),
        (*reversed(MESHES), True),
    ]
    assert [it.roots for it in sound.trust] == [roots[it.issuing] for it in sound.trust]
    assert [it.accepts for it in wrong.trust] == [False, True]


def test_trust_that_cannot_be_told_says_what_is_missing() -> None:
    trust = inventory(without(CONFIG_MAP, SECRET)).trust

    assert [it.accepts for it in trust] == [None, None]
    assert all("configmaps" in {gap.what for gap in it.gaps} for it in trust)


def test_one_mesh_alone_has_nobody_to_trust() -> None:
    assert inventory(read([str(CLUSTERS / "sdm-alone")])).trust == ()


def test_each_crd_has_its_owners_in_words() -> None:
    owned = inventory(WHOLE).crds
    claimed = inventory(read([str(CLUSTERS / "crds-claimed-by-both")])).crds

    assert len(owned) == 14
    assert {it.owners.values for it in owned} == {("SDM's operator",)}
    assert {it.owners.values for it in claimed} == {
        ("SDM's operator", "istioctl or its in-cluster operator")
    }
    assert inventory(without(CRD)).crds == ()
    assert inventory(without(CRD)).crds_gaps


def test_trust_domains_that_differ_are_told_beside_the_roots(tmp_path: Path) -> None:
    shutil.copytree(CLUSTERS / "sdm-first", tmp_path / "sdm-first")
    file = tmp_path / "sdm-first" / "configuration.yaml"
    text = file.read_text("utf-8")
    assert text.count("trustDomain: cluster.local") == 2
    file.write_text(text.replace("trustDomain: cluster.local", "trustDomain: bank.example", 1))
    trust = inventory(read([str(tmp_path)])).trust

    assert [it.accepts for it in trust] == [True, True]
    told = ", of which trust-domains-accepted tells"
    assert [it.why.partition("; ")[2] for it in trust] == [
        f"its trust domain is bank.example, not cluster.local{told}",
        f"its trust domain is cluster.local, not bank.example{told}",
    ]
    assert not any("trust domain" in it.why for it in inventory(WHOLE).trust)
