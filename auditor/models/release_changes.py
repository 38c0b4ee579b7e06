"""Mesh configurations that somebody changed behind the back of Helm.

At its next upgrade Helm writes what its chart renders over what it finds, whether the chart changed
or not (helm 3.14: pkg/kube/client.go, a merge of the last manifest, the next and what is there).
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.kinds import CONFIG_MAP
from auditor.models.releases import Release
from auditor.models.texts import parsed

MESH = "mesh"


def changed_since(release: Release, cluster: Cluster) -> Iterator[str]:
    """Each mesh configuration that is not as a release wrote it, in words."""
    for written in release.objects(CONFIG_MAP):
        declared = parsed(written.at("data", MESH))
        name = str(written.at("metadata", "name").value)
        namespace = str(written.at("metadata", "namespace").value or release.namespace)
        found = cluster.find(CONFIG_MAP, name, namespace) if declared else None
        running = parsed(found.at("data", MESH)) if found else None
        if found and running and running.value != declared.value:
            yield (
                f"the mesh configuration in {found.ref} was changed since {release.said} wrote it, "
                "whose next upgrade writes it back"
            )
