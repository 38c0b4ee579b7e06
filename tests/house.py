"""A house of rules and a cluster of two meshes, as small as a report can be whole with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auditor.cluster import Cluster, Source
from auditor.engine import audit
from auditor.inventory import (
    CrdSummary,
    Inventory,
    Membership,
    MeshSummary,
    Told,
    TrustSummary,
)
from auditor.kinds import CLUSTER_ROLE, CRD, DEPLOYMENT, NAMESPACE, POD, Kind
from auditor.objects import Obj, Ref
from auditor.outcome import Outcome, Severity
from auditor.remedy import Command, Label, Remedy
from auditor.report import Moment, Report, Terms, ToldBy
from auditor.rule import Rule
from auditor.seen import Gap, Seen
from auditor.snapshot import Remark, Snapshot, gap

PAGE = {
    "Why": "The Istio CRDs are cluster-wide, so both meshes share one copy. Whoever is upgraded "
    "next rewrites the API that the other mesh runs on.",
    "Pass": "One installer owns all of them.",
    "Fail": "Two installers do.",
    "Unknown": "Nobody does. The labels then cannot say who will rewrite it.",
    "Fix": "Choose the owner.\nThen take the other's labels off:\n\n- upstream's\n- or SDM's",
}

LABEL_PAGE = {
    "Why": "Both meshes' webhooks may answer for istio-injection, e.g. after an upgrade. The pods "
    "then get the wrong sidecar.",
}


@dataclass(frozen=True)
class Place:
    """Where an object was read; a field lies as many lines below it as it lies deep."""

    file: str
    first: int

    def line(self, path: tuple[str | int, ...]) -> int | None:
        return self.first + len(path)


def thing(kind: Kind, name: str, namespace: str = "", line: int = 0, **rest: Any) -> Obj:
    """An object of a cluster; with a line, as if it were read from a file."""
    metadata: dict[str, Any] = {"name": name, **({"namespace": namespace} if namespace else {})}
    metadata.update(rest.pop("metadata", {}))
    version = f"{kind.group}/v1" if kind.group else "v1"
    raw = {"apiVersion": version, "kind": kind.name, "metadata": metadata, **rest}
    return Obj(kind, raw, Place("cluster.yaml", line) if line else None)


Check = Callable[[Any, Cluster], Outcome]


def make_rule(
    id: str,
    check: Check,
    *,
    kind: Kind = NAMESPACE,
    over: Callable[[Cluster], Seen[Any]] | None = None,
    severity: Severity = Severity.ERROR,
    family: str = "injection",
    reads: Iterable[Source] = (),
    page: Mapping[str, str] | None = None,
) -> Rule:
    """A house rule that judges each object of one kind."""

    def all_of_them(cluster: Cluster) -> Seen[Any]:
        return cluster[kind]

    all_of_them.__name__ = str(kind).partition(".")[0]
    return Rule(
        id,
        family,
        severity,
        over or all_of_them,
        (kind, *reads),
        ("https://example.org/authority",),
        check,
        f"The invariant of {id}.",
        {**PAGE, **(page or {})},
    )


CLOCK = Moment(datetime(2026, 11, 25, 9, 30, tzinfo=UTC), ToldBy.CLOCK)


def make_report(
    rules: Iterable[Rule],
    things: Iterable[Obj] = (),
    *,
    listed: Iterable[Kind] = (NAMESPACE,),
    gaps: Mapping[Kind, tuple[Gap, ...]] | None = None,
    terms: Terms | None = None,
    inventory: Inventory | None = None,
    remarks: tuple[Remark, ...] = (),
    description: str = "",
    layouts: tuple[str, ...] = (),
    time: datetime | None = None,
    assumed: frozenset[Kind] = frozenset(),
    cluster: str = "",
    moment: Moment | None = None,
) -> Report:
    """What an audit of some objects by some rules comes to."""
    rules, things = tuple(rules), tuple(things)
    kinds: dict[Kind, Seen[Obj]] = {}
    for kind in {*listed, *(thing.kind for thing in things), *(gaps or {})}:
        here = tuple(thing for thing in things if thing.kind == kind)
        kinds[kind] = Seen(here, (gaps or {}).get(kind, ()))
    snapshot = Snapshot(kinds, description, layouts, time, assumed, remarks, cluster=cluster)
    read: set[Kind] = {kind for rule in rules for kind in rule.reads if isinstance(kind, Kind)}
    return Report(
        snapshot,
        tuple(sorted(read)),
        inventory or Inventory(),
        audit(rules, snapshot),
        "2026-11-01",
        moment or (Moment(time, ToldBy.SOURCE) if time else CLOCK),
        terms or Terms(),
    )


SDM = MeshSummary(
    id="sdm.sdm-istio-system",
    installer=Told(("sdm",)),
    namespace="sdm-istio-system",
    running=True,
    revisions=Told(("icp-v115x.sdm-istio-system",)),
    tags=Told(),
    versions=Told(("1.15.3",)),
    trust_domain=Told(("cluster.local",)),
    roots=Told(("sha256:" + "3f2a9c1e" * 8,)),
    members=(
        Membership("kafka", "label istio.io/rev=icp-v115x.sdm-istio-system"),
        Membership("bank", "label istio.io/rev=icp-v115x.sdm-istio-system"),
    ),
)
UPSTREAM = MeshSummary(
    id="istio.istio-system",
    installer=Told(("istio-operator",)),
    namespace="istio-system",
    running=True,
    revisions=Told(("1-12-9", "1-13-9")),
    tags=Told(("default",)),
    versions=Told(("1.12.9", "1.13.9")),
    trust_domain=Told(("cluster.local",)),
    roots=Told(gaps=(gap(POD, "not collected"),)),
    members=(Membership("shop", "label istio.io/rev=1-13-9"), Membership("cart", "3 pods run")),
    members_gaps=(gap(POD, "not collected"),),
    notes=("a canary: revisions 1-12-9 and 1-13-9 run side by side",),
)
MESHES = Inventory(
    (SDM, UPSTREAM),
    gaps=(gap(DEPLOYMENT, "403: cannot list in the namespace", "vault"),),
    notes=("the webhook istio-sidecar-injector-old points to an istiod that is gone",),
    trust=(
        TrustSummary(
            SDM.id, UPSTREAM.id, None, "not all was seen", gaps=(gap(POD, "not collected"),)
        ),
        TrustSummary(
            UPSTREAM.id, SDM.id, False, "it is not given the other's root", SDM.roots.values
        ),
    ),
    crds=(
        *(CrdSummary(f"{it}.networking.istio.io", Told(("SDM's operator",))) for it in "ab"),
        CrdSummary("c.networking.istio.io", Told(("SDM's operator", "istioctl"))),
        CrdSummary("d.networking.istio.io", Told(gaps=(Gap("who wrote it", "no mark"),))),
    ),
)


def claimed_twice(crd: Obj, cluster: Cluster) -> Outcome:
    marks = [crd.label("app.kubernetes.io/managed-by"), crd.label("operator.istio.io/managed")]
    if not marks[1]:
        return Outcome.passed("owned by Streaming Data Manager", marks[0])
    drop = (Label(crd.ref, "operator.istio.io/managed"), Label(crd.ref, "owner", "sdm"))
    return Outcome.failed(
        "claimed by upstream Istio and Streaming Data Manager",
        *marks,
        remedies=[
            Remedy("hand it to Streaming Data Manager, which runs the newer release", drop),
            Remedy(
                "hand it to upstream Istio",
                (Command("upgrade upstream first, and wait for it", "istioctl upgrade"),),
            ),
        ],
    )


def chooses_by_revision(namespace: Obj, cluster: Cluster) -> Outcome:
    old = namespace.label("istio-injection")
    if old:
        step = Label(namespace.ref, "istio-injection"), Label(namespace.ref, "istio.io/rev", "1-13")
        return Outcome.failed(
            "chooses its mesh by istio-injection", old, remedies=[Remedy("name the revision", step)]
        )
    return Outcome.passed("chooses no mesh")


class Pair:
    ref = Ref("Meshes", "sdm.sdm-istio-system -> istio.istio-system")


def trusts(pair: Pair, cluster: Cluster) -> Outcome:
    root = next(iter(cluster[NAMESPACE].so_far)).at("metadata", "labels")
    return Outcome.failed(
        "does not accept the other's root",
        root.holding("O=cluster.local, until 2032-05-01, sha256:" + "b7710000" * 8),
        severity=Severity.WARNING,
    )


def passes(thing: Obj, cluster: Cluster) -> Outcome:
    return Outcome.passed("is as it should be")


def breaks(thing: Obj, cluster: Cluster) -> Outcome:
    raise ZeroDivisionError("division by zero")


def istio_crds() -> list[Obj]:
    names = "authorizationpolicies.security destinationrules.networking envoyfilters.networking"
    names += " gateways.networking peerauthentications.security serviceentries.networking"
    names += " sidecars.networking telemetries.telemetry virtualservices.networking"
    labels = {
        "app.kubernetes.io/managed-by": "istio-operator",
        "operator.istio.io/managed": "Reconcile",
    }
    return [
        thing(CRD, f"{name}.istio.io", line=800 + 50 * at, metadata={"labels": labels})
        for at, name in enumerate(names.split())
    ]


def two_meshes(terms: Terms | None = None) -> Report:
    """The report of a cluster that has a bit of everything."""
    old = {"labels": {"istio-injection": "enabled"}}
    return make_report(
        [
            make_rule("crd-single-owner", claimed_twice, kind=CRD, family="crd"),
            make_rule("namespace-revision-label", chooses_by_revision, page=LABEL_PAGE),
            make_rule("trust-mutual", trusts, family="trust", over=lambda c: Seen((Pair(),))),
            make_rule(
                "cluster-scoped-names-distinct",
                passes,
                kind=CLUSTER_ROLE,
                family="names",
                severity=Severity.WARNING,
            ),
            make_rule("pods-agree", passes, kind=POD),
            make_rule("acme-rule", breaks, family="acme"),
            make_rule("labels-known", passes),
        ],
        [
            *istio_crds(),
            thing(NAMESPACE, "shop", line=12, metadata=old),
            thing(NAMESPACE, "cart", line=31, metadata=old),
            thing(NAMESPACE, "kafka", line=47),
        ],
        inventory=MESHES,
        gaps={CLUSTER_ROLE: (gap(CLUSTER_ROLE, "an istioctl bug-report never holds them"),)},
        terms=terms,
        remarks=(Remark("cluster/notes.txt", "is no Kubernetes object, so it was not read"),),
        description="dump.tar.gz",
        layouts=("istioctl bug-report",),
        time=datetime(2026, 11, 20, 8, 14, tzinfo=UTC),
        assumed=frozenset({NAMESPACE}),
    )
