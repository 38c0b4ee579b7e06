"""Switches, as Go's strconv.ParseBool reads them."""

import pytest

from auditor.models.containers import is_on
from auditor.objects import Field, Ref


def variable(value: object) -> Field:
    return Field(Ref("Deployment", "istiod", "mesh"), ("env", "ISTIO_MULTIROOT_MESH"), value)


@pytest.mark.parametrize("value", ["1", "t", "T", "TRUE", "true", "True"])
def test_true_to_go(value: str) -> None:
    assert is_on(variable(value))


@pytest.mark.parametrize(
    "value",
    [
        *("0", "f", "F", "FALSE", "false", "False"),
        *("yes", "on", "y", "enabled", "tRUE", "TrUe", " true", "true ", '"true"', "01", "2", ""),
        None,
    ],
)
def test_off_or_unparsable(value: str | None) -> None:
    """What cannot be parsed is the default, which is off."""
    assert not is_on(variable(value))
