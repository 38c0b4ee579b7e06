"""A backup of Velero: one object a file, in clear, and every file twice.

Real about it: the paths, both trees, compact JSON, the marker `metadata/version`, mode 0755. A
backup of some namespaces has of cluster-scoped kinds only those Namespaces and the CRDs of the
custom resources in it, so a few CRDs do not mean that these are all. Nothing is written for a kind
without objects.
(velero: pkg/archive/filesystem.go, pkg/backup/{item_backupper,backup}.go,
pkg/apis/velero/v1/constants.go at d30d389)
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.formats.cluster_state import ClusterState, Manifest, namespace_of
from tests.formats.containers import gzipped, tar
from tests.formats.expectations import Coverage, Expected, How, covering
from tests.formats.go_printing import go_json, in_order
from tests.formats.trees import File, Tree, below, text

FORMAT_VERSION = "1.1.0"
_CRDS = "customresourcedefinitions.apiextensions.k8s.io"


def backup(state: ClusterState, namespaces: Sequence[str] | None = None) -> Tree:
    """The members of `<backup>.tar.gz`: of everything, or with `--include-namespaces`."""
    tree: Tree = {}
    for thing in _chosen(state, namespaces):
        resource, namespace = state.resource_of(thing), namespace_of(thing)
        scope = f"namespaces/{namespace}" if namespace else "cluster"
        printed = text(go_json(in_order(thing)), 0o755)
        for version in ("", f"{resource.version}-preferredversion/"):
            name = thing["metadata"]["name"]
            tree[f"resources/{resource.key}/{version}{scope}/{name}.json"] = printed
    tree["metadata/version"] = text(f"{FORMAT_VERSION}\n", 0o755)
    return tree


def backup_that_tells(state: ClusterState) -> Tree:
    """A backup of everything, and beside its folders the `velero-backup.json` of the bucket."""
    return {**backup(state), "velero-backup.json": text(go_json(_said(state, None)))}


def store(state: ClusterState, namespaces: Sequence[str] | None = None) -> Tree:
    """What `velero` keeps of a backup in its bucket: the archive, and beside it what proves it.

    The list of resources names every object by its version and kind; the Backup has the times.
    """
    things = _chosen(state, namespaces)
    listed: dict[str, list[str]] = {}
    for it in things:
        place = "/".join(filter(None, (namespace_of(it), it["metadata"]["name"])))
        listed.setdefault(f"{it['apiVersion']}/{it['kind']}", []).append(place)
    return below(
        "backups/nightly",
        {
            "nightly.tar.gz": File(gzipped(tar(backup(state, namespaces)))),
            "nightly-resource-list.json.gz": File(gzipped(go_json(listed).encode())),
            "velero-backup.json": text(go_json(_said(state, namespaces))),
        },
    )


def expected_coverage(state: ClusterState, namespaces: Sequence[str] | None = None) -> Expected:
    """Kinds as far as they occur: the archive alone does not say that it is of all namespaces.

    Of everything, it has what no namespace needs, and so all else that is cluster-scoped.
    """
    things = _chosen(state, namespaces)
    inside = frozenset(it["metadata"]["name"] for it in things if it["kind"] == "Namespace")
    covered: dict[str, Coverage] = {}
    for thing in things:
        resource = state.resource_of(thing)
        if resource.namespaced:
            covered[resource.key] = Coverage(How.LISTED, inside)
        elif namespaces is None and resource.key != "namespaces":
            covered[resource.key] = Coverage(How.LISTED)
        else:
            few = covered.get(resource.key, Coverage(How.ASSUMED, names=frozenset())).names or ()
            names = frozenset({*few, thing["metadata"]["name"]})
            covered[resource.key] = Coverage(How.ASSUMED, names=names)
    return covering(state, covered)


def coverage_of_all(state: ClusterState) -> Expected:
    """Kinds as far as they occur, in the whole cluster."""
    keys = {state.resource_of(it).key for it in state.objects}
    return covering(state, dict.fromkeys(keys, Coverage(How.LISTED)))


def _said(state: ClusterState, namespaces: Sequence[str] | None) -> Manifest:
    start = f"{state.taken_at:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "kind": "Backup",
        "apiVersion": "velero.io/v1",
        "metadata": {"name": "nightly", "namespace": "velero"},
        "spec": {"includedNamespaces": ["*"] if namespaces is None else list(namespaces)},
        "status": {"startTimestamp": start, "completionTimestamp": start, "phase": "Completed"},
    }


def _chosen(state: ClusterState, namespaces: Sequence[str] | None) -> list[Manifest]:
    if namespaces is None:
        return list(state.objects)
    inside = [it for it in state.objects if namespace_of(it) in namespaces]
    defined = {it.key for it in map(state.resource_of, inside) if it.is_custom}
    whole = {"namespaces": set(namespaces), _CRDS: defined}
    outside = [
        it
        for it in state.objects
        if not namespace_of(it)
        and it["metadata"]["name"] in whole.get(state.resource_of(it).key, ())
    ]
    return [*inside, *outside]
