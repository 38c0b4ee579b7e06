"""The operators that install Istio: which Deployments they are, and of which kind.

A name decides nothing: upstream's in-cluster operator, the banzai operator of SDM and
OpenShift Service Mesh 2 all call their Deployment `istio-operator` unless told otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.operators import operator_release
from auditor.facts.versions import Version
from auditor.kinds import DEPLOYMENT
from auditor.models.containers import containers, env
from auditor.models.crd_owners import COMPONENT
from auditor.models.installers import IN_CLUSTER, SAIL
from auditor.models.istiod import OSSM, SDM
from auditor.models.versions import tag_of
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen

KINDS = {
    SDM: "SDM's operator",
    IN_CLUSTER: "upstream's in-cluster operator",
    SAIL: "Sail's operator",
    OSSM: "the operator of OpenShift Service Mesh 2",
}
GROUPS = {
    SDM: "servicemesh.cisco.com",
    IN_CLUSTER: "install.istio.io",
    SAIL: "sailoperator.io",
    OSSM: "maistra.io",
}
"""The API group of the custom resources that an operator must be able to read."""

IMAGES = {
    "istio-operator": SDM,
    "sail-operator": SAIL,
    "istio-rhel9-operator": SAIL,
    "istio-rhel8-operator": OSSM,
    "istio-ubi8-operator": OSSM,
}
"""What the image of an operator is called, in whatever registry."""


@dataclass(frozen=True)
class Operator:
    """A Deployment that runs an operator of Istio, and the container that does."""

    kind: str
    """`sdm`, `istio-operator` (upstream's, up to Istio 1.23), `sail` or `ossm`."""
    deployment: Obj
    container: Field

    @property
    def ref(self) -> Ref:
        return self.deployment.ref

    @property
    def namespace(self) -> str:
        return self.deployment.namespace

    @property
    def name(self) -> str:
        """Its Deployment's name, which its account and its cluster-wide roles share.

        True of upstream's chart and of banzai's (`istio-operator.fullname`).
        """
        return self.deployment.name

    @property
    def shares_its_name(self) -> bool:
        """Whether its ClusterRole is called as it is.

        OLM makes up the names of the roles it creates, Sail's chart has its own, and the
        manifests of OpenShift Service Mesh 2 have the name of the Deployment.
        """
        by_olm = self.kind == OSSM and bool(self.deployment.label("olm.owner"))
        return self.kind != SAIL and not by_olm

    @property
    def said(self) -> str:
        return f"{KINDS[self.kind]} {self.namespace}/{self.name}"

    @property
    def account(self) -> Field:
        """The service account that it runs as; absent for the namespace's default."""
        return self.deployment.at("spec", "template", "spec", "serviceAccountName")

    @property
    def image(self) -> Field:
        return self.container.at("image")

    @property
    def tag(self) -> Field:
        """Its own version, as the tag of its image says it; absent without one."""
        return tag_of(self.image)

    @property
    def release(self) -> Version | None:
        """The Istio release that it is built for; None where its tag is no number of Istio's."""
        return Version.parse(str(self.tag.value or ""))

    @property
    def watches(self) -> Field:
        """The namespaces that it watches, in a variable that not every kind has."""
        return env(self.container, "WATCH_NAMESPACE")

    @property
    def runs(self) -> bool:
        return bool(self.deployment.at("spec", "replicas").value != 0)

    @property
    def revision(self) -> Field:
        """The revision that upstream's acts upon; without one it acts upon all."""
        return env(self.container, "REVISION")


def overlapping(one: Operator, other: Operator) -> bool:
    """Whether two operators act upon the same custom resources.

    Istio 1.13.9: operator/cmd/operator/server.go, operator/pkg/controller/istiocontrolplane.
    """
    if one.kind != other.kind or one.kind not in (IN_CLUSTER, SDM):
        return False
    if one.kind == SDM:
        return accepted_by(one) == accepted_by(other)
    places = [set(str(it.watches.value or "").split(",")) - {""} for it in (one, other)]
    if all(places) and not places[0] & places[1]:
        return False
    revisions = [str(it.revision.value or "") for it in (one, other)]
    return "" in revisions or revisions[0] == revisions[1]


def accepted_by(operator: Operator) -> str | None:
    """The minor of Istio that an operator of SDM acts upon; None where that is not known."""
    release = operator_release(str(operator.tag.value or ""))
    return release.accepts if release else None


def accepts(operator: Operator, version: str) -> bool | None:
    """Whether an operator of SDM acts upon a version of Istio; None where that is not known.

    What it does not accept it ignores, with a line in its log
    (banzaicloud/istio-operator v2.17.4: controllers/version.go).
    """
    minor = accepted_by(operator)
    if minor is None:
        return None
    return bool(re.fullmatch(rf"{re.escape(minor)}(\.[0-9]+)?(-.+)?", version))


def operators_in(deployment: Obj) -> Iterator[Operator]:
    """The operator that a Deployment runs, if it runs one."""
    for container in containers(deployment):
        if kind := _kind(deployment, container):
            yield Operator(kind, deployment, container)
            return


def _kind(deployment: Obj, container: Field) -> str | None:
    """What an operator's container runs, by the image; upstream's is called just `operator`."""
    repository = str(container.at("image").value or "").partition("@")[0]
    *above, name = repository.split("/")
    name = name.partition(":")[0]
    if name != "operator":
        return IMAGES.get(name)
    upstream = bool(above) and above[-1].startswith("istio")
    upstream = upstream or container.at("name").value == "istio-operator"
    upstream = upstream or deployment.label(COMPONENT).value == "IstioOperator"
    return IN_CLUSTER if upstream else None


OPERATORS: Model[Seen[Operator]] = Model(
    "operators", (DEPLOYMENT,), lambda cluster: cluster[DEPLOYMENT].each(operators_in)
)


def operators(cluster: Cluster) -> Seen[Operator]:
    """Every operator of Istio in the cluster, running or not."""
    return cluster.model(OPERATORS)
