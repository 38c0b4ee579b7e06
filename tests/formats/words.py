"""Lists of words, written as one text."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())
