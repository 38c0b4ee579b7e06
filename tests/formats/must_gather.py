"""`oc adm inspect`, and `oc adm must-gather`, which runs it and other scripts in images.

Real about it: a folder for each image; a namespace inspected whole has a list for each kind, empty
or not; what is asked for by name has a file for each object; pods are there twice; values of
Secrets give way to their length; managedFields stay; one printer writes all files of a run, so that
all but its first begin with `---`; logs, some of them empty, an HTML page, times as Go prints them.
(openshift/oc: pkg/cli/admin/inspect/{inspect,namespace,resource,secret,pod,util}.go,
pkg/cli/admin/mustgather/mustgather.go at 6b8e30c; openshift/must-gather: collection-scripts/
{version,gather_istio} at 16ac27e)
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.formats.client_go import typed, typed_list
from tests.formats.cluster_state import ClusterState, Manifest, Resource, namespace_of
from tests.formats.container_logs import containers_of, log_of
from tests.formats.expectations import Coverage, Expected, How, covering
from tests.formats.go_printing import go_yaml, in_order
from tests.formats.kubectl_get import ALL
from tests.formats.trees import File, Tree, below, text

IN_A_NAMESPACE = (
    *ALL,
    "configmaps",
    "events",
    "endpoints",
    "endpointslices.discovery.k8s.io",
    "networkpolicies.networking.k8s.io",
    "persistentvolumeclaims",
    "poddisruptionbudgets.policy",
    "secrets",
    "ingresses.networking.k8s.io",
)
PUBLIC = ("tls.crt", "ca.crt", "service-ca.crt")
IMAGE = "quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-0f1c5d"
_ISTIO_CRDS = (".istio.io", ".sailoperator.io", ".kiali.io")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@dataclass
class _Run:
    """The files of one run, in the order in which its one printer writes them."""

    state: ClusterState
    tree: Tree = field(default_factory=dict)
    is_used: bool = False

    def print(self, path: str, thing: Manifest) -> None:
        separator = "---\n" if self.is_used else ""
        self.is_used = True
        self.tree[path] = text(separator + go_yaml(thing))

    def namespaces(self, names: Iterable[str]) -> None:
        known = {
            it["metadata"]["name"]: it for it in self.state.of(self.state.resource("namespaces"))
        }
        for name in names:
            folder = f"namespaces/{name}"
            self.print(f"{folder}/{name}.yaml", typed(known[name], named=True))
            self._pods(name)
            for key in IN_A_NAMESPACE:
                resource = self.state.resource(key)
                group = resource.group or "core"
                whole = _list_of(self.state, resource, name)
                self.print(f"{folder}/{group}/{resource.plural}.yaml", whole)

    def by_name(self, things: Iterable[Manifest]) -> None:
        """`oc adm inspect KIND -A` or KIND/NAME: a file for each object, and none for none."""
        for thing in things:
            resource, namespace = self.state.resource_of(thing), namespace_of(thing)
            scope = f"namespaces/{namespace}" if namespace else "cluster-scoped-resources"
            folder = f"{scope}/{resource.group or 'core'}/{resource.plural}"
            self.print(f"{folder}/{thing['metadata']['name']}.yaml", elided(in_order(thing)))

    def _pods(self, namespace: str) -> None:
        for pod in self.state.of(self.state.resource("pods"), namespace):
            name = pod["metadata"]["name"]
            folder = f"namespaces/{namespace}/pods/{name}"
            self.print(f"{folder}/{name}.yaml", typed(pod, named=True))
            for container in containers_of(pod):
                logs = f"{folder}/{container}/{container}/logs"
                self.tree[f"{logs}/current.log"] = text(log_of(container))
                self.tree[f"{logs}/previous.log"] = File(b"")

    def ends(self, events: str = "event-filter.html") -> Tree:
        self.tree["timestamp"] = text(_timestamps(self.state.taken_at))
        self.tree[events] = text(_EVENTS)
        return self.tree


def inspect(
    state: ClusterState, namespaces: Sequence[str] = (), resources: Sequence[str] = ()
) -> Tree:
    """`oc adm inspect ns/A ns/B KIND ...` without its folder `inspect.local.N`."""
    run = _Run(state)
    run.by_name(it for key in resources for it in state.of(state.resource(key)))
    run.namespaces(namespaces)
    tree = run.ends()
    tree["aggregated-discovery-apis.yaml"] = text(go_yaml(_discovery(state, grouped=True)))
    tree["aggregated-discovery-api.yaml"] = text(go_yaml(_discovery(state, grouped=False)))
    return tree


def must_gather(state: ClusterState, namespaces: Sequence[str], *, istio: bool = True) -> Tree:
    """A must-gather of the default image, with what `gather_istio` adds since 2025."""
    whole = inspect(state, namespaces, ["nodes", "clusterroles.rbac.authorization.k8s.io"])
    whole.pop("event-filter.html")
    image = {path: it for path, it in whole.items() if path != "timestamp"}
    image |= {
        "version": text("openshift/must-gather\n4.18.0\n"),
        "gather.logs": text("gathering\n"),
    }
    image["timestamp"] = whole["timestamp"]
    if istio:
        image |= below("istio", _istio(state))
    logs = (
        f"[must-gather      ] OUT {state.taken_at:%Y-%m-%dT%H:%M:%S.%f}Z Using must-gather plug-in "
    )
    tree = below(IMAGE, image)
    tree["timestamp"] = text(_timestamps(state.taken_at))
    tree["must-gather.logs"] = text(f"{logs}image: quay.io/openshift\nClusterID: 6f1c-made-up\n")
    tree["event-filter.html"] = text(_EVENTS)
    return below("must-gather.local.5421342344627712289", tree)


def truncated(state: ClusterState, namespaces: Sequence[str]) -> Tree:
    """A gather that was killed: one list ends in the middle, another file has nothing in it."""
    tree = inspect(state, namespaces)
    last = namespaces[-1]
    cut = f"namespaces/{last}/core/configmaps.yaml"
    entry = tree[cut]
    assert isinstance(entry, File)
    tree[cut] = File(entry.content[: len(entry.content) * 2 // 3])
    tree[f"namespaces/{last}/core/services.yaml"] = File(b"")
    return tree


def expected_coverage(
    state: ClusterState, namespaces: Sequence[str], resources: Sequence[str] = ()
) -> Expected:
    """Kinds that a namespace's lists have, in those namespaces; others only as they occur.

    Of the Namespaces themselves only those are there that were inspected.
    """
    chosen = frozenset(namespaces)
    covered = {key: Coverage(How.LISTED, chosen) for key in IN_A_NAMESPACE}
    covered["secrets"] = Coverage(How.LISTED, chosen, withheld=("data",))
    covered |= {key: Coverage(How.ASSUMED) for key in resources if state.of(state.resource(key))}
    covered["namespaces"] = Coverage(How.ASSUMED, names=chosen)
    return covering(state, covered)


def coverage_of_must_gather(
    state: ClusterState, namespaces: Sequence[str], *, istio: bool = True
) -> Expected:
    few = _istio_objects(state) if istio else []
    covered: dict[str, set[str]] = {}
    for it in few:
        covered.setdefault(state.resource_of(it).key, set()).add(it["metadata"]["name"])
    return {
        **expected_coverage(state, namespaces, _BY_NAME),
        **{key: Coverage(How.ASSUMED, names=frozenset(them)) for key, them in covered.items()},
    }


def coverage_of_truncated(state: ClusterState, namespaces: Sequence[str]) -> Expected:
    """Of the last namespace one list is cut, and of another there is nothing."""
    rest = frozenset(namespaces[:-1])
    return {
        **expected_coverage(state, namespaces),
        "configmaps": Coverage(How.CUT, frozenset(namespaces)),
        "services": Coverage(How.LISTED, rest),
    }


_BY_NAME = ("nodes", "clusterroles.rbac.authorization.k8s.io")


def elided(thing: Manifest) -> Manifest:
    """An object without what a Secret hides: lengths stand in the place of its values."""
    if thing["kind"] != "Secret":
        return thing
    metadata: Manifest = dict(thing["metadata"])
    annotations = metadata.get("annotations")
    if annotations and _LAST_APPLIED in annotations:
        metadata["annotations"] = {**annotations, _LAST_APPLIED: ""}
    data = {key: _elided(key, it) for key, it in thing.get("data", {}).items()}
    return {**thing, "metadata": metadata, **({"data": data} if data else {})}


def _elided(key: str, value: str) -> str:
    if key in PUBLIC:
        return value
    return b64encode(f"{len(b64decode(value))} bytes long".encode()).decode()


def _list_of(state: ClusterState, resource: Resource, namespace: str) -> Manifest:
    """A list as the dynamic client has it; Secrets go through a type, so none is `items: null`."""
    things = [elided(it) for it in state.of(resource, namespace)]
    if resource.plural == "secrets":
        return typed_list(resource, things, named=True, empty=None)
    kind = {"apiVersion": resource.api_version, "kind": f"{resource.kind}List"}
    return {**kind, "items": things, "metadata": {"resourceVersion": "120034"}}


def _istio(state: ClusterState) -> Tree:
    """`gather_istio`: CRDs of some groups and injectors by their label, one folder deeper."""
    run = _Run(state)
    run.by_name(_istio_objects(state))
    return run.ends()


def _istio_objects(state: ClusterState) -> list[Manifest]:
    crds = state.of(state.resource("customresourcedefinitions.apiextensions.k8s.io"))
    injectors = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
    return [
        *(it for it in crds if any(end in it["metadata"]["name"] for end in _ISTIO_CRDS)),
        *(
            it
            for it in state.of(state.resource(injectors))
            if it["metadata"].get("labels", {}).get("app") == "sidecar-injector"
        ),
    ]


def _timestamps(start: datetime) -> str:
    return "".join(
        f"{it:%Y-%m-%d %H:%M:%S.%f}789 +0000 UTC m=+{seconds}.123456789\n"
        for seconds, it in ((0, start), (62, start + timedelta(seconds=62)))
    )


_EVENTS = "<!DOCTYPE html>\n<html>\n<pre>apiVersion: v1\nkind: Namespace\n</pre>\n</html>\n"


def _discovery(state: ClusterState, *, grouped: bool) -> dict[str, Any]:
    groups: dict[str, dict[str, list[Manifest]]] = {}
    for it in state.resources:
        if bool(it.group) == grouped:
            scope = "Namespaced" if it.namespaced else "Cluster"
            said = {"resource": it.plural, "responseKind": {"kind": it.kind}, "scope": scope}
            groups.setdefault(it.group, {}).setdefault(it.version, []).append(said)
    items = [
        {
            "metadata": {"name": group} if group else {},
            "versions": [
                {"version": version, "resources": resources}
                for version, resources in versions.items()
            ],
        }
        for group, versions in groups.items()
    ]
    kind = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2"}
    return {**kind, "metadata": {}, "items": items}
