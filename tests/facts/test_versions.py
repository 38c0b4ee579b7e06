"""Istio version numbers, as image tags and labels have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.versions import Version


@pytest.mark.parametrize(
    ("text", "number", "suffix"),
    [
        ("1.15.3", "1.15.3", ""),
        ("v1.20.1", "1.20.1", ""),
        ("1.15.3-bzc.2", "1.15.3", "bzc.2"),
        ("1.20.1-distroless", "1.20.1", "distroless"),
        ("1.20.1-debug", "1.20.1", "debug"),
        ("1.22.0-patch1-solo", "1.22.0", "patch1-solo"),
        ("1.18.2-solo-distroless", "1.18.2", "solo-distroless"),
        ("1.19.6-tetrate-v0", "1.19.6", "tetrate-v0"),
        ("1.17.2-asm.8", "1.17.2", "asm.8"),
        ("1.15", "1.15", ""),
    ],
)
def test_a_number_is_read_with_what_a_vendor_adds(text: str, number: str, suffix: str) -> None:
    version = Version.parse(text)
    assert version is not None
    assert (version.number, version.suffix) == (number, suffix)
    assert not version.is_unreleased


@pytest.mark.parametrize(
    "text",
    [
        "",
        "latest",
        "master-20230101",
        "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "2.2.1",
        "11.5.3",
        "1",
        "1.15.",
        "1.15.x",
        "1.15.3.1",
        "1.015.3",
        "1.15.3 ",
        "1.15.3\n",
        "docker.io/istio/pilot:1.15.3",
        "base-1.24.0",
        "1.\u0661\u0665.3",
    ],
)
def test_what_is_no_istio_number_has_no_version(text: str) -> None:
    assert Version.parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1.31.0-rc.0",
        "1.31.0-rc1",
        "1.30.0-alpha.2",
        "1.30.0-beta.0-distroless",
        "1.15-alpha.0fba4a2c34e0ed4d7ea52f2b63d3dd6f3a4cf3a5",
        "1.15-dev",
        "1.15.3-0fba4a2c34e0ed4d7ea52f2b63d3dd6f3a4cf3a5",
        "1.15.3-12-g0fba4a2",
        "1.16.0-latest",
    ],
)
def test_what_was_never_released_says_so(text: str) -> None:
    version = Version.parse(text)
    assert version is not None
    assert version.is_unreleased


@given(
    st.builds(
        Version,
        minor_number=st.integers(0, 999),
        patch=st.none() | st.integers(0, 999),
        suffix=st.from_regex(r"([a-z][a-z0-9.-]{0,20})?", fullmatch=True),
    )
)
def test_a_version_reads_its_own_text_back(version: Version) -> None:
    assert Version.parse(str(version)) == version


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("1.15.3-bzc.2", True),
        ("1.15", False),
        ("1.15.2", False),
        ("1.16.0", True),
        ("1.9.9", False),
    ],
)
def test_what_is_since_a_release(text: str, since: bool) -> None:
    version = Version.parse(text)

    assert version is not None
    assert version.is_since(15, 3) is since
