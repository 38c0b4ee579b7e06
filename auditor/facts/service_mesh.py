"""Which Istio is in OpenShift Service Mesh 2, which has numbers of its own."""

from __future__ import annotations

import re

from auditor.facts.files import facts
from auditor.facts.versions import Version

NUMBER = re.compile(r"v?(2\.[0-9]+)(?:\.[0-9]+)*(?:[-+_][0-9A-Za-z._+-]+)?")


def istio_in(text: str) -> Version | None:
    """The Istio that a version of OpenShift Service Mesh 2 is built from; None for any other.

    Of each minor the facts know the Istio of its last release that is documented. An earlier
    one may be built from an older patch of the same minor of Istio. From 3.0 on, the product
    installs an Istio under Istio's own number.
    """
    match = NUMBER.fullmatch(text)
    known = facts("openshift-service-mesh")["minors"].get(match[1]) if match else None
    return Version.parse(known["istio"]) if known else None
