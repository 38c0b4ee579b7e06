"""Every format in which a cluster may reach an auditor, with what can be read from each.

    for form in FORMATS:
        dump = form.write(state)              # the bytes of a file, or a tree of files
        coverage = form.expected_coverage(state)
        objects = shown(state, coverage)      # what a reader must find, no more and no less

A tree goes to a disk with `trees.write` and into an archive with `containers.CONTAINERS`.
"""

from __future__ import annotations

from tests.formats.catalogue_collectors import (
    BUG_REPORT,
    DECLARED,
    OPENSHIFT,
    OTHERS,
    SUPPORT_BUNDLE,
)
from tests.formats.catalogue_kubectl import CLUSTER_INFO_DUMP, KUBECTL
from tests.formats.expectations import Format

FORMATS: tuple[Format, ...] = (
    *KUBECTL,
    *CLUSTER_INFO_DUMP,
    *BUG_REPORT,
    *SUPPORT_BUNDLE,
    *OPENSHIFT,
    *OTHERS,
    *DECLARED,
)
