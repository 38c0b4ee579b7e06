"""The items of `caCertificates`: what a mesh is told to accept, as istiod and Envoy take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from auditor.models.certificates import (
    KEY,
    Certificate,
    apparent,
    blocks,
    certificates,
    cleaned,
    decoded,
    in_words,
    lost,
)
from auditor.models.pem import LOOKS_LIKE_ONE, looks_like_one
from auditor.objects import Field, dotted
from auditor.seen import Gap, Seen


@dataclass(frozen=True)
class Anchor:
    """One item of `caCertificates`."""

    item: Field

    @property
    def pem(self) -> Field:
        """Its text; withheld where a tool took the certificate out of the dump."""
        return cleaned(self.item.at("pem"))

    @property
    def url(self) -> Field:
        """The SPIFFE endpoint that it names in place of a text."""
        return self.item.at("spiffeBundleUrl")

    @property
    def name(self) -> str:
        """The item as a person would say it: `caCertificates[1]`."""
        return dotted(self.item.path[-2:])

    @property
    def shown(self) -> Field:
        """Its text in the words of a report, never with a key; else its endpoint."""
        if self.item.at("pem").held is None and self.url.held:
            return self.url
        return in_words(self.item.at("pem"))

    @property
    def certificates(self) -> Seen[Certificate]:
        """What it gives. What a SPIFFE endpoint gives is not seen."""
        found = self.texts
        if self.item.at("pem").held or not self.url:
            return found
        unseen = Gap(f"what {self.url.held} gives", "an endpoint is not asked")
        return Seen(found.so_far, (*found.gaps, unseen))

    @property
    def texts(self) -> Seen[Certificate]:
        """The certificates in its text, whatever an endpoint may give beside them."""
        return certificates(self.item.at("pem"))

    @property
    def holds_several(self) -> bool:
        """Whether more than one certificate stands in it, or seems to.

        Istio verifies the first alone, and skips one whose first line is indented. Raises
        `Unseen` where what was taken out of the text decides.
        """
        return len(self.texts.so_far) > 1 or apparent(self.pem) > 1

    @property
    def skips(self) -> bool:
        """Whether Istio skips a certificate in its text; for words, false where that is hidden."""
        return self.pem.gap is None and lost(self.pem)

    @property
    def refusal(self) -> str:
        """Why istiod refuses it, and with it every other item; empty where it takes it.

        Only the first block is looked at, whatever it calls itself; an empty text is skipped
        (istio 1.30.3: pilot/pkg/trustbundle/trustbundle.go). Raises `Unseen` where the text
        is withheld.
        """
        pem = self.pem
        if not pem.value:
            return ""
        for block in islice(blocks(pem), 1):
            if block.certificate and not block.certificate.is_authority:
                return "its certificate is not of a CA"
            return block.problem
        if problem := _in_base64(pem):
            return problem
        if not looks_like_one(str(pem.value)):
            return "it holds no certificate, only other text"
        return (
            "no certificate in it can be read: its first or last line is missing, misspelt or "
            "not at the start of a line, or what is between cannot be decoded"
        )

    def problems(self, now: datetime) -> Iterator[str]:
        """All that is wrong with it, in words: the worst first."""
        if refusal := self.refusal:
            yield refusal
        elif not self.pem.value and not self.url:
            yield "it is empty, so it does nothing"
        elif lost(self.pem):
            yield (
                "a certificate in it is skipped, since its first or last line is missing, misspelt "
                "or not at the start of a line, or what is between cannot be decoded"
            )
        for block in blocks(self.pem):
            if block.certificate is None:
                yield block.problem
            else:
                yield from _faults_of(block.certificate, now)


def anchors_in(listed: Field) -> Seen[Anchor]:
    """The items of a list of anchors."""
    return Seen(tuple(map(Anchor, listed.each())))


def repeated(anchors: Seen[Anchor]) -> Seen[tuple[Anchor, Anchor]]:
    """Each item of a list with one before it that holds the same certificate."""
    first: dict[str, Anchor] = {}

    def look(anchor: Anchor) -> Iterator[tuple[Anchor, Anchor]]:
        for certificate in anchor.texts:
            before = first.setdefault(certificate.fingerprint, anchor)
            if before is not anchor:
                yield anchor, before

    return anchors.each(look)


def _in_base64(pem: Field) -> str:
    """Why a text that was taken out of a Secret as it stands there is of no use, in words."""
    held = str(decoded(pem.holding("".join(str(pem.value).split()))).held)
    if KEY in held:
        return "it holds a private key in base64, which must count as stolen now"
    if LOOKS_LIKE_ONE in held:
        return "it holds a certificate in base64, as a Secret has it: decode it first"
    return ""


def _faults_of(certificate: Certificate, now: datetime) -> Iterator[str]:
    if not certificate.is_authority:
        yield "its certificate is not of a CA"
    elif not certificate.may_sign:
        yield "the key usage of its certificate does not let it sign others"
    if now > certificate.not_after:
        yield f"its certificate ended on {certificate.not_after:%Y-%m-%d}"
    elif now < certificate.not_before:
        yield f"its certificate does not begin until {certificate.not_before:%Y-%m-%d}"
