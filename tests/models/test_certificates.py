"""Certificates and the items of caCertificates, read from text."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.models.anchors import Anchor
from auditor.models.certificates import Certificate, blocks, certificates, in_words
from auditor.models.pem import pem_blocks
from auditor.objects import Field, Ref
from auditor.seen import Unseen

CERTIFICATES = Path(__file__).parents[2] / "fixtures" / "certificates"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "Tm90IGEga2V5LCBidXQgaXQgbXVzdCBuZXZlciBiZSBxdW90ZWQu"
PRIVATE = f"-----BEGIN EC PRIVATE KEY-----\n{KEY}\n-----END EC PRIVATE KEY-----\n"


def pem(name: str) -> str:
    return (CERTIFICATES / f"{name}.pem").read_text(encoding="ascii")


def held(value: object) -> Field:
    return Field(Ref("ConfigMap", "istio", "mesh"), ("data", "mesh", "caCertificates", 0), value)


def anchor(text: str) -> Anchor:
    return Anchor(held({"pem": text}))


def read(name: str) -> Certificate:
    (found,) = certificates(held(pem(name)))
    return found


def test_a_root_is_known_by_its_key_never_by_its_subject() -> None:
    root, renewed, other = map(read, ("sdm-root", "sdm-root-before-renewal", "stranger-root"))

    assert root.subject == renewed.subject == other.subject
    assert root.key == renewed.key != other.key
    assert root.fingerprint != renewed.fingerprint


def test_an_intermediate_is_issued_by_its_root_alone() -> None:
    below = read("blue-intermediate")

    assert below.issued_by(read("corporate-root"))
    assert not below.issued_by(read("sdm-root"))
    assert not below.self_signed


def test_a_certificate_gives_back_its_text() -> None:
    assert read("sdm-root").pem == pem("sdm-root")


@pytest.mark.parametrize("name", sorted(path.stem for path in CERTIFICATES.glob("*.pem")))
def test_only_public_halves_are_kept(name: str) -> None:
    assert "PRIVATE KEY" not in pem(name)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (pem("sdm-root"), ""),
        (pem("sdm-root-ended"), ""),
        (pem("sdm-root") + PRIVATE, ""),
        ("", ""),
        ("# the root belongs here", "only other text"),
        (PRIVATE + pem("sdm-root"), "private key"),
        (pem("workload"), "not of a CA"),
        (pem("workload") + pem("sdm-root"), "not of a CA"),
        (" " + pem("sdm-root"), "can be read"),
        (pem("sdm-root").replace("MII", "MIA", 1), "cannot be parsed"),
    ],
)
def test_istiod_refuses_an_item_by_its_first_block(text: str, refused: str) -> None:
    said = anchor(text).refusal

    assert refused in said
    assert bool(said) == bool(refused)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (pem("stranger-root-ended"), "ended on 2023-06-01"),
        (pem("stranger-root-to-come"), "does not begin until 2034-01-01"),
        (pem("stranger-without-signing"), "key usage"),
        (pem("sdm-root") + " " + pem("stranger-root"), "is skipped"),
        (pem("sdm-root") + PRIVATE, "private key"),
        ("", "it is empty"),
    ],
)
def test_all_of_an_item_is_looked_at(text: str, words: str) -> None:
    assert any(words in problem for problem in anchor(text).problems(NOW))


def test_a_good_item_has_no_problem() -> None:
    assert not list(anchor("# two\n" + pem("sdm-root") + pem("stranger-root")).problems(NOW))


@pytest.mark.parametrize(
    "text",
    [
        "[REDACTED]",
        "-----BEGIN CERTIFICATE-----\n********\n-----END CERTIFICATE-----",
        pem("sdm-root") + "<certificate omitted>",
    ],
)
def test_what_a_tool_took_out_is_unseen(text: str) -> None:
    with pytest.raises(Unseen):
        list(anchor(text).problems(NOW))
    with pytest.raises(Unseen):
        list(certificates(held(text)))


@pytest.mark.parametrize(
    "text",
    [
        PRIVATE,
        PRIVATE.replace("EC ", ""),
        pem("sdm-root") + PRIVATE,
        PRIVATE + pem("sdm-root"),
        " " + PRIVATE,
        PRIVATE.replace("-----", "--"),
        KEY,
        PRIVATE[:60],
    ],
)
def test_a_private_key_is_never_quoted(text: str) -> None:
    said = str(in_words(held(text))) + " ".join(anchor(text).problems(NOW))

    assert KEY[:12] not in said


def test_a_placeholder_is_quoted() -> None:
    assert "paste it here" in str(in_words(held("# paste it here")))


def test_more_certificates_than_anybody_trusts_are_unseen() -> None:
    many = held(pem("sdm-root") * 501)
    seen = certificates(many)
    assert len(seen.so_far) == 500
    assert [gap.why for gap in seen.gaps] == ["it holds more than 500 certificates"]
    with pytest.raises(Unseen, match="more than 500"):
        blocks(many)
    assert len(blocks(held(pem("sdm-root") * 500))) == 500
    assert certificates(held(pem("sdm-root") * 500)).gaps == ()


def test_a_bundle_is_not_quoted_to_its_end() -> None:
    assert str(in_words(held(pem("sdm-root") * 12)).value).endswith(" … and 2 more")


def test_a_text_is_taken_apart_once_for_all_who_look_into_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[str] = []

    def counted(text: str) -> object:
        taken.append(text)
        return pem_blocks(text)

    monkeypatch.setattr("auditor.models.certificates.pem_blocks", counted)
    bundle = "# taken apart once\n" + pem("sdm-root")
    for _ in range(100):
        assert len(certificates(held(bundle)).so_far) == 1
    assert taken == [bundle]
