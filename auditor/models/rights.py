"""Which ClusterRoleBindings give an operator the rights that it needs."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING
from auditor.models.operators import GROUPS, Operator
from auditor.objects import Field, Obj
from auditor.seen import Seen


@dataclass(frozen=True)
class Rights:
    """The cluster-wide rights of operators."""

    cluster: Cluster

    def bindings_of(self, operator: Operator) -> Seen[Obj]:
        """Those that bind its account, to whatever role."""
        account = str(operator.account.value or "default")
        bindings = self.cluster[CLUSTER_ROLE_BINDING]
        return bindings.where(lambda it: _binds(it, operator.namespace, account))

    def named_as(self, operator: Operator) -> Seen[Obj]:
        """The bindings that are called as an operator is, whomever they bind."""
        return self.cluster[CLUSTER_ROLE_BINDING].where(lambda it: it.name == operator.name)

    def suffices(self, operator: Operator, binding: Obj) -> bool:
        """Whether a binding gives an operator what it needs, once it binds its account."""
        return self.covers(operator, str(binding.at("roleRef", "name").value))

    def covers(self, operator: Operator, role_name: str) -> bool:
        """Whether a ClusterRole lets an operator read its own custom resources."""
        role = self.cluster.find(CLUSTER_ROLE, role_name)
        wanted = {GROUPS[operator.kind], "*"}
        return role is not None and any(
            wanted & set(rule.at("apiGroups").value or ()) for rule in role.at("rules").each()
        )

    def is_bound(self, operator: Operator) -> bool:
        """Whether some binding gives an operator what it needs."""
        return bool(self.bindings_of(operator).where(lambda it: self.suffices(operator, it)))


def _binds(binding: Obj, namespace: str, account: str) -> bool:
    return any(_is(it, namespace, account) for it in binding.at("subjects").each())


def _is(subject: Field, namespace: str, account: str) -> bool:
    """Whether a subject is an account, by its name or by a group that it is in."""
    name = subject.at("name").value
    if subject.at("kind").value == "Group":
        return name in ("system:serviceaccounts", f"system:serviceaccounts:{namespace}")
    place = subject.at("namespace").value
    return subject.at("kind").value == "ServiceAccount" and (place, name) == (namespace, account)


RIGHTS = Model("rights of operators", (CLUSTER_ROLE, CLUSTER_ROLE_BINDING), Rights)
