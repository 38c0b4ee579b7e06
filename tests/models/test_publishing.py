"""Where a control plane of any make keeps its mesh configuration and publishes its root."""

import pytest

from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import MESHES
from auditor.models.publishing import PUBLISHING
from auditor.seen import Unseen
from auditor.snapshot import Snapshot
from tests.models.given import deployment, given, view

UPSTREAM = deployment("istiod", "istio-system")
EMBEDDED = deployment(
    "gw-controller",
    "gateway-system",
    image="registry.example.com/gateway/pilot:2.2.1",
).replace(
    "    spec:\n      containers:",
    "    spec:\n      volumes: [{name: config, configMap: {name: gateway-config}}]\n"
    "      containers:",
)
MOUNTED = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: gateway-config, namespace: gateway-system}
data: {mesh: "rootNamespace: elsewhere"}
"""


def published(name: str, namespace: str = "gateway-system") -> str:
    return f"""
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {namespace}, labels: {{istio.io/config: "true"}}}}
data: {{root-cert.pem: "-----BEGIN CERTIFICATE-----"}}
"""


BOTH = published("istio-ca-root-cert") + published("gateway-ca-root-cert")


def names(snapshot: Snapshot) -> dict[str, set[str]]:
    cluster = view(snapshot, MESHES, PUBLISHING)
    publishing = cluster.model(PUBLISHING)
    meshes = cluster.model(MESHES).so_far
    return {mesh.id: {it.name for it in publishing.of_mesh(mesh)} for mesh in meshes}


def test_of_an_embedded_pilot_it_is_the_one_that_no_other_mesh_writes() -> None:
    assert names(given(UPSTREAM + EMBEDDED + BOTH)) == {
        "istio.gateway-system": {"gateway-ca-root-cert"},
        "istio.istio-system": {"istio-ca-root-cert"},
    }


@pytest.mark.parametrize(
    "published_there", ["", published("istio-ca-root-cert"), BOTH + published("third")]
)
def test_where_none_or_several_are_left_it_is_not_told(published_there: str) -> None:
    with pytest.raises(Unseen, match="no release of Istio"):
        names(given(UPSTREAM + EMBEDDED + published_there))


def test_nor_where_other_meshes_may_be_hidden() -> None:
    elsewhere = 'listed: all\ngaps: {"deployments.apps outside gateway-system": forbidden}'

    with pytest.raises(Unseen, match="forbidden"):
        names(given(EMBEDDED + BOTH, elsewhere))


@pytest.mark.parametrize("provider", ["none", "kubernetes"])
def test_without_a_ca_of_its_own_it_publishes_nothing(provider: str) -> None:
    silent = deployment(
        "istiod", "istio-system", env=[f"name: PILOT_CERT_PROVIDER, value: {provider}"]
    )

    assert names(given(silent)) == {"istio.istio-system": set()}


def test_since_1_27_upstream_may_be_told_another_name() -> None:
    told = deployment(
        "istiod", "istio-system", env=["name: PILOT_CA_CERT_CONFIGMAP, value: green-root"]
    )

    assert names(given(told)) == {"istio.istio-system": {"green-root"}}


def test_a_mesh_configuration_in_a_volume_is_found() -> None:
    cluster = view(given(EMBEDDED + MOUNTED), MESHES, MESH_CONFIGS)
    [config] = cluster.model(MESHES).each(cluster.model(MESH_CONFIGS).of_mesh)

    assert config.root_namespace == "elsewhere"
