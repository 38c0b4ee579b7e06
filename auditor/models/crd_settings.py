"""Whether the settings of an upstream installer keep it from writing the Istio CRDs.

Which setting does so depends on the release of the installer. Until Istio 1.23 it is
`base.enableIstioConfigCRDs`, from 1.24 on the base chart renders the CRDs and only
`base.excludedCRDs` counts (istio 1.23.6 and 1.24.6: operator/pkg/helm/helm.go,
manifests/charts/base/templates/crds.yaml).
"""

from __future__ import annotations

from dataclasses import dataclass

from auditor.facts.crds import shipped_by
from auditor.facts.releases import release_of, releases
from auditor.facts.versions import Version
from auditor.models.crd_owners import GROUPS
from auditor.objects import Field

TEMPLATED = 24
"""From Istio 1.24 on the base chart renders the CRDs; before, they lay in its crds folder."""
FIRST_SWITCH = 9
"""Istio 1.9 is the first that knows enableIstioConfigCRDs."""
NAMESPACE_SCOPE = 28
"""Istio 1.28 is the first whose charts leave cluster-scoped objects out when told to."""


@dataclass(frozen=True)
class Said:
    """Whether settings spare the CRDs, the fields that decide, and why they do not."""

    spares: bool
    fields: tuple[Field, ...]
    fault: str = ""


def said_by_operator(spec: Field, version: Version | None) -> Said:
    """What the spec of an IstioOperator says to those who act upon one.

    These end with Istio 1.23, so an unknown version is an old one.
    """
    base, profile = spec.at("components", "base", "enabled"), spec.at("profile")
    if base.value is False:
        return Said(True, (base,))
    if profile.value == "empty" and not base.value:
        return Said(True, (profile, base))
    if version is None or version.is_since(TEMPLATED):
        version = Version(TEMPLATED - 1)
    return said_by_values(spec.at("values"), version)


def said_by_chart(values: Field, version: Version) -> Said:
    """What the values of a Helm release of chart base say; Helm knows no other switch."""
    if not version.is_since(TEMPLATED):
        return Said(True, (values,))
    return _excluded(values, version)


def said_by_values(values: Field, version: Version) -> Said:
    """What the values of istioctl or of its operator say."""
    if version.is_since(TEMPLATED):
        return _excluded(values, version)
    switch = values.at("base", "enableIstioConfigCRDs")
    templates = values.at("base", "enableCRDTemplates")
    if not version.is_since(FIRST_SWITCH):
        return Said(False, (switch,), f"Istio {version} has no setting that spares them")
    if templates.value is True:
        return Said(False, (templates, switch), "enableCRDTemplates renders them all the same")
    if switch.value is False:
        return Said(True, (switch,))
    if isinstance(switch.value, str):
        return Said(False, (switch,), "enableIstioConfigCRDs is a text, and so counts for nothing")
    return Said(False, (switch,))


def _excluded(values: Field, version: Version) -> Said:
    """Since 1.24: only what is excluded by name is left alone."""
    scope = values.at("global", "resourceScope")
    if scope.value == "namespace" and version.is_since(NAMESPACE_SCOPE):
        return Said(True, (scope,))
    switch, names = values.at("base", "enableIstioConfigCRDs"), values.at("base", "excludedCRDs")
    templates = values.at("base", "enableCRDTemplates")
    listed = set(names.value) if isinstance(names.value, list) else set()
    left_out = [it for it in crds_written_by(version) if it not in listed]
    if listed and templates.value is False:
        return Said(False, (templates, names), "excludedCRDs needs enableCRDTemplates")
    if not left_out:
        return Said(True, (names,))
    if listed:
        more = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
        return Said(False, (names,), f"excludedCRDs leaves out {left_out[0]}{more}")
    if switch:
        fault = "enableIstioConfigCRDs means nothing since Istio 1.24"
        return Said(False, (switch, names), fault)
    return Said(False, (names,))


def crds_written_by(version: Version) -> tuple[str, ...]:
    """The Istio CRDs that the installer of a release writes, by name.

    Of one that is not listed, those of the nearest older release.
    """
    older = [it for it in releases().values() if version.is_since(*_number(it.version))]
    release = release_of(version) or (older[-1] if older else None)
    names = shipped_by(release) if release else ()
    return tuple(sorted(name for name in names if name.partition(".")[2] in GROUPS))


def _number(version: Version) -> tuple[int, int]:
    return version.minor_number, version.patch or 0
