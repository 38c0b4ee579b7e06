"""Certificates in the text of other objects, read as Go reads them. Never a key."""

from __future__ import annotations

import dataclasses
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auditor.objects import Field
from auditor.seen import Seen

BEGIN = re.compile(r"(?m)^-----BEGIN ([^\n-]+)-----[ \t\r]*$")
INDENTED = re.compile(r"(?m)^[ \t]+-----BEGIN ")
TAKEN_OUT = re.compile(r"(?i)scrubbed|redact|elided|omitted|masked|\*{4,}|<hidden>|x{8,}")
"""Words that the tools which clean a dump leave where a certificate was."""


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
    self_signed: bool
    field: Field
    der: bytes = dataclasses.field(default=b"", compare=False, repr=False)

    def issued_by(self, other: Certificate) -> bool:
        """Whether the other certificate's key signed this one."""
        return _is_issued_by(self.der, other.der)

    @property
    def short(self) -> str:
        """Subject, end of validity and fingerprint, as all reports write them."""
        print_ = " ".join(self.fingerprint[i : i + 4] for i in range(0, 16, 4))
        return f"{self.subject}, until {self.not_after:%Y-%m-%d}, sha256 {print_} …"

    @property
    def shown(self) -> Field:
        """The field that holds it, with the certificate in words for its value."""
        return self.field.holding(self.short)


@dataclass(frozen=True)
class Block:
    """One PEM block of a text: a certificate, or why there is none in it."""

    certificate: Certificate | None
    problem: str = ""


def blocks(pem: Field) -> tuple[Block, ...]:
    """Every PEM block that Go's encoding/pem finds in a text, in order.

    It skips a block whose first line is indented. Raises `Unseen` where the text is
    withheld. No block at all is no block: text around blocks is ignored.
    """
    text = str(pem.value or "")
    return tuple(_block(pem, kind, body) for kind, body in _pem(text))


def problems(pem: Field) -> tuple[str, ...]:
    """What is wrong with a text that should hold certificates, in words."""
    found = blocks(pem)
    wrong = [block.problem for block in found if block.problem]
    if INDENTED.search(str(pem.value or "")):
        wrong.append("a certificate is skipped: there is white space before its BEGIN line")
    elif not found:
        wrong.append("it holds no certificate, only other text" if pem.value else "it is empty")
    return tuple(dict.fromkeys(wrong))


def certificates(pem: Field) -> Seen[Certificate]:
    """The certificates of a text; what is no certificate is none to Istio either.

    Where the words of some redaction stand in it, what was there is unseen.
    """
    pem = cleaned(pem)
    if not pem:
        return Seen()
    if pem.gap:
        return Seen(gaps=(pem.gap,))
    found = blocks(pem)
    return Seen(tuple(block.certificate for block in found if block.certificate))


def cleaned(pem: Field) -> Field:
    """The text, or that it is withheld where some tool took the certificate out of it."""
    if not pem or pem.gap or not TAKEN_OUT.search(str(pem.value)):
        return pem
    return pem.withheld("its certificate was taken out of the dump", there=True)


def decoded(encoded: Field) -> Field:
    """The text that base64 holds, at the same place; withheld where it cannot be decoded."""
    if not encoded or encoded.gap:
        return encoded
    try:
        return encoded.holding(b64decode(str(encoded.value), validate=True).decode())
    except (NotBase64, ValueError):
        return encoded.withheld("it is not base64 of a text", there=True)


def _pem(text: str) -> Iterator[tuple[str, str]]:
    """Kind and body of each block, by the rules of Go's encoding/pem.Decode."""
    position = 0
    while begin := BEGIN.search(text, position):
        end = text.find(f"\n-----END {begin[1]}-----", begin.end() - 1)
        if end < 0:
            yield begin[1], ""
            return
        yield begin[1], text[begin.end() : end]
        position = end + 1


def _block(pem: Field, kind: str, body: str) -> Block:
    if kind != "CERTIFICATE":
        return Block(None, f"it holds a {kind}, no certificate")
    if not body:
        return Block(None, "a certificate has no END line")
    try:
        return Block(_read(pem, b64decode("".join(body.split()), validate=True)))
    except (NotBase64, ValueError) as error:
        return Block(None, f"a certificate cannot be parsed ({type(error).__name__})")


def _read(pem: Field, der: bytes) -> Certificate:
    fingerprint, key, subject, issuer, before, after, authority, own = _parsed(der)
    return Certificate(fingerprint, key, subject, issuer, before, after, authority, own, pem, der)


@lru_cache(maxsize=4096)  # the same root lies in a ConfigMap of every namespace
def _parsed(der: bytes) -> tuple[str, str, str, str, datetime, datetime, bool, bool]:
    certificate = x509.load_der_x509_certificate(der)
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return (
        certificate.fingerprint(SHA256()).hex(),
        sha256(certificate.subject.public_bytes() + public).hexdigest(),
        certificate.subject.rfc4514_string(),
        certificate.issuer.rfc4514_string(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        _is_authority(certificate),
        _is_issued_by(der, der),
    )


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


@lru_cache(maxsize=4096)
def _is_issued_by(child: bytes, parent: bytes) -> bool:
    authority = x509.load_der_x509_certificate(parent)
    try:
        x509.load_der_x509_certificate(child).verify_directly_issued_by(authority)
    except Exception:  # any failed verification: names that differ, another key, an old algorithm
        return False
    return True
