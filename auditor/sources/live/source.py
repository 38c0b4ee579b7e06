"""The seam: a live cluster in, a snapshot out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from auditor.kinds import DEPLOYMENT, POD, Kind
from auditor.objects import Obj
from auditor.seen import Seen
from auditor.snapshot import Snapshot
from auditor.sources.live.clock import Clock, SystemClock
from auditor.sources.live.settings import Progress, Settings, refuse_impossible


def running(is_control_plane: Callable[[Obj], object]) -> Callable[[Snapshot], Seen[Obj]]:
    """Finds the Deployments and Pods that pass a test."""

    def found(snapshot: Snapshot) -> Seen[Obj]:
        return (snapshot.seen(DEPLOYMENT) + snapshot.seen(POD)).where(is_control_plane)

    return found


def _silent(progress: Progress) -> None:
    del progress


@dataclass(frozen=True)
class LiveSource:
    """A cluster that is reached over its API, of which nothing but GET is ever asked.

    `control_planes` finds them in what was read of all other kinds: only in their namespaces are
    Secrets read. `progress` is called on the thread of the caller.
    """

    settings: Settings
    control_planes: Callable[[Snapshot], Seen[Obj]]
    progress: Callable[[Progress], None] = _silent
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        refuse_impossible(self.settings.namespaces)

    def read(self, kinds: Sequence[Kind]) -> Snapshot:
        """What these kinds hold, and what could not be read and why.

        Raises `Unusable`, with one line, where nothing can be read.
        """
        from auditor.sources.live.survey import Survey

        survey = Survey(self.settings, self.control_planes, self.progress, self.clock)
        return survey.snapshot(kinds)
