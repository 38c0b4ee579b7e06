"""Certificates in the text of other objects, read as Go reads them. Never a key."""

from __future__ import annotations

import dataclasses
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from textwrap import wrap
from typing import TYPE_CHECKING

from auditor.models.pem import (
    LOOKS_LIKE_A_CERTIFICATE,
    PemBlock,
    looks_like_one,
    outside,
    pem_blocks,
)
from auditor.objects import Field
from auditor.seen import Gap, Seen, Unseen

if TYPE_CHECKING:
    from auditor.models.x509 import Parsed

TAKEN_OUT = re.compile(r"(?i)scrubbed|redact|elided|omitted|masked|\*{4,}|<hidden>|x{8,}")
"""Words that the tools which clean a dump leave where a certificate was."""
KEY = "PRIVATE KEY"
MOST = 500
"""Blocks of one text that are looked at. What browsers trust in all are a hundred and fifty."""
TOO_MANY = f"it holds more than {MOST} certificates"
QUOTED = 10
LONG_BASE64 = re.compile(r"[A-Za-z0-9+/=]{40}")


@dataclass(frozen=True)
class Certificate:
    """A certificate, by what tells it from others, and the field that holds it.

    All of Istio's self-signed roots share one subject, so `key` identifies a root: it is
    the same in a renewed root, whose fingerprint is another.
    """

    fingerprint: str
    """SHA-256 of the certificate, 64 hexadecimal digits."""
    key: str
    """SHA-256 of subject and public key: the same authority, though it was renewed."""
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    is_authority: bool
    may_sign: bool
    """Whether its key usage, where it names one, allows it to sign certificates."""
    self_signed: bool
    field: Field
    der: bytes = dataclasses.field(default=b"", compare=False, repr=False)

    def issued_by(self, other: Certificate) -> bool:
        """Whether the other certificate's key signed this one."""
        from auditor.models.x509 import is_issued_by  # noqa: PLC0415 - see `_parsed`

        return is_issued_by(self.der, other.der)

    def holds(self, now: datetime) -> bool:
        """Whether it is in its validity."""
        return self.not_before <= now <= self.not_after

    @property
    def named(self) -> str:
        """Subject and fingerprint, which name it wherever it is seen."""
        return f"{self.subject}, {self._print}"

    @property
    def short(self) -> str:
        """Subject, end of validity and fingerprint, as all reports write them."""
        return f"{self.subject}, until {self.not_after:%Y-%m-%d}, {self._print}"

    @property
    def _print(self) -> str:
        return f"sha256 {' '.join(self.fingerprint[i : i + 4] for i in range(0, 16, 4))} …"

    @property
    def shown(self) -> Field:
        """The field that holds it, with the certificate in words for its value."""
        return self.field.holding(self.short)

    @property
    def pem(self) -> str:
        """Its text, to paste: a certificate is public."""
        lines = wrap(b64encode(self.der).decode(), 64)
        return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))


@dataclass(frozen=True)
class Block:
    """One PEM block of a text: a certificate, or why there is none in it."""

    certificate: Certificate | None
    problem: str = ""


def blocks(pem: Field) -> tuple[Block, ...]:
    """Every PEM block that Istio finds in a text, in order.

    Raises `Unseen` where the text is withheld, or too long to be looked at. No block at all is
    no block: text around blocks is ignored.
    """
    found = _found(str(pem.value or ""))
    if len(found) > MOST:
        raise Unseen(*_more(pem))
    return tuple(_read(pem, block) for block in found)


def lost(pem: Field) -> bool:
    """Whether something that looks like a certificate stands where Istio finds none."""
    text = str(pem.value or "")
    return looks_like_one(outside(text, _found(text)))


def apparent(pem: Field) -> int:
    """How many certificates a person sees in a text, those too that Istio skips.

    Raises `Unseen` where the text is withheld.
    """
    text = str(pem.value or "")
    found = tuple(it for it in _found(text) if _is_sound(it))
    return len(found) + len(LOOKS_LIKE_A_CERTIFICATE.findall(outside(text, found)))


def certificates(pem: Field) -> Seen[Certificate]:
    """The certificates of a text; what is no certificate is none to Istio either.

    Where the words of some redaction stand in it, what was there is unseen.
    """
    if not pem or pem.gap:
        return Seen(gaps=(pem.gap,) if pem.gap else ())
    gap = cleaned(pem).gap
    read = (_read(pem, block) for block in _found(str(pem.value or ""))[:MOST])
    found = tuple(it.certificate for it in read if it.certificate)
    return Seen(found, (gap,) if gap else ())


def cleaned(pem: Field) -> Field:
    """The text, or that it is withheld where some tool took a certificate out of it."""
    if not pem or pem.gap:
        return pem
    text = str(pem.value)
    if len(_found(text)) > MOST:
        return pem.withheld(TOO_MANY, there=True)
    sound = tuple(it for it in _found(text) if _is_sound(it))
    if not TAKEN_OUT.search(outside(text, sound)):
        return pem
    return pem.withheld("its certificate was taken out of the dump", there=True)


def in_words(pem: Field) -> Field:
    """A text that should hold certificates, as a report may quote it: never with a key."""
    if not pem or pem.gap:
        return pem
    if found := certificates(pem).so_far:
        shorts = [certificate.short for certificate in found[:QUOTED]]
        more = [f"{len(found) - QUOTED} more"] if len(found) > QUOTED else []
        return pem.holding(" and ".join((*shorts, *more)))
    text = str(pem.value)
    if KEY in text:
        return pem.holding("(a private key, not quoted)")
    if LONG_BASE64.search(text):
        return pem.holding(f"(a text of {len(text)} characters, not quoted)")
    return pem


def decoded(encoded: Field) -> Field:
    """The text that base64 holds, at the same place; withheld where it cannot be decoded."""
    if not encoded or encoded.gap:
        return encoded
    try:
        return encoded.holding(b64decode(str(encoded.value), validate=True).decode())
    except (NotBase64, ValueError):
        return encoded.withheld("it is not base64 of a text", there=True)


@lru_cache(maxsize=64)  # each root of a bundle is looked for in the bundle of each namespace
def _found(text: str) -> tuple[PemBlock, ...]:
    """The blocks of a text, or one more than are looked at."""
    return tuple(islice(pem_blocks(text), MOST + 1))


def _more(pem: Field) -> tuple[Gap, ...]:
    gap = pem.withheld(TOO_MANY, there=True).gap
    return (gap,) if gap else ()


def _read(pem: Field, block: PemBlock) -> Block:
    if KEY in block.kind:
        return Block(None, "it holds a private key, which must count as stolen now")
    if (said := _parsed(block.der)) is None:
        return Block(None, "what it holds cannot be parsed as a certificate")
    return Block(Certificate(*said, pem, block.der))


def _is_sound(block: PemBlock) -> bool:
    return KEY not in block.kind and _parsed(block.der) is not None


def _parsed(der: bytes) -> Parsed | None:
    # It takes as long to import as a tenth of a command that meets no certificate.
    from auditor.models.x509 import parsed  # noqa: PLC0415 - for that reason

    return parsed(der)
