"""Which validators are called for an Istio object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from auditor.cluster import Cluster, Model
from auditor.kinds import NAMESPACE, VALIDATOR
from auditor.models.injection import namespace_labels
from auditor.models.istiod import REVISION
from auditor.models.selectors import is_empty, keys_of, selects
from auditor.models.webhook_services import istio_webhooks
from auditor.objects import Field, Obj
from auditor.seen import Seen


@dataclass(frozen=True)
class Validators:
    """Evaluates the selectors of Istio's validators, once for all objects that are alike."""

    cluster: Cluster
    webhooks: Seen[Field]
    _alike: dict[tuple[str, ...], Seen[Field]] = field(default_factory=dict, compare=False)

    def called_for(self, thing: Obj) -> Seen[Field]:
        """Those that are called for an object."""
        labels = thing.at("metadata", "labels")
        if labels.gap or not self._asks_for_the_revision_alone:
            return self._called(thing, labels)
        key = (thing.kind.group, thing.namespace, repr(labels.at(REVISION).held))
        if key not in self._alike:
            self._alike[key] = self._called(thing, labels)
        return self._alike[key]

    def called_if(self, thing: Obj, revision: str) -> Seen[Field]:
        """Those that would be called for an object if it named a revision."""
        held = thing.at("metadata", "labels").held
        others = dict(held) if isinstance(held, Mapping) else {}
        made_up = thing.at("metadata", "labels").holding({**others, REVISION: revision})
        return self._called(thing, made_up)

    def _called(self, thing: Obj, labels: Field) -> Seen[Field]:
        return self.webhooks.where(lambda it: self._is_called(it, thing, labels))

    @cached_property
    def _asks_for_the_revision_alone(self) -> bool:
        return all(keys_of(it.at("objectSelector")) <= {REVISION} for it in self.webhooks.so_far)

    def _is_called(self, webhook: Field, thing: Obj, labels: Field) -> bool:
        groups = Seen(webhook.at("rules").each()).each(lambda it: it.at("apiGroups").each())
        if not groups.where(lambda it: it.value in ("*", thing.kind.group)):
            return False
        if not selects(webhook.at("objectSelector"), labels):
            return False
        return is_empty(webhook.at("namespaceSelector")) or self._selects(webhook, thing)

    def _selects(self, webhook: Field, thing: Obj) -> bool:
        namespace = self.cluster.find(NAMESPACE, thing.namespace)
        labels = namespace_labels(namespace) if namespace else webhook.holding({})
        return selects(webhook.at("namespaceSelector"), labels)


def _validators(cluster: Cluster) -> Validators:
    return Validators(cluster, cluster[VALIDATOR].each(istio_webhooks))


VALIDATORS = Model("validators", (VALIDATOR, NAMESPACE), _validators)
