"""Certificates of X.509, parsed by a library. Only what meets a certificate imports this."""

from __future__ import annotations

import warnings
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Parsed: TypeAlias = tuple[str, str, str, str, datetime, datetime, bool, bool, bool]


@lru_cache(maxsize=4096)  # the same root lies in a ConfigMap of every namespace
def parsed(der: bytes) -> Parsed | None:
    """What tells a certificate from others, in the order of `Certificate`; None for none."""
    try:
        with warnings.catch_warnings():  # of what is odd and yet valid to Go, as a serial of 0
            warnings.simplefilter("ignore")
            return _said_by(der)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension):
        return None


def _said_by(der: bytes) -> Parsed:
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
        _may_sign(certificate),
        is_issued_by(der, der),
    )


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.key_cert_sign


@lru_cache(maxsize=4096)
def is_issued_by(child: bytes, parent: bytes) -> bool:
    """Whether the key of one certificate verifies the signature of another, and the names agree."""
    authority = x509.load_der_x509_certificate(parent)
    try:
        x509.load_der_x509_certificate(child).verify_directly_issued_by(authority)
    except Exception:  # any failed verification: names that differ, another key, an old algorithm
        return False
    return True
