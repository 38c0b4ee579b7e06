"""Reading the CRDs of one Istio release from a folder that has its source files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from auditor.facts.definition import Crd
from auditor.facts.normalise import MalformedCrd
from auditor.facts.schemas import installed

CHARTS = {
    "base": (
        "manifests/charts/base/crds/crd-*.yaml",
        "manifests/charts/base/files/crd-*.yaml",
        "manifests/base/files/crd-*.yaml",
    ),
    "operator": (
        "manifests/charts/istio-operator/crds/crd-*.yaml",
        "manifests/charts/istio-operator/templates/crd-*.yaml",
        "operator/deploy/crds/*_crd.yaml",
    ),
}
"""Where each chart has had its CRDs, from Istio 1.5 on. A CRD in both is of the first."""

KINDS = "pkg/config/schema/metadata.yaml"
"""The file that says in which version the control plane reads each kind."""


class UnusableFolder(Exception):
    """A folder that is not that of an Istio release, in one line."""


def crds_in(folder: Path) -> Mapping[str, Crd]:
    """The CRDs of the release whose source files a folder has, by name.

    Needed are the manifests of the base chart, of the operator's chart where there is
    one, and the file `KINDS`, all in their places. Raises UnusableFolder.
    """
    found: dict[str, Crd] = {}
    read_as = read_versions(folder)
    for chart, patterns in CHARTS.items():
        for path in (path for pattern in patterns for path in sorted(folder.glob(pattern))):
            for manifest in documents(path):
                crd = read(manifest, path, chart)
                found.setdefault(crd.name, replace(crd, read_as=read_as.get(crd.name)))
    if not any(crd.chart == "base" for crd in found.values()):
        raise UnusableFolder(f"{folder}: no CRD in {', '.join(CHARTS['base'])}")
    return dict(sorted(found.items()))


def read(manifest: Mapping[str, Any], path: Path, chart: str) -> Crd:
    """The CRD of a manifest in a file of a chart."""
    try:
        crd = installed(manifest)
    except MalformedCrd as error:
        raise UnusableFolder(f"{path}: {error}") from error
    api = str(manifest.get("apiVersion")).removeprefix("apiextensions.k8s.io/")
    return replace(crd, api=api, chart=chart)


def read_versions(folder: Path) -> Mapping[str, str]:
    """The version in which the control plane reads each kind, by the name of its CRD."""
    path = folder / KINDS
    if not path.is_file():
        raise UnusableFolder(f"{path}: not there; it says which versions the control plane reads")
    return {
        f"{resource['plural']}.{resource['group']}": resource["version"]
        for document in documents(path)
        for resource in document["resources"]
        if resource.get("group")
    }


def documents(path: Path) -> Iterator[Mapping[str, Any]]:
    """The YAML documents of a file, without the empty ones."""
    try:
        for document in yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader):
            if isinstance(document, Mapping):
                yield document
    except yaml.YAMLError as error:
        raise UnusableFolder(f"{path}: no YAML: {' '.join(str(error).split())}") from error
