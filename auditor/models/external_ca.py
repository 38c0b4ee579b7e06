"""CAs outside of the meshes that are to sign for them, wherever somebody declared one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.cluster import Cluster, Model
from auditor.kinds import CONFIG_MAP, ISTIO_CONTROL_PLANE, SECRET
from auditor.models.authority import EXTERNAL, FALSE, is_elsewhere, other_signers
from auditor.models.certificates import Certificate
from auditor.models.declared import Declaration
from auditor.models.declared_settings import declared_variable
from auditor.models.hints import OUTSIDE
from auditor.models.installers import IGNORED
from auditor.models.instances import Instance
from auditor.models.istiod import setting
from auditor.models.meshes import Mesh
from auditor.models.roots import READS, Roots, issued_from
from auditor.objects import Field, Obj
from auditor.seen import Gap, Seen

PROVIDER = "PILOT_CERT_PROVIDER"
HANDING_ON = ("EXTERNAL_CA", "CERT_SIGNER_DOMAIN", PROVIDER)
"""The variables by which an istiod hands signing on to Kubernetes' CSR API
(istio 1.30.3: pilot/pkg/bootstrap/istio_ca.go, pilot/pkg/features/security.go)."""
SIGNING = (*HANDING_ON, "K8S_SIGNER")
"""Those, and the one that names the signer."""
SERVER = "ENABLE_CA_SERVER"


@dataclass(frozen=True)
class ExternalCas:
    """Tells whether a CA outside is to sign for a mesh."""

    cluster: Cluster
    _declared: dict[str, Seen[Field]] = field(default_factory=dict, compare=False)

    def declared(self, mesh: Mesh) -> Seen[Field]:
        """All that says so: what runs, what is asked for, and the root that was laid ready."""
        if mesh.id not in self._declared:
            self._declared[mesh.id] = self._found(mesh)
        return self._declared[mesh.id]

    def _found(self, mesh: Mesh) -> Seen[Field]:
        planes = Seen(mesh.control_planes)
        asked = planes.each(lambda plane: Seen(plane.declared).each(_asked_for))
        roots = self.roots(mesh).map(lambda it: it.at("metadata", "name"))
        return self.in_effect(mesh) + asked + roots

    def in_effect(self, mesh: Mesh) -> Seen[Field]:
        """What its istiods and injectors run with."""
        if mesh.family == OUTSIDE:
            lost = Gap(f"the CA of {mesh.id}", "its control plane is outside the cluster")
            return Seen(gaps=(lost,))
        instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
        settings = instances.each(_handed_on)
        return settings + instances.each(lambda it: other_signers(self.cluster, it))

    def issued_from(self, mesh: Mesh) -> tuple[Certificate, ...]:
        """The roots that workloads of a mesh may be issued from; none where nothing shows one."""
        places = Roots(self.cluster).places(mesh)
        return issued_from(places, mesh) if places else ()

    def roots(self, mesh: Mesh) -> Seen[Obj]:
        """The object with the root of such a CA that its istiod mounts, where it is there."""
        kinds = Seen((SECRET, CONFIG_MAP))
        found = kinds.map(lambda kind: self.cluster.find(kind, EXTERNAL, mesh.namespace))
        return found.each(lambda it: (it,) if it else ())


def settings_for_signing(mesh: Mesh) -> Seen[tuple[str, Field]]:
    """The variables of its istiods that say which CA signs in their place, by name."""
    instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
    said = instances.each(lambda it: ((name, setting(it.thing, name)) for name in SIGNING))
    return said.where(lambda it: _hands_on(*it))


def _handed_on(instance: Instance) -> Iterator[Field]:
    for name in HANDING_ON:
        variable = setting(instance.thing, name)
        if _hands_on(name, variable):
            yield variable
    server = setting(instance.thing, SERVER)
    if server.value in FALSE:
        yield server


def _asked_for(declaration: Declaration) -> Iterator[Field]:
    """What a resource asks of an operator; what istioctl only recorded is in effect."""
    resource = declaration.resource
    if resource.annotation(IGNORED).value == "true":
        return
    for name in HANDING_ON:
        variable = declared_variable(declaration, name)
        if _hands_on(name, variable):
            yield variable
    values = resource.at("spec", "values", "global")
    provider = values.at("pilotCertProvider")
    if _hands_on(PROVIDER, provider):
        yield provider
    is_sdm = resource.kind == ISTIO_CONTROL_PLANE
    address = resource.at("spec", "caAddress") if is_sdm else values.at("caAddress")
    if is_elsewhere(address):
        yield address


def _hands_on(name: str, variable: Field) -> bool:
    text = str(variable.value or "")
    return text.startswith("k8s.io/") if name == PROVIDER else bool(text)


EXTERNAL_CAS = Model("external CAs", READS, ExternalCas)
