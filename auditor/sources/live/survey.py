"""One reading of a cluster, from the way there to the snapshot."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from auditor.documents import paused_collector
from auditor.kinds import NAMESPACE, SECRET, Kind
from auditor.models.releases import STORED
from auditor.objects import Obj
from auditor.seen import Gap, Seen
from auditor.snapshot import Remark, Snapshot
from auditor.sources.helm.coverage import released
from auditor.sources.live import secrets
from auditor.sources.live.asking import Asking
from auditor.sources.live.clock import Clock, Deadline
from auditor.sources.live.connection import Connection, connected
from auditor.sources.live.discovery import Discovery, discovered
from auditor.sources.live.failures import Failed, OutOfTime
from auditor.sources.live.gaps import unasked, unread
from auditor.sources.live.readings import Listing, Named, Reading
from auditor.sources.live.settings import Progress, Settings
from auditor.sources.live.side_by_side import SideBySide
from auditor.sources.source import Unusable

T = TypeVar("T")

LAYOUT = "live cluster"
NOT_ACCEPTED = "the credentials are not accepted; they may have expired"
NO_NAMESPACE = "the cluster has no such namespace"


class Survey:
    """Reads what rules need of a cluster, once, and notes what could not be read."""

    def __init__(
        self,
        settings: Settings,
        control_planes: Callable[[Snapshot], Seen[Obj]],
        progress: Callable[[Progress], None],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._control_planes = control_planes
        self._progress = progress
        self._moment = clock.moment()
        self._deadline = Deadline(clock, settings.timeout)
        self._seen: dict[Kind, Seen[Obj]] = {}

    def snapshot(self, kinds: Sequence[Kind]) -> Snapshot:
        """Read these kinds. Raises `Unusable` where nothing can be read."""
        with paused_collector():
            connection = self._in_time(partial(connected, self._settings))
            try:
                return self._over(connection, kinds)
            finally:
                connection.pool.clear()

    def _over(self, connection: Connection, kinds: Sequence[Kind]) -> Snapshot:
        asking = Asking(connection, self._deadline, self._settings.patience)
        discovery = self._in_time(partial(discovered, asking, kinds))
        self._read_lists(asking, discovery, [kind for kind in kinds if kind != SECRET])
        if SECRET in kinds:
            planes = self._control_planes(self._so_far(connection))
            self._seen[SECRET] = self._secrets(asking, discovery, planes)
        return self._so_far(connection)

    def _in_time(self, job: Callable[[], T]) -> T:
        """What a job gives. Raises `Unusable` where it fails or does not end."""
        results: list[T] = []
        alone: SideBySide[Progress] = SideBySide(self._deadline, self._progress)
        try:
            alone.run([lambda _: results.append(job())])
        except Failed as failed:
            refused = failed.status == http.client.UNAUTHORIZED
            raise Unusable(f"{failed.why}; {NOT_ACCEPTED}" if refused else failed.why) from failed
        if not results:
            raise Unusable(f"the cluster: no answer; {self._deadline.said}")
        return results[0]

    def _read_lists(self, asking: Asking, discovery: Discovery, kinds: Iterable[Kind]) -> None:
        gaps: dict[Kind, list[Gap]] = {}
        readings: dict[Kind, list[Reading]] = {}
        for kind in kinds:
            gaps[kind], readings[kind] = self._planned(kind, discovery)
        self._read(asking, readings.values())
        self._refuse_strangers(readings.values())
        for kind, several in readings.items():
            lost = [gap for it in several for gap in it.gaps(self._late)]
            named = self._by_name(asking, several) if kind == NAMESPACE else []
            self._seen[kind] = _seen([*several, *named], [*gaps[kind], *lost])

    def _planned(self, kind: Kind, discovery: Discovery) -> tuple[list[Gap], list[Reading]]:
        """What is missing of a kind whatever comes, and the lists to ask for."""
        try:
            path = discovery.path(kind)
        except Failed as failed:
            return [unread(kind, failed)], []
        if path is None:
            return [], []  # discovery is the witness that there is none
        namespaces = self._settings.namespaces if kind.namespaced else ()
        outside = [unasked(kind, namespaces)] if namespaces else []
        return outside, [Listing(kind, path, namespace) for namespace in namespaces or ("",)]

    def _refuse_strangers(self, readings: Iterable[Sequence[Reading]]) -> None:
        """Where discovery is open to everybody, the lists are the first to ask who we are."""
        asked = [it for several in readings for it in several]
        refused = [
            failed
            for it in asked
            for failed in it.failures
            if failed.status == http.client.UNAUTHORIZED
        ]
        if refused and len(refused) == len(asked):
            raise Unusable(f"{refused[0].why}; {NOT_ACCEPTED}")

    def _by_name(self, asking: Asking, listings: Sequence[Reading]) -> list[Reading]:
        """A Role lets its own namespace be read, and so its labels, where no list may be.

        What fails of it leaves no gap beside that of the list.
        """
        names = self._settings.namespaces
        refused = [
            it for it in listings if any(why.status == http.client.FORBIDDEN for why in it.failures)
        ]
        found: list[Reading] = [Named(NAMESPACE, it.path, names=names) for it in refused if names]
        self._read(asking, [found])
        return found

    def _secrets(self, asking: Asking, discovery: Discovery, planes: Seen[Obj]) -> Seen[Obj]:
        if not self._settings.secrets:
            return Seen(gaps=(secrets.REFUSED,))
        try:
            path = discovery.path(SECRET)
        except Failed as failed:
            return Seen(gaps=(unread(SECRET, failed),))
        if path is None:
            return Seen()
        names = sorted({it.namespace for it in planes.so_far})
        readings = list(secrets.readings(path, names, self._settings))
        self._read(asking, [readings])
        lost = [gap for it in readings for gap in secrets.gaps(it, self._late)]
        return _seen(readings, [*secrets.beside(planes, names, self._settings), *lost])

    def _read(self, asking: Asking, readings: Iterable[Sequence[Reading]]) -> None:
        several: SideBySide[Progress] = SideBySide(self._deadline, self._progress)
        several.run([partial(it.read, asking) for same in readings for it in same])

    @property
    def _late(self) -> Failed:
        return OutOfTime(self._deadline.said)

    def _so_far(self, connection: Connection) -> Snapshot:
        nothing = Seen[Obj]()
        stored = [it for kind in STORED for it in self._seen.get(kind, nothing).so_far]
        return Snapshot(
            dict(sorted(self._seen.items())),
            connection.description,
            (LAYOUT,),
            self._moment,
            remarks=(*connection.remarks, *self._unknown_namespaces(), *released(stored)),
        )

    def _unknown_namespaces(self) -> Iterable[Remark]:
        """Namespaces that were named by mistake, as far as they are known."""
        seen = self._seen.get(NAMESPACE)
        if seen is None or seen.gaps:
            return
        there = {namespace.name for namespace in seen.so_far}
        for name in self._settings.namespaces:
            if name not in there:
                yield Remark(f"--namespace {name}", NO_NAMESPACE)


def _seen(readings: Sequence[Reading], gaps: Sequence[Gap]) -> Seen[Obj]:
    """What several readings of a kind come to, in an order that no thread disturbs."""
    objects = {place: it for reading in readings for place, it in reading.objects.copy().items()}
    return Seen(tuple(objects[place] for place in sorted(objects)), tuple(dict.fromkeys(gaps)))
