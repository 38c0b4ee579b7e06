"""How istioctl is run once more, so that a mesh keeps all that it was told before."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from auditor.facts.versions import Version
from auditor.kinds import ISTIO_OPERATOR
from auditor.models.meshes import ControlPlane
from auditor.objects import Obj

FIRST_WITHOUT_STATE = 21
"""Since Istio 1.21 istioctl leaves no IstioOperator behind."""


def recorded(planes: Iterable[ControlPlane]) -> Obj | None:
    """What istioctl left of the settings that it was given for one of some control planes."""
    declared = (it.resource for plane in planes for it in plane.declared)
    return next((it for it in declared if it.kind == ISTIO_OPERATOR), None)


def install(version: Version | None, settings: Obj | None, options: str) -> tuple[str, str]:
    """In words, and as a command: with the options, after all that it was told before.

    It forgets what it is not told again, so that the command names a file which is not there
    where nothing was recorded: a person has it.
    """
    called = f"istioctl {version.number}" if version else "istioctl of its release"
    past = version is not None and version.is_since(FIRST_WITHOUT_STATE)
    if settings is None or past:
        said = f"run {called} with the file that you installed with in place of YOUR-FILE.yaml"
        return said, f"istioctl install -f YOUR-FILE.yaml {options}"
    file = shlex.quote(f"{settings.name}.yaml")
    got = f"kubectl get {settings.ref.target} -o yaml > {file}"
    return f"run {called} over what it recorded", f"{got} && istioctl install -f {file} {options}"
