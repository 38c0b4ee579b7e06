"""Istio version numbers, from image tags and labels.

Vendors add to upstream's number (`1.15.3-bzc.2`, `1.20.1-distroless`,
`1.17.2-asm.8`): what is built is that release, with patches. A pre-release
(`1.31.0-rc.0`) and a build of a branch are not the release whose number they bear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = re.compile(
    r"v?1\.(0|[1-9][0-9]{0,2})"  # the minor
    r"(?:\.(0|[1-9][0-9]{0,2}))?"  # the patch
    r"(?:[-+_]([0-9A-Za-z._+-]+))?"  # what a vendor adds
)
UNRELEASED = re.compile(
    r"(alpha|beta|rc(?![a-z])|dev|pre|snapshot|nightly|master|main|latest)"
    r"|[0-9a-f]{40}"  # a commit
    r"|[0-9]+-g[0-9a-f]{7,}",  # so many commits after the release, as `git describe` says it
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Version:
    """An Istio version: `1.15.3`, or only its minor, and what a vendor added to it."""

    minor_number: int
    patch: int | None = None
    """None where the text names no patch, as `1.15` does."""
    suffix: str = ""
    """What follows the number, without what parts it from it: `bzc.2`, `distroless`."""

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """The version in an image tag or a label, or None where it is no Istio number.

        A digest, `latest`, a branch, and another product's number are none: every Istio
        release so far is 1.x.
        """
        match = NUMBER.fullmatch(text)
        if match is None:
            return None
        minor, patch, suffix = match.groups()
        return cls(int(minor), None if patch is None else int(patch), suffix or "")

    @property
    def minor(self) -> str:
        """The minor that it is of: `1.15`."""
        return f"1.{self.minor_number}"

    @property
    def number(self) -> str:
        """The number alone, as upstream writes it: `1.15.3`."""
        return self.minor if self.patch is None else f"{self.minor}.{self.patch}"

    def is_since(self, minor: int, patch: int = 0) -> bool:
        """Whether it is of this number of 1.x or of a later one, whatever a vendor added.

        A version that names no patch counts as its first.
        """
        return (self.minor_number, self.patch or 0) >= (minor, patch)

    @property
    def is_unreleased(self) -> bool:
        """Whether it is no build of the release of its number: an alpha, a branch, a commit."""
        return UNRELEASED.match(self.suffix) is not None

    def __str__(self) -> str:
        return f"{self.number}-{self.suffix}" if self.suffix else self.number
