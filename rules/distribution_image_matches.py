"""An IstioControlPlane of distribution `cisco` runs an istiod that knows that distribution.

## Why
SDM's operator names the ConfigMaps and locks of a mesh of distribution `cisco` in variables
that only Cisco's istiod reads. Upstream's ignores them: it finds no mesh configuration and
runs on built-in defaults, without the roots of other meshes, and it writes
`istio-ca-root-cert` into every namespace as the other mesh does.

## Pass
Its image is called `istio-pilot`, as Cisco's and banzai's are, or has the suffix `-bzc`;
or the root is published under the name that only Cisco's istiod takes.

## Fail
Its image is upstream's (`docker.io/istio`, `gcr.io/istio-release`, `registry.istio.io`), as
in the samples of the operator's own repository, which are of no distribution.

## Unknown
What runs was not seen, or the image is called as upstream's is and comes from a registry
that tells nothing, such as a mirror.

## Fix
Give it an image of Cisco's istiod under `spec.istiod.deployment.image`, of the version that
its spec names, and restart the workloads of the mesh, which look for its root under another
name then.
"""

from auditor.api import (
    CISCO,
    CONFIG_MAP,
    ISTIO_CONTROL_PLANE,
    MESHES,
    Cluster,
    ControlPlane,
    Field,
    Obj,
    Outcome,
    Seen,
    Severity,
    control_planes,
    discovery,
    is_ciscos,
    is_upstreams,
    own_image,
    rule,
    setting,
)

ROOT_NAME = "CACERT_CONFIG_NAME"
"""The variable by which Cisco's istiod is told the name of the ConfigMaps with its root."""


def istio_control_planes(cluster: Cluster) -> Seen[Obj]:
    return cluster[ISTIO_CONTROL_PLANE]


@rule(
    id="distribution-image-matches",
    family="control-plane",
    severity=Severity.ERROR,
    over=istio_control_planes,
    reads=[CONFIG_MAP, ISTIO_CONTROL_PLANE, MESHES],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/internal/assets/manifests/istio-discovery/values.yaml.tpl"
    ],
)
def distribution_image_matches(icp: Obj, cluster: Cluster) -> Outcome:
    distribution = icp.at("spec", "distribution")
    if distribution.value != CISCO:
        return Outcome.not_applicable(f"its distribution is not {CISCO}", distribution)
    planes = control_planes(cluster).where(
        lambda plane: any(it.resource.ref == icp.ref for it in plane.declared)
    )
    plane = planes.first()
    if plane is None or not plane.runs:
        return Outcome.not_applicable("it does not run in this cluster", distribution)
    running = plane.instances.where(lambda it: it.runs)
    images = running.map(lambda it: discovery(it.thing).at("image"))
    if image := images.where(is_upstreams).first():
        return Outcome.failed(
            f"it is of distribution {CISCO}, and upstream's istiod runs, which knows of none",
            distribution,
            image,
            remedies=[own_image(f"{plane.family}.{plane.namespace}", (plane,))],
        )
    shown = dict.fromkeys(images.so_far)
    if not images.where(lambda it: not is_ciscos(it)):
        return Outcome.passed("its image is Cisco's", distribution, *shown)
    if published := published_by(plane, cluster).first():
        return Outcome.passed("it publishes its root as Cisco's istiod does", *shown, published)
    return Outcome.unknown("its image does not say whose istiod it is", distribution, *shown)


def published_by(plane: ControlPlane, cluster: Cluster) -> Seen[Field]:
    """The root of a mesh in its own namespace, under the name that the operator gave it."""
    names = plane.instances.map(lambda it: setting(it.thing, ROOT_NAME)).where(lambda it: it)
    found = names.map(lambda it: cluster.find(CONFIG_MAP, str(it.value), plane.namespace))
    roots = found.each(lambda it: (it.at("data", "root-cert.pem"),) if it else ())
    return roots.where(lambda it: it).map(lambda it: it.holding("(a root)"))
