"""Each control plane takes the mesh configuration that was written for it.

## Why
One value of a wrong type loses a whole mesh configuration. Istiod then runs on built-in
defaults, or until its next restart on the last one that it took, and says so in its log
alone: trust, telemetry, the root namespace, all are as if nobody had set them.

## Pass
A ConfigMap of the name that istiod looks for is in its namespace, its `data.mesh` parses,
and the fields are of the types that Istio has. Fields that Istio does not know are
ignored, as istiod does; what it refuses of values that are out of range is not judged.

## Fail
It is no YAML; a text, a switch, a number, a duration or a choice is of another type, as a
boolean in `proxyMetadata` (`PROXY_CONFIG_XDS_AGENT: true`) or an `OFF` without quotes,
which is false in YAML; a ConfigMap without `data.mesh`; one for this revision under
another name; or one for Cisco's istiod where another image runs, which does not look
there. A warning where there is none at all, for a chart may be told to leave it out.

## Unknown
The control plane or the ConfigMaps of its namespace were not seen, it reads a file of its
own, or another product brings it along and names its configuration as it likes.

## Fix
Put every text in quotes, where the installer keeps it: `helm --set` makes a boolean of
`true`, and `--set-string` does not; `kubectl edit` takes anything, and istioctl refuses
it. Then look into the log of istiod for "invalid mesh config", or "failed to read".
"""

from collections.abc import Iterator

from auditor.api import (
    CONFIG_MAP,
    MESH_CONFIGS,
    MESH_WRITING,
    OUTSIDE,
    REVISION,
    RUNNING_MESHES,
    Cluster,
    ControlPlane,
    Field,
    Instance,
    MeshConfig,
    Outcome,
    Seen,
    Severity,
    config_name,
    is_istios_own,
    revision_field,
    rule,
    running_control_planes,
)


@rule(
    id="mesh-config-parses",
    family="control-plane",
    severity=Severity.ERROR,
    over=running_control_planes,
    reads=[CONFIG_MAP, MESH_CONFIGS, MESH_WRITING, RUNNING_MESHES],
    references=[
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/",
        "https://github.com/istio/istio/issues/54615",
    ],
)
def mesh_config_parses(plane: ControlPlane, cluster: Cluster) -> Outcome:
    if plane.family == OUTSIDE:
        return Outcome.not_applicable("it runs outside the cluster", *plane.shown_by)
    configs = cluster.model(MESH_CONFIGS)
    istios = configs.lacking(plane).where(is_istios_own)
    faults = configs.found(plane).each(lambda it: refused(it, cluster))
    faults += istios.map(lambda it: without(it, plane, cluster))
    if fault := faults.first():
        return fault
    shown = [it.text.holding("(it parses)") for it in configs.of(plane)]
    return Outcome.passed("istiod takes its mesh configuration", *shown)


def refused(config: MeshConfig, cluster: Cluster) -> Iterator[Outcome]:
    """A configuration that istiod finds and does not take."""
    remedies = [cluster.model(MESH_WRITING).mended(config)]
    if config.problem:
        said = f"istiod does not take its mesh configuration: {config.problem}"
        yield Outcome.failed(said, config.fault, remedies=remedies)
    elif not config.text and config.shared is None:
        said = "its ConfigMap has no data.mesh: it runs on built-in defaults"
        yield Outcome.failed(said, config.text, remedies=remedies)


def without(instance: Instance, plane: ControlPlane, cluster: Cluster) -> Outcome:
    """No configuration of the name that it looks for."""
    name = config_name(instance)
    said = f"there is no ConfigMap {name} here: it runs on built-in defaults"
    others = meant_for(plane, cluster)
    for other in others.so_far:
        said += f", and {other.ref} is not read"
    return Outcome.failed(
        said,
        revision_field(instance.thing),
        *others.so_far,
        remedies=[cluster.model(MESH_WRITING).written(instance, plane)],
        severity=None if others.so_far else Severity.WARNING,
    )


def meant_for(plane: ControlPlane, cluster: Cluster) -> Seen[Field]:
    """Configurations of another name that are labelled for its revision."""
    here = cluster.within(CONFIG_MAP, plane.namespace)
    configs = here.where(lambda it: it.at("data", "mesh"))
    labels = configs.map(lambda it: it.label(REVISION))
    return labels.where(lambda it: it.value == plane.revision)
