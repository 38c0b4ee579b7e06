"""SDM's ApplicationManifest asks for an operator that can be installed.

## Why
SDM installs no Istio, or installs it into the namespace of another mesh, from the moment
that an ApplicationManifest with such an error is applied; text that is no YAML mapping
counts for nothing, and with it the operator's own name.

## Pass
`spec.istioOperator` is enabled, names a namespace in which no other mesh is and in which
SDM's operator runs, if it does; `valuesOverride` is absent or a text that holds a mapping.

## Fail
Its namespace is that of another mesh and SDM has none there yet; `enabled` is no boolean;
`valuesOverride` is a mapping itself, a list, or text that does not parse, as with a tab or
a line indented too little. A warning where it is not enabled though SDM's operator runs,
names no namespace, or another one than that in which SDM's operator runs.

## Unknown
The texts were not in the dump, or where control planes and operators run was not.

## Fix
`valuesOverride` is a text that holds YAML: write it as a block (`valuesOverride: |`) and
indent its lines alike. Tell SDM a namespace of its own, such as `sdm-istio-system`.
"""

from collections.abc import Callable, Iterator, Mapping

from auditor.api import (
    APPLICATION_MANIFEST,
    OPERATORS,
    PLACES,
    SDM,
    Cluster,
    Command,
    Field,
    Mesh,
    Obj,
    Operator,
    Outcome,
    Patch,
    Remedy,
    Seen,
    Severity,
    control_plane_namespaces,
    parsed,
    rule,
)


def application_manifests(cluster: Cluster) -> Seen[Obj]:
    return cluster[APPLICATION_MANIFEST]


OWN = ("sdm-istio-system", "sdm-istio", "istio-of-sdm")
"""Names for a namespace of SDM's Istio, as the vendor's pages have it first."""


@rule(
    id="application-manifest-valid",
    family="names",
    severity=Severity.ERROR,
    over=application_manifests,
    reads=[APPLICATION_MANIFEST, OPERATORS, PLACES],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/deploy/charts/istio-operator/values.yaml",
        "https://helm.sh/docs/chart_template_guide/values_files/",
    ],
)
def application_manifest_valid(manifest: Obj, cluster: Cluster) -> Outcome:
    operator = manifest.at("spec", "istioOperator")
    enabled = operator.at("enabled")
    running = cluster.model(OPERATORS).where(lambda it: it.kind == SDM and it.runs)
    if not operator or (enabled.value is not True and not enabled.value and not running):
        return Outcome.not_applicable("it installs no operator of Istio", enabled)
    checks: Seen[Callable[[], Iterator[Outcome]]] = Seen(
        (
            lambda: switch(operator, running),
            lambda: place(operator, running, cluster),
            lambda: values(operator.at("valuesOverride")),
        )
    )
    faults = checks.each(lambda check: check())
    if fault := faults.first():
        return fault
    fields = (enabled, operator.at("namespace"), operator.at("valuesOverride"))
    return Outcome.passed("it asks for an operator as it should", *fields)


def switch(operator: Field, running: Seen[Operator]) -> Iterator[Outcome]:
    enabled = operator.at("enabled")
    if enabled.value is True:
        return
    remedy = Remedy("enable it", (changed(operator, "enabled", True),))
    if not enabled.value:
        theirs = [it.image for it in running][:1]
        text = "it is not enabled, though SDM's operator runs"
        yield Outcome.failed(text, enabled, *theirs, remedies=[remedy], severity=Severity.WARNING)
    else:
        yield Outcome.failed("enabled is no boolean", enabled, remedies=[remedy])


def place(operator: Field, running: Seen[Operator], cluster: Cluster) -> Iterator[Outcome]:
    namespace = operator.at("namespace")
    places = control_plane_namespaces(cluster)
    here = places.where(lambda it: it.namespace == namespace.value)
    own = here.where(lambda it: it.family == SDM and isinstance(it.by, Mesh))
    other = here.where(lambda it: it.family != SDM).first() if namespace else None
    if other and not own:
        taken = {it.namespace for it in places.so_far}
        free = [it for it in OWN if it not in taken]
        ways = [
            Remedy("tell it another namespace", (changed(operator, "namespace", it),))
            for it in free[:1]
        ]
        said = f"its namespace {namespace.value} is that of {other.said}"
        yield Outcome.failed(said, namespace, *other.fields, remedies=ways)
        return
    if not namespace:
        there = [it.namespace for it in running.so_far]
        taken = {it.namespace for it in places.so_far if it.family != SDM}
        names = [it for it in (*there, *OWN) if it not in taken][:1]
        ways = [Remedy(f"name {it}", (changed(operator, "namespace", it),)) for it in names]
        said = "it names no namespace"
        yield Outcome.failed(said, namespace, remedies=ways, severity=Severity.WARNING)
    elif running and not running.where(lambda it: it.namespace == namespace.value):
        rival = running.so_far[0]
        remedy = Remedy("name that one", (changed(operator, "namespace", rival.namespace),))
        yield Outcome.failed(
            f"its namespace is {namespace.value}, but SDM's operator runs in {rival.namespace}",
            namespace,
            rival.image,
            remedies=[remedy],
            severity=Severity.WARNING,
        )


def values(text: Field) -> Iterator[Outcome]:
    if not text or not text.value:
        return
    said = "its valuesOverride is no text that holds a YAML mapping"
    edit = Command("write it as a block of YAML", f"kubectl edit {text.ref.target}")
    ways = [Remedy("mend the text", (edit,))]
    read = parsed(text)
    if not isinstance(text.value, str):
        yield Outcome.failed(f"{said}, but YAML itself", text, remedies=ways)
    elif read.gap:
        yield Outcome.failed(f"{said}: {read.gap.why}", text, remedies=ways)
    elif not isinstance(read.value, Mapping):
        yield Outcome.failed(said, text, remedies=ways)


def changed(operator: Field, key: str, value: object) -> Patch:
    return Patch(operator.ref, {"spec": {"istioOperator": {key: value}}})
