"""However a fixture cluster is written, and whatever else is in it, the verdicts are the same."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from auditor.outcome import Verdict
from tests.cluster_forms import FORMS
from tests.renamed_namespaces import renamed, renaming, without_order
from tests.whole_clusters import audited, every_cluster, files, read, said_of, verdicts

UNRELATED = Path(__file__).parent / "data" / "unrelated.yaml"
FEW = 2
"""In so many of the forms each cluster is tried, but for a thorough test."""


@every_cluster
def test_it_may_be_written_otherwise(cluster: str, request: pytest.FixtureRequest) -> None:
    chance = Random(cluster)
    forms = list(FORMS) if request.config.getoption("--thorough") else chance.sample([*FORMS], FEW)
    for form in forms:
        snapshot = read(FORMS[form](cluster, chance))

        assert verdicts(audited(snapshot)) == verdicts(said_of(cluster)), form


@every_cluster
def test_its_namespaces_may_have_other_names(cluster: str) -> None:
    names = renaming(cluster, Random(cluster))
    after = verdicts(audited(read(renamed(cluster, names))))
    found = verdicts(said_of(cluster)).items()
    before = {(rule, names.ref(about)): it for (rule, about), it in found}

    assert without_order(before) == without_order(after), names.names


@every_cluster
def test_other_products_may_be_in_it(cluster: str) -> None:
    """They change no verdict, and nothing is found about them."""
    dump = {**files(cluster), "unrelated.yaml": UNRELATED.read_bytes()}
    before, after = verdicts(said_of(cluster)), verdicts(audited(read(dump)))
    of_subjects = {key: it for key, it in before.items() if key[1] is not None}

    assert {key: after.get(key) for key in of_subjects} == of_subjects
    assert not {key: it for key, it in after.items() if key not in before and it > Verdict.PASS}
