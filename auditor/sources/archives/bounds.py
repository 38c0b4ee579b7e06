"""How much an archive may ask for before it is taken for an attack."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024
MOST_BYTES = 32 * 1024 * MEBIBYTE
"""Unpacked, of all archives of one source together, most of which are logs that nobody keeps."""
MOST_HELD = 4 * 1024 * MEBIBYTE
LARGEST = 1024 * MEBIBYTE
"""One file: the largest clusters' lists stay well below it."""
MOST_MEMBERS = 1_000_000
TOO_MANY_MEMBERS = f"holds more than {MOST_MEMBERS:,} files, and the rest was not read"
MOST_OF_NAMES = 256 * MEBIBYTE
"""Characters of all names together: a name of 4,096 shrinks to a few bytes, and is kept."""
MOST_MEMORY = 256 * MEBIBYTE
"""What a decompressor may use: the best compression of xz needs 65 MiB."""
RATIO = 300
"""Lists of objects shrink to a twentieth, logs to a hundredth, bombs to a thousandth."""
UNSUSPICIOUS = 256 * MEBIBYTE
"""What may come out whatever the ratio: small things shrink oddly."""


class Stopped(Exception):
    """An archive cannot be read any further: what it is, in words that can follow its name."""


@dataclass
class Budget:
    """What is left of the bounds while the archives of one source are read."""

    bytes: int = MOST_BYTES
    held: int = MOST_HELD
    members: int = MOST_MEMBERS
    names: int = MOST_OF_NAMES
    _packed: int = 0
    _unpacked: int = 0

    def admit(self, count: int) -> None:
        """Count what lies outside of all archives, which alone may be as small as it likes."""
        self._packed += count

    def unpack(self, count: int) -> None:
        """Spend bytes that were unpacked. Raises `Stopped` where there were too many."""
        self.bytes -= count
        if self.bytes < 0:
            raise Stopped(f"holds more than {_said(MOST_BYTES)}, and the rest was not read")
        self._unpacked += count
        check_ratio(self._unpacked, self._packed)

    def hold(self, count: int) -> None:
        """Spend bytes that are kept. Raises `Stopped` where there were too many."""
        self.held -= count
        if self.held < 0:
            raise Stopped(f"holds more than {_said(MOST_HELD)} to look at; the rest was not read")

    def enter(self) -> None:
        """Spend one member. Raises `Stopped` where there were too many."""
        self.members -= 1
        if self.members < 0:
            raise Stopped(TOO_MANY_MEMBERS)

    def name(self, name: str) -> None:
        """Spend a name. Raises `Stopped` where they were too long in all."""
        self.names -= len(name)
        if self.names < 0:
            raise Stopped("has names that are too long in all, and the rest was not read")


class Ratio:
    """What comes out of one archive, held against its size, however its members overlap."""

    def __init__(self, packed: int) -> None:
        self._packed = packed
        self._given = 0

    def give(self, count: int) -> None:
        """Count what came out. Raises `Stopped` where it was too much."""
        self._given += count
        check_ratio(self._given, self._packed)


def check_ratio(unpacked: int, packed: int) -> None:
    """Raise `Stopped` where more came out than any dump shrinks to."""
    if unpacked > UNSUSPICIOUS and unpacked > RATIO * packed:
        raise Stopped(f"unpacks to more than {RATIO} times its size; the rest was not read")


def _said(count: int) -> str:
    return f"{count // (1024 * MEBIBYTE)} GiB"
