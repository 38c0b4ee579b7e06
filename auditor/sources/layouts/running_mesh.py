"""The mesh configuration that a running istiod says it has, where its ConfigMap was not collected.

`/debug/mesh` gives what istiod made of the ConfigMap, with all defaults filled in: what counts. It
stands for that ConfigMap, whose name goes with that of the Deployment. (istio 1.30.3:
pilot/pkg/xds/debug.go; banzaicloud/istio-operator v2.17.4: internal/assets/manifests)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.keeps import projected
from auditor.kinds import CONFIG_MAP
from auditor.objects import Obj
from auditor.private import without_private_keys
from auditor.snapshot import Remark
from auditor.sources.findings import Findings, Version
from auditor.sources.layouts.tree import Tree
from auditor.sources.origin import AtLine
from auditor.sources.redaction import redacted

STANDS_FOR = "stands for {}, which was not collected: so this istiod runs"

_MESH = re.compile(
    r"istio/(?P<namespace>[^/]+)/istiod(?P<revision>-[a-z0-9-]+?)?-[a-z0-9]{5,10}-[a-z0-9]{5}"
    r"/debug/mesh"
)


def running_mesh(tree: Tree, collected: Iterable[Findings]) -> Findings:
    """What istiods say of their configuration, for those whose ConfigMap is not among the rest."""
    there = {it.thing.ref for found in collected for it in found.objects}
    said = Findings(tree.top or "it")
    for path in sorted(tree.files):
        found = _MESH.fullmatch(path)
        if not found or not isinstance(held := tree.value(path), dict) or not held:
            continue
        name = f"istio{found['revision'] or ''}"
        fields = {
            "apiVersion": "v1",
            "kind": CONFIG_MAP.name,
            "metadata": {"name": name, "namespace": found["namespace"]},
            "data": {"mesh": tree.text(path)},
        }
        kept = without_private_keys(projected(redacted(fields), CONFIG_MAP.projection))
        thing = Obj(CONFIG_MAP, kept, AtLine(tree.files[path].name))
        if thing.ref not in there:
            there.add(thing.ref)
            said.objects.append(Version(thing, False, None, stands_in=True))
            where = tree.files[path].name
            said.remarks.append(Remark(where, STANDS_FOR.format(thing.ref)))
    return said
