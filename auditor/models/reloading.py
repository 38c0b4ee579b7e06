"""Whether an istiod notices that the Secret of its CA was changed."""

from __future__ import annotations

from auditor.cluster import Cluster
from auditor.models.acceptance import plane_versions
from auditor.models.authority import FALSE
from auditor.models.containers import is_on
from auditor.models.istiod import setting
from auditor.models.meshes import ControlPlane, Instance
from auditor.models.versions import VERSIONS

RELOADS = "AUTO_RELOAD_PLUGIN_CERTS"
FIRST_WITH_RELOADS, FIRST_THAT_RELOADS, FIRST_THAT_ALWAYS_RELOADS = 12, 18, 19
"""Istio 1.12 knows the switch, 1.18 has it on, 1.19 has none
(istio 1.12.9, 1.18.7: pilot/pkg/features/pilot.go)."""


def reloads_intermediates(cluster: Cluster, plane: ControlPlane) -> bool:
    """Whether a control plane takes a new intermediate of the same root without a restart.

    Raises `Unseen` where nothing tells its version, or the switch.
    """
    minors = [it.known.minor_number for it in plane_versions(cluster, plane)]
    return all(_reloads(it, min(minors)) for it in plane.instances)


def _reloads(instance: Instance, minor: int) -> bool:
    if minor < FIRST_WITH_RELOADS or minor >= FIRST_THAT_ALWAYS_RELOADS:
        return minor >= FIRST_THAT_ALWAYS_RELOADS
    switch = setting(instance.thing, RELOADS)
    if minor >= FIRST_THAT_RELOADS:
        return switch.value not in FALSE
    return is_on(switch)


READS = (VERSIONS,)
