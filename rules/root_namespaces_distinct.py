"""No two meshes configure themselves from one root namespace.

## Why
What lies in the root namespace holds for a whole mesh: its PeerAuthentication, its
EnvoyFilters, Telemetry and Sidecar. Where two meshes share it, each obeys what was meant
for the other, and a filter that only one release understands reaches the proxies of both.

## Pass
The `rootNamespace` in the mesh configuration of each mesh is the root of no other mesh.
Revisions of one mesh share theirs, as in a canary upgrade.

## Fail
Two meshes that run name the same one. That is so where both are installed in one
namespace, and where a mesh was installed by Helm into a namespace of its own without
`global.istioNamespace`: its configuration then names the root of the first one.

## Unknown
A control plane or its mesh configuration was not seen, or istiod does not take its mesh
configuration: then it runs with a root that is built in, or with the last one it took.

## Fix
Set `meshConfig.rootNamespace` to the mesh's own namespace, and copy there first what is
meant for it; with Helm better `global.istioNamespace`, which names it in all places. SDM's
operator always takes the namespace of its IstioControlPlane. Where both meshes live in one
namespace, one of them is installed anew in another.
"""

from auditor.api import (
    ROOT_NAMESPACES,
    ROOT_REMEDIES,
    Cluster,
    Outcome,
    RootNamespace,
    Severity,
    root_namespaces,
    rule,
)


@rule(
    id="root-namespaces-distinct",
    family="names",
    severity=Severity.ERROR,
    over=root_namespaces,
    reads=[ROOT_NAMESPACES, ROOT_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-root_namespace",
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
    ],
)
def root_namespaces_distinct(root: RootNamespace, cluster: Cluster) -> Outcome:
    others = root_namespaces(cluster).where(lambda it: it.mesh != root.mesh)
    if others.where(lambda it: it.namespace == root.namespace).first():
        here = root_namespaces(cluster).where(lambda it: it.namespace == root.namespace).so_far
        meshes = sorted({it.mesh for it in here})
        return Outcome.failed(
            f"it is the root of {' and of '.join(meshes)}",
            *(it.field for it in here),
            remedies=cluster.model(ROOT_REMEDIES).apart(here),
        )
    if not others:
        return Outcome.not_applicable("there is one mesh", root.field)
    return Outcome.passed(f"it is the root of {root.mesh} alone", root.field)
