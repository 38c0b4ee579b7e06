"""What is taken out of the items of a list while it is read, of which nothing may be seen later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import sources
from auditor.documents import Located
from auditor.kinds import POD
from auditor.snapshot import Snapshot
from auditor.sources import reading
from auditor.sources.easing import eased

Piped = Callable[[str | bytes], Snapshot]

CLUSTERS = sorted(
    it for it in (Path(__file__).parents[2] / "fixtures" / "clusters").iterdir() if it.is_dir()
)

SHARED = """\
apiVersion: v1
kind: List
items:
- &event
  apiVersion: v1
  kind: Event
  metadata: &metadata {name: a, namespace: shop, uid: "1", managedFields: [{manager: kubectl}]}
  spec: &spec {nodeName: x, containers: [{name: app, image: web, tty: true}]}
- apiVersion: v1
  kind: Pod
  metadata: *metadata
  spec: *spec
- apiVersion: istio.example/v1
  kind: Wrapping
  metadata: {name: w}
  spec: *event
"""


def item(**fields: object) -> Located:
    return Located(fields, line=1, column=0, last=9)


@pytest.mark.parametrize("cluster", CLUSTERS[::6], ids=lambda it: str(it.name))
def test_a_cluster_is_the_same(cluster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after = sources.read([str(cluster)])
    monkeypatch.setattr(reading, "eased", lambda _: None)

    assert after == sources.read([str(cluster)])


def test_what_items_share_is_left_to_the_others(
    piped: Piped, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = piped(SHARED)
    monkeypatch.setattr(reading, "eased", lambda _: None)

    assert [it.at("spec", "containers", 0, "image").value for it in after.seen(POD)] == ["web"]
    assert after == piped(SHARED)


def test_of_a_kind_that_nobody_reads_only_its_name_is_left() -> None:
    event = item(apiVersion="v1", kind="Event", metadata={"name": "a"}, message="x" * 1000)
    eased(event)

    assert event == {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "a"},
        "message": None,
    }


def test_of_a_pod_what_rules_read_is_left() -> None:
    spec = {"nodeName": "a", "containers": [{"name": "app", "image": "web", "tty": True}]}
    metadata = {"name": "a", "managedFields": [{"manager": "kubectl"}]}
    pod = item(apiVersion="v1", kind="Pod", metadata=metadata, spec=spec)
    eased(pod)

    assert pod["metadata"] == {"name": "a"}
    assert pod["spec"] == {"containers": [{"name": "app", "image": "web"}]}
    assert len(spec) == len(metadata) == 2


def test_a_status_goes_on_to_say_that_a_cluster_has_the_object() -> None:
    service = item(apiVersion="v1", kind="Service", metadata={}, status={"loadBalancer": {"a": 1}})
    eased(service)

    assert service["status"]


@pytest.mark.parametrize(
    "fields",
    [
        {"apiVersion": "v1", "kind": "Status", "status": "Failure", "message": "no"},
        {"apiVersion": "v1", "kind": "EventList", "items": [], "metadata": {"continue": "x"}},
        {"metadata": {"name": "a"}, "spec": {"x": 1}},
    ],
)
def test_what_says_something_else_stays(fields: dict[str, object]) -> None:
    it = item(**fields)
    eased(it)

    assert it == fields
