"""Every control plane is found, grouped rightly, and named by nothing that may be missing."""

import pytest

from auditor.models.meshes import ALL_MESHES, MESHES, RUNNING_MESHES, Mesh
from auditor.seen import Seen, Unseen
from auditor.snapshot import Snapshot
from tests.models.given import deployment, given, view

UPSTREAM = deployment("istiod-1-20-3", "mesh", "1-20-3")
SDM = deployment(
    "istiod-icp-v115x",
    "sdm-istio-system",
    "icp-v115x.sdm-istio-system",
    image="registry.example.com/istio-pilot:1.15.3-bzc.1",
)
OWNED = """
ownerReferences:
- {apiVersion: v1, kind: IstioControlPlane, name: default, uid: "1"}
"""
POD = """
---
apiVersion: v1
kind: Pod
metadata:
  name: istiod-1-20-3-7d9f8b6c5d-x2x2x
  namespace: mesh
  labels: {app: istiod, istio.io/rev: 1-20-3}
  ownerReferences:
  - {apiVersion: apps/v1, kind: ReplicaSet, name: istiod-1-20-3-7d9f8b6c5d, uid: "2"}
spec:
  containers:
  - {name: discovery, image: "docker.io/istio/pilot:1.20.3", args: [discovery]}
"""
ICP = """
---
apiVersion: servicemesh.cisco.com/v1alpha1
kind: IstioControlPlane
metadata: {name: icp.v115x, namespace: sdm-istio-system}
spec: {version: 1.15.3, mode: ACTIVE}
"""
WEBHOOK = """
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector-1-20-3
  labels: {app: sidecar-injector, istio.io/rev: 1-20-3}
webhooks:
- name: rev.namespace.sidecar-injector.istio.io
  clientConfig: {service: {name: istiod-1-20-3, namespace: mesh, path: /inject}}
"""
MANAGED = """
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istiod-asm-managed-rapid
  labels: {app: sidecar-injector, istio.io/rev: asm-managed-rapid}
webhooks:
- name: rev.namespace.sidecar-injector.istio.io
  clientConfig: {url: "https://mesh.example.com/inject"}
"""


def seen(snapshot: Snapshot) -> dict[str, Mesh]:
    return {mesh.id: mesh for mesh in view(snapshot, MESHES).model(MESHES).so_far}


