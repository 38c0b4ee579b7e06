"""A live audit comes to the verdicts of the files, with the rights that it asks for and no more."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.cli.conclusion import concluded
from auditor.cli.moment import moment
from auditor.cli.parts import Parts
from auditor.kinds import CRD, KINDS
from auditor.render.document import document
from auditor.seen import Seen
from auditor.snapshot import gap
from auditor.sources import read
from auditor.sources.live.rights import TRUST
from tests.apiserver.audit_log import Request, requests
from tests.apiserver.auditing import (
    NOW,
    Verdicts,
    audited,
    gaps,
    kinds_of,
    roles,
    rules,
    saved,
    verdicts,
)
from tests.apiserver.connection import Connection
from tests.apiserver.grants import Rule, allow
from tests.apiserver.loading import CLUSTERS, Manifest, copied, load, objects_in
from tests.apiserver.server import MASTERS, ApiServer
from tests.command import really

CLUSTER = CLUSTERS / "sdm-first"
DEPLOY = CLUSTERS.parents[1] / "deploy"
RULES = rules()
FIRST = {index: min(kinds_of(rule)) for index, rule in enumerate(RULES)}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The files of what is in the server."""
    return str(copied(CLUSTER, tmp_path_factory.mktemp("cluster")))


@pytest.fixture(scope="module")
def files(cluster: str) -> Verdicts:
    return verdicts(audited(cluster))


def test_all_rights_give_the_verdicts_of_the_files(api_server: ApiServer, files: Verdicts) -> None:
    allow(api_server.admin, "auditor", RULES)

    live = audited("--kubeconfig", str(api_server.kubeconfig("auditor")))

    assert gaps(live) == []
    assert verdicts(live) == files
    assert live["exit_code"] == 0
    unknown = {it["rule"] for it in live["results"] if it["verdict"] == "unknown"}
    assert unknown == set()


@pytest.mark.parametrize("index", FIRST, ids=FIRST.__getitem__)
def test_without_a_right_just_what_needs_it_is_unknown(
    api_server: ApiServer, cluster: str, files: Verdicts, index: int
) -> None:
    """As if the kinds were missing from the files; and it is said which right was lacking.

    What the cluster does not serve is known to be absent, and takes no right.
    """
    user, lost = f"without-{index}", RULES[index]
    allow(api_server.admin, user, [rule for rule in RULES if rule is not lost])

    live = audited("--kubeconfig", str(api_server.kubeconfig(user)))

    kinds = kinds_of(lost) & served()
    found = {subject: verdict for subject, (verdict, _) in verdicts(live).items()}
    assert found == {subject: verdict for subject, (verdict, _) in without(kinds, cluster).items()}
    assert {it for it in found.items() if it[1] != "unknown"} <= {
        (subject, verdict) for subject, (verdict, _) in files.items()
    }
    assert len(gaps(live)) >= len(kinds)
    for missing in gaps(live):
        assert names(lost, missing["get"])
    for missing in unknown_for(live):
        assert names(lost, missing["get"]) or refuses(lost, missing["why"])


def test_a_report_says_which_rule_would_allow_it(api_server: ApiServer) -> None:
    lacking = next(rule for rule in RULES if rule["resources"] == ["pods"])
    allow(api_server.admin, "podless", [rule for rule in RULES if rule is not lacking])
    kubeconfig = str(api_server.kubeconfig("podless"))

    ended = really("audit", "--kubeconfig", kubeconfig)

    assert ended.code == 3
    assert (
        f"""
To tell, give it what was missing and audit again:
  a ClusterRole with the rule {{apiGroups: [""], resources: ["pods"], verbs: ["get", "list"]}}, \
or --namespace NAMESPACE for each one that may be read
  mesh-auditor audit --kubeconfig {kubeconfig}
  `mesh-auditor permissions` prints all the roles that it takes.
"""
        in ended.out
    )


def test_nothing_is_asked_but_get_list_and_discovery(api_server: ApiServer) -> None:
    allow(api_server.admin, "watched", RULES)

    audited("--kubeconfig", str(api_server.kubeconfig("watched")))

    asked = requests(api_server.audit_log, "watched")
    secrets = [it for it in asked if it.resource == "secrets"]
    discovery = [it for it in asked if not it.resource]
    lists = [it for it in asked if it.resource and it not in secrets]
    assert {it.path for it in discovery} == {"/api", "/apis"}
    assert {it.verb for it in lists} == {"list"}
    assert {it.kind for it in lists} <= {kind for rule in RULES for kind in kinds_of(rule)}
    assert {(it.verb, it.namespace, it.name) for it in secrets} == {
        ("get", namespace, name)
        for namespace in ("istio-system", "sdm-istio-system")
        for name in TRUST
    }
    assert {it.subresource for it in asked} == {""}
    assert {it.code for it in asked if it not in secrets} == {200}


def test_roles_of_namespaces_suffice_for_them(api_server: ApiServer) -> None:
    """As they are printed, and bound as their comments say."""
    words = [
        word
        for namespace in ("istio-system", "sdm-istio-system")
        for word in ("--namespace", namespace)
    ]
    for role in roles(*words):
        _apply(api_server.admin, role, "tenant")

    live = audited("--kubeconfig", str(api_server.kubeconfig("tenant")), *words)

    why = "not asked for: only --namespace istio-system, sdm-istio-system"
    assert {it["why"] for it in gaps(live)} == {why}
    assert _refused(requests(api_server.audit_log, "tenant")) == []


