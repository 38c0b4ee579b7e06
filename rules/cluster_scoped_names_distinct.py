"""No two installers claim one cluster-scoped name, and every operator has its rights.

## Why
An operator loses its rights and stops reconciling as soon as another installer takes its
ClusterRoleBinding over, while its istiod runs on as if nothing had happened.
ClusterRoles, their bindings and webhook configurations have one name in the whole
cluster: where two installers want the same, the later one overwrites it or refuses to
install.

## Pass
Each cluster-scoped object of Istio carries the marks of one installer and is called after
one operator; each operator's account is bound to a role that lets it read its own custom
resources. Other managers of some fields, such as a cloud's admission enforcer or istiod
itself, are no installers.

## Fail
An object carries the marks of two installers; two operators call their role or their
binding by its name; another installer's manifest claims it; or an operator's account is
bound to no role that suffices. A warning where two operators of one name both have their
rights for now, and where the marks are those of istioctl and Helm, as after a move.

## Unknown
The roles, the bindings or the operators' Deployments could not be read.

## Fix
Give each operator a name of its own: for SDM's that is `fullnameOverride` (spelt so), for
upstream's its `revision`. Then let the installer of the other one write its role and its
binding again. It concerns operators only: istiod's objects are named by revision and
namespace, and never clash with SDM's.
"""

from typing import Any

from auditor.api import (
    APPLICATION_MANIFEST,
    CLAIMED,
    CLUSTER_ROLE_BINDING,
    GROUPS,
    HELM,
    ISTIOCTL,
    MANAGED_BY,
    OPERATORS,
    RIGHTS,
    Claim,
    Claimed,
    Cluster,
    Command,
    Field,
    Obj,
    Operator,
    Outcome,
    Remedy,
    Seen,
    Severity,
    bound_again,
    installers_apart,
    operators,
    rule,
    takes_over,
    told_apart,
)


def cluster_scoped_objects_or_operators(cluster: Cluster) -> Seen[Any]:
    objects: Seen[Any] = cluster.model(CLAIMED)
    return objects + operators(cluster)


@rule(
    id="cluster-scoped-names-distinct",
    family="names",
    severity=Severity.ERROR,
    over=cluster_scoped_objects_or_operators,
    reads=[APPLICATION_MANIFEST, CLAIMED, OPERATORS, RIGHTS],
    references=[
        "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/deploy/charts/istio-operator/templates/operator-rbac.yaml",
    ],
)
def cluster_scoped_names_distinct(subject: Claimed | Operator, cluster: Cluster) -> Outcome:
    if isinstance(subject, Operator):
        return rights_of(subject, cluster)
    thing = subject.thing
    if manifest := next((it for it in thing.rivals if takes_over(it, thing)), None):
        where = f" in {manifest.origin.file}" if manifest.origin else ""
        said = f"a manifest{where} would make it another installer's"
        out = Command(f"take {thing.ref} out of the manifest{where}")
        return Outcome.failed(
            said,
            *(it.label(MANAGED_BY) for it in (thing, manifest)),
            remedies=[Remedy("leave it to its installer", (out,))],
        )
    if two := subject.twice.first():
        return claimed_twice(thing, two, cluster)
    by = (*subject.claims, *subject.operators)
    shown = (*(it.mark for it in subject.claims), *(it.image for it in subject.operators))
    return Outcome.passed(f"belongs to {' and '.join(it.said for it in by) or 'nobody'}", *shown)


def claimed_twice(thing: Obj, two: tuple[Claim | Operator, ...], cluster: Cluster) -> Outcome:
    rivals = [it for it in two if isinstance(it, Operator)]
    marks = [it for it in two if isinstance(it, Claim)]
    mild = {it.installer for it in marks} == {ISTIOCTL, HELM}
    if rivals:
        mild = all(cluster.model(RIGHTS).is_bound(it) for it in rivals)
    return Outcome.failed(
        f"claimed by {two[0].said} and by {two[1].said}",
        *(bound_by(thing) if thing.kind == CLUSTER_ROLE_BINDING else ()),
        *(it.mark for it in marks),
        *(it.image for it in rivals),
        remedies=[told_apart(rivals, cluster)] if rivals else installers_apart(thing, marks),
        severity=Severity.WARNING if mild else None,
    )


def rights_of(operator: Operator, cluster: Cluster) -> Outcome:
    if not operator.runs:
        return Outcome.not_applicable("it is scaled to nothing")
    rights = cluster.model(RIGHTS)
    bindings = rights.bindings_of(operator)
    if binding := bindings.where(lambda it: rights.suffices(operator, it)).first():
        return Outcome.passed(f"bound by {binding.name}", operator.account, *bound_by(binding))
    group = GROUPS[operator.kind]
    return Outcome.failed(
        f"its account is bound by no ClusterRoleBinding to a role that covers {group}",
        operator.account,
        *(field for it in rights.named_as(operator).so_far for field in bound_by(it)),
        remedies=[bound_again(operator, rights.covers(operator, operator.name), cluster)],
    )


def bound_by(binding: Obj) -> tuple[Field, ...]:
    """The namespaces of the accounts that it binds, or the names of their groups."""
    return tuple(it.at("namespace") or it.at("name") for it in binding.at("subjects").each())
