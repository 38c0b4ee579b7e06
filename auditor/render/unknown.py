"""What could not be told, and the commands that would tell it."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from auditor.outcome import Verdict
from auditor.render.alike import Finding, findings
from auditor.render.block import first_sentence, heading
from auditor.render.evidence import quoted_fields
from auditor.render.names import counted, listed
from auditor.render.page import Line, Page, Tone
from auditor.report import Report
from auditor.seen import Gap

LABEL = "UNKNOWN"
FOLDER = "collected"
"""Where the commands put what was missing, when it is more than one thing."""

MANY = 3
MOST_REASONS = 40
"""How many different reasons are told of what one rule could not see."""
MOST_UNSEEN = 60
"""How many kinds, or places of kinds, are told for one reason."""
MOST_NAMESPACES = 20
"""In how many namespaces a kind is collected one by one."""
RIGHT = " with the rule {"
"""What a gap's `get` has in it where it is a right."""
COMMAND = "kubectl "
"""What a gap's `get` begins with where it is a command, not a right or an option."""
WHOLE_KIND = re.compile(r"kubectl get ([a-z0-9.-]+)(?: -A)? -o yaml")
IN_A_NAMESPACE = re.compile(r"kubectl get ([a-z0-9.-]+) -n [a-z0-9.-]+ -o yaml")
ONE_GET = re.compile(r"kubectl get [^;&|<>`$]+ -o yaml(?: --show-managed-fields)?")


def unknowns(report: Report, page: Page) -> Iterator[Line]:
    """What the rules could not tell: first for want of evidence, then with all of it there."""
    found = findings(report, Verdict.UNKNOWN, page.verbose)
    unseen: dict[tuple[Gap, ...], list[Finding]] = {}
    for finding in found:
        if finding.first.gaps:
            unseen.setdefault(finding.first.gaps, []).append(finding)
    for gaps, same in unseen.items():
        yield from _unseen(gaps, same)
        yield Line()
    for finding in found:
        if not finding.first.gaps:
            yield heading(LABEL, Tone.UNKNOWN, finding)
            yield from quoted_fields(finding.first.evidence, 2)
            yield Line(first_sentence(finding.rule.page["Unknown"]), 2, "Why:", hang=5)
            yield Line()
    yield from to_tell([gap for gaps in unseen for gap in gaps], page)


def broken(report: Report, page: Page) -> Iterator[Line]:
    """Rules that came to no conclusion by their own fault."""
    for finding in findings(report, Verdict.ERROR, page.verbose):
        yield heading("BROKEN", Tone.ERROR, finding)
        yield Line("The rule is at fault here, not the cluster: its answer is missing.", 2)
        yield Line()


def _unseen(gaps: Sequence[Gap], same: list[Finding]) -> Iterator[Line]:
    """All that the same gaps leave open."""
    rules: dict[str, list[str]] = {}
    for finding in same:
        whom = rules.setdefault(finding.rule.id, [])
        if finding.refs:
            whom.append(counted(finding.refs))
    said = [f"{id} ({', '.join(whom)})" if whom else id for id, whom in rules.items()]
    unseen = [f"not seen: {what} ({why})" for what, why in reasons(gaps)]
    who = listed(said, len(said))
    if len(unseen) == 1:
        yield Line(f"{who}: {unseen[0]}", 0, LABEL, Tone.UNKNOWN, hang=6)
    else:
        yield Line(f"{who}:", 0, LABEL, Tone.UNKNOWN, hang=6)
        yield from (Line(line, 2, hang=10) for line in unseen)
    if not any(gap.get for gap in gaps):
        rule = next(iter(rules))
        yield Line(f"No command is known that would tell; see `mesh-auditor explain {rule}`.", 2)