@pytest.mark.parametrize("lacking", ["", "pods"])
def test_a_snapshot_is_audited_as_the_live_cluster(
    api_server: ApiServer, tmp_path: Path, lacking: str
) -> None:
    user = f"saver-{lacking}"
    allow(api_server.admin, user, [it for it in RULES if it["resources"] != [lacking]])
    kubeconfig = api_server.kubeconfig(user)

    file = saved(kubeconfig, tmp_path / "it.tar.gz")
    live, later = audited("--kubeconfig", str(kubeconfig)), audited(str(file))

    assert bool(gaps(live)) == bool(lacking)
    assert later.pop("source")["description"].startswith(f"{file} of the cluster of the context")
    assert live.pop("source")["layouts"] == ["live cluster"]
    assert json.dumps(later) == json.dumps(live)


def test_no_key_is_in_a_snapshot(api_server: ApiServer, tmp_path: Path) -> None:
    """Though those Secrets were read that hold one."""
    keys = {
        value
        for it in objects_in(CLUSTER)
        if it["kind"] == "Secret"
        for key, value in it["data"].items()
        if key.endswith("key.pem") and value
    }

    file = saved(api_server.kubeconfig("keyless", (MASTERS,)), tmp_path / "it.tar.gz")

    text = gzip.decompress(file.read_bytes()).decode()
    assert "istio-ca-secret" in text
    assert keys
    assert [key for key in keys if key in text or base64.b64decode(key).decode() in text] == []


def test_what_is_deployed_can_read_what_it_needs(api_server: ApiServer) -> None:
    """With the token that its account is given."""
    for file in yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())["resources"]:
        load(api_server.admin, _with_uids(DEPLOY / file))
    account = "/api/v1/namespaces/mesh-auditor/serviceaccounts/mesh-auditor"
    token = api_server.admin.post(f"{account}/token", {"spec": {}})["status"]["token"]

    live = audited("--kubeconfig", str(api_server.kubeconfig_with("deployed", {"token": token})))

    assert gaps(live) == []
    user = "system:serviceaccount:mesh-auditor:mesh-auditor"
    assert _refused(requests(api_server.audit_log, user)) == []


def without(kinds: set[str], cluster: str) -> Verdicts:
    """The verdicts on the files, had these kinds not been collected."""
    snapshot = read([cluster])
    lost = {
        kind: Seen[Any](gaps=(gap(kind, "not collected"),))
        for kind in KINDS.values()
        if str(kind) in kinds
    }
    less = replace(snapshot, kinds={**snapshot.kinds, **lost})
    parts = Parts()
    return verdicts(document(concluded(less, parts.rules([]), parts, moment(NOW))))


def served() -> set[str]:
    """The kinds that the cluster serves."""
    crds = {crd.name for crd in read([str(CLUSTER)]).seen(CRD).so_far}
    return {str(kind) for kind in KINDS.values() if not kind.is_custom or str(kind) in crds}


def names(lost: Rule, get: str) -> bool:
    """Whether what would give it is the lost rule, for one of its resources."""
    right = {**lost, "resources": [next((it for it in lost["resources"] if f'"{it}"' in get), "")]}
    rule = ", ".join(f"{key}: {json.dumps(values)}" for key, values in right.items())
    return f" with the rule {{{rule}}}" in get


def refuses(lost: Rule, why: str) -> bool:
    """Whether a reason is the server's own, for one of the resources of the lost rule.

    It is all that there is to say of a label that stands in a namespace which was not seen.
    """
    return any(f'cannot list resource "{resource}"' in why for resource in lost["resources"])


def unknown_for(live: dict[str, Any]) -> list[dict[str, Any]]:
    """What the unknowns lack, but for the Secrets that nobody asks for."""
    return [
        missing
        for result in live["results"]
        for outcome in result["outcomes"]
        if outcome["verdict"] == "unknown"
        for missing in outcome["missing"]
        if missing["get"]
    ]


def _apply(admin: Connection, role: dict[str, Any], user: str) -> None:
    """Create a role and bind a user to it."""
    namespace = role["metadata"].get("namespace")
    base = "/apis/rbac.authorization.k8s.io/v1" + (f"/namespaces/{namespace}" if namespace else "")
    path = f"{base}/{role['kind'].lower()}"
    name = role["metadata"]["name"]
    admin.post(f"{path}s", role)
    group = "rbac.authorization.k8s.io"
    admin.post(
        f"{path}bindings",
        {
            "metadata": {"name": name},
            "roleRef": {"apiGroup": group, "kind": role["kind"], "name": name},
            "subjects": [{"apiGroup": group, "kind": "User", "name": user}],
        },
    )


def _refused(asked: list[Request]) -> list[str]:
    return [it.path for it in asked if it.code == 403]


def _with_uids(file: Path) -> list[Manifest]:
    """The objects of a file, as those of a cluster, which all have an uid."""
    objects: list[Manifest] = list(yaml.safe_load_all(file.read_text()))
    for number, it in enumerate(objects):
        it["metadata"]["uid"] = f"{file.name}-{number}"
    return objects
