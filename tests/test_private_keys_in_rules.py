"""A private key that somebody pasted where a certificate belongs is quoted by no rule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.engine import audit
from auditor.kinds import CONFIG_MAP, ISTIO_CONTROL_PLANE, ISTIO_OPERATOR, SECRET
from auditor.packs import load
from auditor.remedy import Patch
from auditor.seen import Seen
from auditor.snapshot import Snapshot
from auditor.sources.fixture import read_fixture
from auditor.testing import transcript

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
KEY = "Tm90IGEga2V5LCBidXQgaXQgbXVzdCBuZXZlciBiZSBxdW90ZWQu"
BLOCK = f"-----BEGIN EC PRIVATE KEY-----\n{KEY}\n-----END EC PRIVATE KEY-----\n"
PLACES = (CONFIG_MAP, ISTIO_CONTROL_PLANE, ISTIO_OPERATOR, SECRET)


def said(snapshot: Snapshot) -> Iterator[str]:
    """All that the rules say of a cluster, in evidence, messages and remedies."""
    for result in audit(load(), snapshot):
        yield transcript(result)
        for outcome in result.outcomes.values():
            yield from (str(field.held) for field in outcome.evidence)
            for step in (step for remedy in outcome.remedies for step in remedy.steps):
                yield f"{step.text} {step.command}"
                if isinstance(step, Patch):
                    yield str(step.patch)


def with_keys(value: Any) -> Any:
    """A value in which a private key stands behind, or in place of, each certificate."""
    if isinstance(value, dict):
        return {key: with_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_keys(item) for item in value]
    if not isinstance(value, str) or "-----END CERTIFICATE-----" not in value:
        return value
    indent = " " * (len(value.split("-----BEGIN CERTIFICATE-----")[0].rpartition("\n")[2]))
    block = "".join(f"{indent}{line}\n" for line in BLOCK.splitlines()).strip(" ")
    end = f"{indent}-----END CERTIFICATE-----\n"
    return value.replace(end, f"{end}{indent}{block}")


@pytest.mark.parametrize("case", sorted(FIXTURES.glob("*/fail-private-key.yaml")), ids=str)
def test_no_rule_quotes_the_key_of_a_case(case: Path) -> None:
    assert KEY in case.read_text(encoding="utf-8")
    assert not [text for text in said(read_fixture(case)) if KEY[:12] in text]


@pytest.mark.parametrize(
    "name", ["fail-nothing-exchanged", "fail-copy-ended", "fail-wrong-root", "pass-one-root"]
)
def test_no_rule_quotes_a_key_wherever_it_stands(name: str) -> None:
    snapshot = read_fixture(FIXTURES / "trust-mutual" / f"{name}.yaml")
    kinds = dict(snapshot.kinds)
    for kind in PLACES:
        objects = (type(it)(kind, with_keys(it.raw)) for it in kinds[kind].so_far)
        kinds[kind] = Seen(tuple(objects), kinds[kind].gaps)
    spoilt = Snapshot(kinds, time=snapshot.time)

    assert any(KEY in str(it.raw) for kind in PLACES for it in spoilt.seen(kind).so_far)
    assert not [text for text in said(spoilt) if KEY[:12] in text]
