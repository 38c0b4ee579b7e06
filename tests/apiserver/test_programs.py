"""The programs are found by envtest's convention, and a person is told how to get them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apiserver.programs import NotAskedFor, programs

SENTENCE = r"`export KUBEBUILDER_ASSETS=\$\(tests/apiserver/build\)` builds them"


def test_the_folder_is_the_one_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "etcd").touch()
    (tmp_path / "kube-apiserver").touch()

    assert tmp_path == programs({"KUBEBUILDER_ASSETS": str(tmp_path)})


@pytest.mark.parametrize("environment", [{}, {"KUBEBUILDER_ASSETS": ""}])
def test_without_a_folder_it_says_how_to_get_one(environment: dict[str, str]) -> None:
    with pytest.raises(NotAskedFor, match=SENTENCE):
        programs(environment)


def test_a_folder_without_a_program_is_an_error_and_no_reason_to_skip(tmp_path: Path) -> None:
    (tmp_path / "etcd").touch()

    with pytest.raises(FileNotFoundError, match=f"has no kube-apiserver: {SENTENCE}"):
        programs({"KUBEBUILDER_ASSETS": str(tmp_path)})