def reasons(gaps: Iterable[Gap]) -> Iterator[tuple[str, str]]:
    """What was not seen, together where the reason is the same. Of very many some are counted."""
    whats: dict[str, dict[str, None]] = {}
    for gap in gaps:
        whats.setdefault(gap.why, {})[gap.what] = None
    for why, what in islice(whats.items(), MOST_REASONS):
        rest = len(what) - MOST_UNSEEN
        more = f" and {rest} more" if rest > 0 else ""
        yield f"{', '.join(islice(what, MOST_UNSEEN))}{more}", why
    if (rest := len(whats) - MOST_REASONS) > 0:
        yield f"{rest} more, each for another reason", "a report in JSON has them all"


def to_tell(gaps: Iterable[Gap], page: Page) -> Iterator[Line]:
    """What gives what was missing: rights and options to read it with, or commands to get it."""
    gets = list(dict.fromkeys(gap.get for gap in gaps if gap.get))
    commands = _together([get for get in gets if get.startswith(COMMAND)])
    if lacking := [get for get in gets if not get.startswith(COMMAND)]:
        what = "audit" if page.live else "collect"
        yield Line(f"To tell, give it what was missing and {what} again:", 0)
        yield from (Line(get, 2, command=True) for get in lacking)
        if page.live:
            yield Line(page.again, 2, command=True)
        if any(RIGHT in get for get in lacking):
            yield Line("`mesh-auditor permissions` prints all the roles that it takes.", 2)
        yield Line()
    if commands and page.live:
        yield Line("To tell, audit again once the API server answers these:", 0)
        yield from (Line(get, 2, command=True) for get in commands)
        yield Line(page.again, 2, command=True)
        yield Line()
    elif commands:
        yield from _collected(commands, page)


def _together(commands: Sequence[str]) -> list[str]:
    """A kind that is missing from very many namespaces is collected as a whole."""
    kinds = Counter(found[1] for it in commands if (found := IN_A_NAMESPACE.fullmatch(it)))
    together: dict[str, None] = {}
    for command in commands:
        found = IN_A_NAMESPACE.fullmatch(command)
        many = found and kinds[found[1]] > MOST_NAMESPACES
        together[f"kubectl get {found[1]} -A -o yaml" if found and many else command] = None
    return list(together)


def _collected(gets: Sequence[str], page: Page) -> Iterator[Line]:
    """The commands that collect what was missing, and the one that audits both together.

    Each kind goes to a file of its own: kubectl prints nothing at all when one of several
    kinds does not exist.
    """
    files = [get for get in gets if ONE_GET.fullmatch(get)]
    yield Line("To tell, collect what is missing and read both together:", 0)
    for get in gets:
        if get not in files:
            yield Line(get, 2, command=True)
    if len(files) == 1:
        file = f"{_stem(files[0])}.yaml"
        yield Line(f"{files[0]} > {file}", 2, command=True)
        yield Line(f"{page.again} {file}", 2, command=True)
    elif files:
        yield Line(f"mkdir -p {FOLDER}", 2, command=True)
        yield from _into_folder(files)
        yield Line(f"{page.again} {FOLDER}", 2, command=True)
    if any("secret" in get for get in files):
        yield Line("What is collected of Secrets holds private keys: delete it after the audit.", 2)
    yield Line()


def _into_folder(gets: Sequence[str]) -> Iterator[Line]:
    kinds = [found[1] for get in gets if (found := WHOLE_KIND.fullmatch(get))]
    if len(kinds) > MANY:
        each = f'kubectl get "$kind" -A -o yaml > "{FOLDER}/$kind.yaml"'
        yield Line(f"for kind in {' '.join(kinds)}; do {each}; done", 2, command=True)
        gets = [get for get in gets if not WHOLE_KIND.fullmatch(get)]
    for get in gets:
        yield Line(f"{get} > {FOLDER}/{_stem(get)}.yaml", 2, command=True)


def _stem(get: str) -> str:
    """A file's name for what a command gets: its kind, name and namespace."""
    words = shlex.split(get)[2:]
    words = [
        word for word in words if word not in ("-A", "-n", "-o", "yaml", "--show-managed-fields")
    ]
    return "-".join(re.sub(r"[^A-Za-z0-9.-]", "", word) for word in words)
