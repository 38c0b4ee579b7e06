"""A few things at a time, and none of them longer than there is time.

The threads are daemons and the caller only waits for what they tell: neither a name server that
never answers nor a body that never ends can keep the process, and Ctrl-C ends it at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Generic, TypeAlias, TypeVar

from auditor.sources.live.clock import Deadline

T = TypeVar("T")

THREADS = 4
"""As many as it takes to wait for the longest list alone (measured at 50 ms for each answer)."""
GLANCE = 0.05
"""Seconds between two looks at the clock."""

Job: TypeAlias = Callable[[Callable[[T], None]], None]
"""Something to do; it is handed what it may tell how far it is."""


class _Done:
    """A job ended well."""


class _Broken:
    """A job raised."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class SideBySide(Generic[T]):
    """Does jobs on a few threads, and hands on what they tell on the thread of the caller."""

    def __init__(self, deadline: Deadline, hear: Callable[[T], None]) -> None:
        self._deadline = deadline
        self._hear = hear

    def run(self, jobs: Iterable[Job[T]]) -> None:
        """Come back when all jobs are done or the time is up. Raises what a job raises."""
        todo: SimpleQueue[Job[T]] = SimpleQueue()
        told: SimpleQueue[T | _Done | _Broken] = SimpleQueue()
        left = 0
        for job in jobs:
            todo.put(job)
            left += 1
        for _ in range(min(left, THREADS)):
            threading.Thread(target=_work, args=(todo, told), daemon=True).start()
        while left:
            try:
                heard = told.get(timeout=GLANCE)
            except Empty:
                if self._deadline.passed:
                    return
                continue
            if isinstance(heard, _Done):
                left -= 1
            elif isinstance(heard, _Broken):
                raise heard.error
            else:
                self._hear(heard)


def _work(todo: SimpleQueue[Job[T]], told: SimpleQueue[T | _Done | _Broken]) -> None:
    while True:
        try:
            job = todo.get_nowait()
        except Empty:
            return
        try:
            job(told.put)
        except BaseException as error:  # it is raised again where somebody waits for it
            told.put(_Broken(error))
        else:
            told.put(_Done())
