"""No setting of a custom resource stands where nothing reads it.

## Why
A setting at the wrong place changes nothing, and nothing says so: the API server takes
any field of an IstioOperator, and drops an unknown one of an IstioControlPlane in
silence. In an IstioOperator it does more harm: istioctl refuses the file, and the
operator in the cluster stops reconciling every IstioOperator because of the one.

## Pass
Every field is one that Istio, or the operator of Streaming Data Manager, has at that
place and with that type, and no setting is given at two places with different values.

## Fail
`meshConfig` under `spec.components`, where the vendor's page has it; a field that is
misspelt, or belongs under `meshConfig` or its `defaultConfig`; a boolean or a number where
a text belongs, such as `PROXY_CONFIG_XDS_AGENT: true`, which costs the whole mesh
configuration. A setting in both `spec.meshConfig` and `spec.values.meshConfig` is a
warning: until Istio 1.23 the values hide the other, from 1.24 on the reverse, and of
two lists one is lost.

## Unknown
A part of the resource was taken out of the dump; or two places differ and the version
that decides between them is not told.

## Fix
In an IstioOperator the mesh configuration is `spec.meshConfig`, beside `components` and
not under it; variables of istiod are `spec.components.pilot.k8s.env`. In an
IstioControlPlane they are `spec.meshConfig` and `spec.istiod.deployment.env`. Put every
value of `proxyMetadata` and `env` in quotes. Keep one list of `caCertificates`. From
Istio 1.24 on no operator reads an IstioOperator that is applied to the cluster, as the
vendor's page has it: give the file to `istioctl install -f`.
"""

from auditor.api import (
    DIFFERENCES,
    ISTIO_CONTROL_PLANE,
    ISTIO_OPERATOR,
    MESH_CONFIGS,
    MESHES,
    VERSIONS,
    Cluster,
    Misplaced,
    Obj,
    Outcome,
    Seen,
    Severity,
    hidden,
    misplaced,
    put_right,
    rule,
)


def custom_resources(cluster: Cluster) -> Seen[Obj]:
    """Every resource that configures a mesh for an operator or istioctl."""
    return cluster[ISTIO_OPERATOR] + cluster[ISTIO_CONTROL_PLANE]


@rule(
    id="mesh-config-placement",
    family="control-plane",
    severity=Severity.ERROR,
    over=custom_resources,
    reads=[DIFFERENCES, ISTIO_OPERATOR, ISTIO_CONTROL_PLANE, MESHES, MESH_CONFIGS, VERSIONS],
    references=[
        "https://istio.io/v1.23/docs/reference/config/istio.operator.v1alpha1/",
        "https://github.com/istio/istio/issues/30614",
    ],
)
def mesh_config_placement(resource: Obj, cluster: Cluster) -> Outcome:
    faults = Seen((resource,)).each(misplaced) + rivals(resource, cluster)
    if not faults:
        return Outcome.passed("every setting stands where it is read", resource.at("kind"))
    found = faults.so_far
    return Outcome.failed(
        "; ".join(dict.fromkeys(fault.said for fault in found)),
        *(fault.field for fault in found),
        remedies=[put_right(resource, found, cluster)],
        severity=Severity.WARNING if all(fault.mild for fault in found) else None,
    )


def rivals(resource: Obj, cluster: Cluster) -> Seen[Misplaced]:
    """Settings at two places, which only an IstioOperator has."""
    operators = Seen((resource,)).where(lambda it: it.kind == ISTIO_OPERATOR)
    return operators.each(lambda it: hidden(it, cluster))
