"""Which Istio is in OpenShift Service Mesh 2."""

import pytest

from auditor.facts.releases import release_of
from auditor.facts.service_mesh import istio_in


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("2.0.11.1", 6),
        ("2.1.6", 9),
        ("v2.2", 12),
        ("2.3.10", 14),
        ("2.4.6", 16),
        ("2.5.9-2", 18),
        ("v2.6", 20),
    ],
)
def test_each_minor_is_built_from_one_of_istio(text: str, minor: int) -> None:
    version = istio_in(text)

    assert version is not None
    assert version.minor_number == minor
    assert release_of(version)


@pytest.mark.parametrize("text", ["2.7.0", "3.0.1", "1.16.7", "2", "2.4.6 or so", "sha256:24", ""])
def test_other_numbers_are_none_of_its(text: str) -> None:
    assert istio_in(text) is None
