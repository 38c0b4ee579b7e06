"""Without a source the live cluster is read, as its options say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from auditor.cli.parser import Refused
from auditor.kinds import CRD, NAMESPACE, POD, Kind
from auditor.seen import Seen
from auditor.snapshot import Snapshot, gap
from auditor.sources.live import Progress, Settings
from tests.command import SHOP, command
from tests.house import make_rule, passes

LACKING = "leave out --no-secrets"


@dataclass
class Survey:
    """A live cluster that notes what was asked of it, and tells some progress."""

    snapshot: Snapshot = SHOP
    settings: list[Settings] = field(default_factory=list)
    kinds: list[Sequence[Kind]] = field(default_factory=list)
    progress: tuple[Progress, ...] = ()

    def __call__(
        self, settings: Settings, kinds: Sequence[Kind], progress: Callable[[Progress], None]
    ) -> Snapshot:
        self.settings.append(settings)
        self.kinds.append(kinds)
        for one in self.progress:
            progress(one)
        return self.snapshot


@pytest.mark.parametrize("name", ["audit", "meshes"])
@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ([], Settings()),
        (["--kubeconfig", "a.yaml", "--context", "b"], Settings("a.yaml", "b")),
        (
            ["--namespace", "shop", "--namespace", "bank", "--namespace=shop"],
            Settings(namespaces=("shop", "bank")),
        ),
        (["--timeout", "2.5"], Settings(timeout=2.5)),
        (["--no-secrets", "--helm-releases"], Settings(secrets=False, helm_releases=True)),
    ],
)
def test_the_options_reach_the_cluster(name: str, options: list[str], settings: Settings) -> None:
    survey = Survey()

    assert command(name, *options, survey=survey).code == 0
    assert survey.settings == [settings]


def test_only_the_kinds_of_the_rules_and_of_the_inventory_are_asked_for() -> None:
    rules = [make_rule("about-crds", passes, kind=CRD, family="crd"), make_rule("some", passes)]
    rules.append(make_rule("about-pods", passes, kind=POD))
    survey = Survey()

    command("audit", "--select", "crd", rules=rules, survey=survey)
    command("audit", rules=rules, survey=survey)
    command("meshes", rules=rules, survey=survey)

    assert [set(kinds) for kinds in survey.kinds] == [
        {CRD, NAMESPACE},
        {CRD, NAMESPACE, POD},
        {NAMESPACE},
    ]


@pytest.mark.parametrize("name", ["audit", "meshes"])
@pytest.mark.parametrize(
    "option",
    [
        ["--kubeconfig", "a"],
        ["--context", "a"],
        ["--namespace", "a"],
        ["--timeout", "9"],
        ["--no-secrets"],
        ["--helm-releases"],
    ],
)
def test_beside_a_dump_an_option_of_a_cluster_is_refused(name: str, option: list[str]) -> None:
    ended = command(name, "dump", "more", *option)

    said = f"{option[0]} is about a live cluster, and dump more was named as the source"
    assert ended.complaint == said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--timeout", "soon"], "--timeout soon: is no number of seconds above 0"),
        (["--timeout", "0"], "--timeout 0: is no number of seconds above 0"),
        (["--timeout", "nan"], "--timeout nan: is no number of seconds above 0"),
        (["--timeout", "inf"], "--timeout inf: is no number of seconds above 0"),
        (["--context", ""], "--context: its value is empty"),
        (["--kubeconfig="], "--kubeconfig: its value is empty"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(options: list[str], said: str) -> None:
    assert command("audit", *options, survey=Survey()).complaint == said


def test_a_cluster_that_cannot_be_read_is_one_line() -> None:
    def refusing(settings: object, kinds: object, progress: object) -> Snapshot:
        raise Refused("https://prod:6443: Connection refused")

    ended = command("audit", survey=refusing, terminal=True)

    assert ended.code == 2
    assert ended.err.endswith("\r\x1b[Kmesh-auditor: https://prod:6443: Connection refused\n")


def test_the_way_to_tell_repeats_the_options_and_adds_no_file() -> None:
    refused = Snapshot({**SHOP.kinds, POD: Seen(gaps=(gap(POD, "403", get=LACKING),))})
    rules = [make_rule("about-pods", passes, kind=POD)]
    options = ["--context", "my prod", "--namespace", "shop", "--no-secrets"]

    ended = command("audit", *options, rules=rules, survey=Survey(refused))

    assert (
        f"""
To tell, give it what was missing and audit again:
  {LACKING}
  mesh-auditor audit --context 'my prod' --namespace shop --no-secrets
"""
        in ended.out
    )


PROGRESS = (
    Progress(POD, "", 500, 9500),
    Progress(POD, "", 10000, done=True),
    Progress(CRD, "", 3, done=True),
    Progress(CRD, "bank", 4),
)


def test_a_terminal_shows_how_far_reading_is_and_then_forgets_it() -> None:
    wide = {"COLUMNS": "120"}
    ended = command("audit", survey=Survey(progress=PROGRESS), terminal=True, environment=wide)

    assert ended.err.split("\r\x1b[K") == [
        "",
        "reading the cluster",
        "reading pods: 500, 9500 to come (lists read: 0)",
        "reading pods: 10000 (lists read: 1)",
        f"reading {CRD}: 3 (lists read: 2)",
        f"reading {CRD} in bank: 4 (lists read: 2)",
        "",
    ]


def test_no_line_is_longer_than_the_terminal() -> None:
    small = command(
        "audit", survey=Survey(progress=PROGRESS), terminal=True, environment={"COLUMNS": "45"}
    )

    assert max(map(len, small.err.split("\r\x1b[K"))) == 44


def test_nothing_is_shown_where_it_could_not_be_erased() -> None:
    piped = command("audit", survey=Survey(progress=PROGRESS))
    dumb = command(
        "audit", survey=Survey(progress=PROGRESS), terminal=True, environment={"TERM": "dumb"}
    )

    assert (piped.err, dumb.err) == ("", "")