def revisions(objects: str) -> dict[str, tuple[str, ...]]:
    return {id: mesh.revisions for id, mesh in seen(given(objects)).items()}


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        (UPSTREAM, {"istio.mesh": ("1-20-3",)}),
        (deployment("istiod", "mesh"), {"istio.mesh": ("default",)}),
        (
            UPSTREAM + deployment("istiod-1-21-0", "mesh", "1-21-0"),
            {"istio.mesh": ("1-20-3", "1-21-0")},
        ),
        (
            UPSTREAM + deployment("istiod", "other"),
            {"istio.mesh": ("1-20-3",), "istio.other": ("default",)},
        ),
        (SDM, {"sdm.sdm-istio-system": ("icp-v115x.sdm-istio-system",)}),
        (deployment("istiod-default", "sdm", "default", more=OWNED), {"sdm.sdm": ("default",)}),
        (ICP, {"sdm.sdm-istio-system": ("icp-v115x.sdm-istio-system",)}),
        (ICP.replace("icp.v115x", "default"), {"sdm.sdm-istio-system": ("default",)}),
        (
            deployment("higress-controller", "higress", image="registry.example.com/pilot:2.2.1")
            .replace("app: istiod", "app: higress"),
            {"istio.higress": ("default",)},
        ),
        (
            deployment("istiod-basic", "mesh", "basic", labels=["maistra.io/owner-name: basic"]),
            {"ossm.mesh": ("basic",)},
        ),
        (POD, {"istio.mesh": ("1-20-3",)}),
        (MANAGED, {"outside.mesh.example.com": ("asm-managed-rapid",)}),
        (WEBHOOK, {}),
        (deployment("discovery", "shop", image="registry.example.com/eureka:1")
            .replace("app: istiod", "app: shop").replace("args: [discovery]", "args: [serve]"), {}),
    ],
    ids=[
        "a revision", "no revision", "a canary is one mesh", "two namespaces are two", "SDM's",
        "SDM's that is called default", "declared", "declared, called default",
        "embedded in another product", "OpenShift Service Mesh 2", "a pod alone", "outside",
        "a webhook alone may be a leftover", "a container that is only called discovery",
    ],
)  # fmt: skip
def test_control_planes_are_found(objects: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert revisions(objects) == expected


@pytest.mark.parametrize(
    ("objects", "runs"),
    [
        (UPSTREAM, True),
        (ICP, False),
        (MANAGED, True),
        (UPSTREAM.replace("spec:\n  template", "spec:\n  replicas: 0\n  template"), False),
    ],
    ids=["a Deployment", "declared alone", "outside the cluster", "scaled to nothing"],
)
def test_whether_it_runs(objects: str, runs: bool) -> None:
    [mesh] = seen(given(objects)).values()

    assert mesh.runs is runs


def test_declared_alone_is_not_known_to_rest_where_deployments_were_not_listed() -> None:
    [mesh] = seen(given(ICP, "listed: all\nmissing: [deployments.apps]")).values()

    with pytest.raises(Unseen):
        assert mesh.runs


def test_a_pod_speaks_for_its_deployment() -> None:
    [by_pod] = seen(given(POD)).values()
    [by_deployment] = seen(given(UPSTREAM)).values()

    assert by_pod.control_planes[0].ref == by_deployment.control_planes[0].ref


@pytest.mark.parametrize(
    "missing",
    [
        "deployments.apps",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "istiocontrolplanes.servicemesh.cisco.com",
        "istiooperators.install.istio.io",
        "istiorevisions.sailoperator.io",
    ],
)
def test_what_could_hide_a_control_plane_is_said(missing: str) -> None:
    meshes = view(given(POD, f"listed: all\nmissing: [{missing}]"), MESHES).model(MESHES)

    assert any(missing in gap.what for gap in meshes.gaps)


def test_a_hint_says_what_to_look_for_where_deployments_were_not_listed() -> None:
    snapshot = given(WEBHOOK, "listed: all\nmissing: [deployments.apps]")
    found = view(snapshot, ALL_MESHES).model(ALL_MESHES)

    assert [hint.namespace for hint in found.hints] == ["mesh"]
    assert any("istio-sidecar-injector-1-20-3" in gap.what for gap in found.seen.gaps)


def test_what_is_only_declared_hides_no_mesh_that_runs() -> None:
    snapshot = given(UPSTREAM, "listed: all\nmissing: [istiocontrolplanes.servicemesh.cisco.com]")

    assert view(snapshot, MESHES).model(MESHES).gaps
    assert not view(snapshot, RUNNING_MESHES).model(RUNNING_MESHES).gaps


def test_an_argument_that_is_not_kept_hides_no_control_plane() -> None:
    app = """
    apiVersion: v1
    kind: Pod
    metadata: {name: app, namespace: shop}
    spec:
      containers:
      - {name: app, image: "registry.example.com/app:1", args: ["-c", "echo $(date) > /x"]}
      - {name: other, image: "registry.example.com/app:1", args: ["/etc/app.yaml?token=1"]}
    """
    snapshot = given(app)

    assert view(snapshot, MESHES).model(MESHES) == Seen()


def test_a_webhook_of_a_control_plane_that_runs_is_no_hint() -> None:
    """Whatever product it is of: the webhook of OpenShift Service Mesh 2 does not say."""
    snapshot = given(
        """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: istiod-basic
  namespace: mesh
  labels: {app: istiod, istio.io/rev: basic, maistra.io/owner-name: basic}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istiod-basic-mesh
  labels: {app: sidecar-injector, istio.io/rev: basic}
webhooks:
- name: sidecar-injector.istio.io
  clientConfig: {service: {name: istiod-basic, namespace: mesh}}
"""
    )
    found = view(snapshot, ALL_MESHES).model(ALL_MESHES)

    assert [mesh.id for mesh in found.seen] == ["ossm.mesh"]
    assert found.hints == ()
