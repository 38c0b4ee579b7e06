"""A few things at a time, none of which can keep the caller."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from auditor.sources.live.clock import Deadline
from auditor.sources.live.side_by_side import THREADS, SideBySide
from tests.live.fake_clock import FakeClock


def test_jobs_run_side_by_side() -> None:
    """Each waits for all the others to have begun, which one after the other never ends."""
    together = threading.Barrier(THREADS)
    heard: list[int] = []

    SideBySide(Deadline(FakeClock(), 60), heard.append).run(
        [lambda tell: tell(together.wait(60)) for _ in range(THREADS)]
    )

    assert sorted(heard) == list(range(THREADS))


def test_what_is_told_is_heard_where_the_caller_is() -> None:
    here: list[int] = []

    def job(tell: Callable[[int], None]) -> None:
        for number in range(3):
            tell(number)

    threads: set[threading.Thread] = set()

    def hear(number: int) -> None:
        threads.add(threading.current_thread())
        here.append(number)

    SideBySide(Deadline(FakeClock(), 60), hear).run([job])

    assert here == [0, 1, 2]
    assert threads == {threading.current_thread()}


def test_a_job_that_never_ends_is_left_at_the_deadline() -> None:
    clock = FakeClock()
    never = threading.Event()
    ended: list[str] = []

    def job(tell: Callable[[str], None]) -> None:
        clock.advance(61)
        never.wait()

    SideBySide(Deadline(clock, 60), ended.append).run([job])

    assert ended == []
    never.set()


def test_what_a_job_raises_is_raised_here() -> None:
    def job(tell: Callable[[str], None]) -> None:
        raise KeyError("a defect")

    with pytest.raises(KeyError, match="a defect"):
        SideBySide(Deadline(FakeClock(), 60), print).run([job])


def test_more_jobs_than_threads_are_all_done() -> None:
    heard: list[int] = []
    jobs = [lambda tell, number=number: tell(number) for number in range(50)]

    SideBySide(Deadline(FakeClock(), 60), heard.append).run(jobs)

    assert sorted(heard) == list(range(50))


def test_no_jobs_are_over_at_once() -> None:
    SideBySide(Deadline(FakeClock(), 60), print).run([])
