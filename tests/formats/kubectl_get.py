"""What `kubectl get` prints, and what people make of it with a shell and jq.

kubectl prints any number of kinds as one List, whose `kind` comes after its items in YAML, and
leaves managedFields out since 1.21. An empty List does not say what was asked for. Only the
server's own lists (`--raw`) name their kind, and then their items do not.
(kubectl: pkg/cmd/get/get.go printGeneric; cli-runtime: pkg/printers/{json,yaml}.go at v0.32;
kubectl up to 1.23 prints selfLink in a List)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tests.formats.client_go import served_list, typed_list, without_managed_fields
from tests.formats.cluster_state import ClusterState, Manifest
from tests.formats.expectations import Expected, How, listing, occurring
from tests.formats.go_printing import go_json, go_yaml, in_order
from tests.formats.trees import Tree, text

ALL = (
    "pods",
    "replicationcontrollers",
    "services",
    "daemonsets.apps",
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "horizontalpodautoscalers.autoscaling",
    "cronjobs.batch",
    "jobs.batch",
)
"""What `kubectl get all` means."""


def kubectl_list(items: Iterable[Manifest], minor: int = 32) -> Manifest:
    """A List as kubectl 1.`minor` makes it."""
    shown = [it if minor < 21 else without_managed_fields(it) for it in items]
    metadata = {"resourceVersion": ""} | ({"selfLink": ""} if minor < 24 else {})
    whole: Manifest = in_order(
        {"apiVersion": "v1", "items": shown, "kind": "List", "metadata": metadata}
    )
    return whole


def get_yaml(items: Iterable[Manifest], minor: int = 32) -> str:
    """`kubectl get ... -o yaml` of any number of objects but one that was asked for by name."""
    return go_yaml(kubectl_list(items, minor))


def get_json(items: Iterable[Manifest], minor: int = 32) -> str:
    """`kubectl get ... -o json`, likewise."""
    return go_json(kubectl_list(items, minor), 4) + "\n"


def get_one_yaml(thing: Manifest) -> str:
    """`kubectl get KIND NAME -o yaml`."""
    return go_yaml(without_managed_fields(thing))


def get_one_json(thing: Manifest) -> str:
    """`kubectl get KIND NAME -o json`."""
    return go_json(in_order(without_managed_fields(thing)), 4) + "\n"


def everything(state: ClusterState) -> list[Manifest]:
    """The objects of all that is served, as after `kubectl get KIND,KIND,... -A`."""
    return state.all_of(it.key for it in state.resources)


def _kinds_with_objects(state: ClusterState) -> list[list[Manifest]]:
    return [found for it in state.resources if (found := state.of(it))]


def list_yaml(state: ClusterState) -> bytes:
    return get_yaml(everything(state)).encode()


def list_json(state: ClusterState) -> bytes:
    return get_json(everything(state)).encode()


def list_of_old_kubectl(state: ClusterState) -> bytes:
    """kubectl 1.20: with managedFields, and a selfLink in the List."""
    return get_yaml(everything(state), minor=20).encode()


def raw_lists(state: ClusterState) -> Tree:
    """`kubectl get --raw PATH > FILE` for each resource: an empty one is a list all the same."""
    lists = {it.key: go_json(served_list(state, it)) for it in state.resources}
    return {f"{key}.json": text(f"{printed}\n") for key, printed in lists.items()}


def raw_lists_in_one_file(state: ClusterState) -> bytes:
    """The same, appended to one file: a line for each list."""
    lists = (go_json(served_list(state, it)) for it in state.resources)
    return "".join(f"{it}\n" for it in lists).encode()


def raw_first_pages(state: ClusterState, limit: int = 1) -> Tree:
    """`--raw '...?limit=N'`: longer lists go on elsewhere, and say so."""
    lists = {it.key: go_json(served_list(state, it, limit=limit)) for it in state.resources}
    return {f"{key}.json": text(printed) for key, printed in lists.items()}


def json_lines(state: ClusterState) -> bytes:
    """`... | jq -c '.items[]'`: an object a line, whose keys stay in order, and no HTML escapes."""
    return "".join(f"{_as_jq(it)}\n" for it in _shown(state)).encode()


def json_array(state: ClusterState) -> bytes:
    """`... | jq .items`: an array, indented by two spaces."""
    return f"{_as_jq(_shown(state), 2)}\n".encode()


def list_of_lists(state: ClusterState) -> bytes:
    """Lists of a loop, collected by `jq -s '{apiVersion: "v1", kind: "List", items: .}'`."""
    lists = [kubectl_list(items) for items in _kinds_with_objects(state)]
    return f"{_as_jq({'apiVersion': 'v1', 'kind': 'List', 'items': lists}, 2)}\n".encode()


def null_items(state: ClusterState) -> bytes:
    """Typed lists as client-go tools write them: a kind without objects has `items: null`."""
    lists = (typed_list(it, state.of(it), named=True, empty=None) for it in state.resources)
    return "".join(f"{go_json(it, 2)}\n" for it in lists).encode()


def yaml_loop(state: ClusterState) -> bytes:
    """`for k in ...; do echo ---; kubectl get $k -A -o yaml; done`."""
    return "".join(f"---\n{get_yaml(state.of(it))}" for it in state.resources).encode()


def yaml_loop_without_separators(state: ClusterState) -> bytes:
    """The same without `echo ---`: for a YAML parser one document with its keys many times."""
    return "".join(get_yaml(state.of(it)) for it in state.resources).encode()


def json_loop(state: ClusterState) -> bytes:
    """`for k in ...; do kubectl get $k -A -o json; done`: one document after the other."""
    return "".join(get_json(state.of(it)) for it in state.resources).encode()


def file_per_kind(state: ClusterState) -> Tree:
    """`for k in ...; do kubectl get $k -A -o yaml > $k.yaml; done`: file names say the kind."""
    return {f"{it.key}.yaml": text(get_yaml(state.of(it))) for it in state.resources}


def single_objects(state: ClusterState) -> Tree:
    """A file for each object, by `kubectl get KIND NAME -o yaml` and `-o json` in turn."""
    tree: Tree = {}
    for at, thing in enumerate(everything(state)):
        printed, suffix = (get_one_yaml, "yaml") if at % 2 else (get_one_json, "json")
        metadata = thing["metadata"]
        where = "/".join(filter(None, (metadata.get("namespace"), thing["kind"])))
        group = state.resource_of(thing).group or "core"
        tree[f"{where}.{group}/{metadata['name']}.{suffix}"] = text(printed(thing))
    return tree


def objects_in_one_file(state: ClusterState) -> bytes:
    """Single objects, one YAML document each, behind one another."""
    return "---\n".join(get_one_yaml(it) for it in everything(state)).encode()


def coverage_of_objects(state: ClusterState) -> Expected:
    """Of every shape that does not name the kinds it found nothing of."""
    return occurring(state)


def coverage_of_typed_lists(state: ClusterState) -> Expected:
    """Of every shape with a list that names its kind."""
    return listing(state, (it.key for it in state.resources))


def coverage_of_first_pages(state: ClusterState, limit: int = 1) -> Expected:
    """What is longer than a page is cut; a reader has its first `limit` objects."""
    whole = dict(coverage_of_typed_lists(state))
    cut = (it.key for it in state.resources if len(state.of(it)) > limit)
    return whole | {key: replace(whole[key], how=How.CUT) for key in cut}


def _shown(state: ClusterState) -> list[Manifest]:
    return [in_order(without_managed_fields(it)) for it in everything(state)]


def _as_jq(value: Manifest | Sequence[Manifest], indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
