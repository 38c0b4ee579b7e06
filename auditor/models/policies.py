"""What an injector does with pods that leave it open whether they want a sidecar."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.cluster import Cluster, Model
from auditor.kinds import CONFIG_MAP
from auditor.models.choices import CHOICES, Choice
from auditor.models.injection import Injector
from auditor.models.instances import Instance
from auditor.models.istiod import DEFAULT, SDM, knows_sdm_variables, setting
from auditor.models.selectors import is_empty, selects
from auditor.models.texts import parsed
from auditor.objects import Field
from auditor.seen import Seen


@dataclass(frozen=True)
class Policies:
    """Reads the configuration of each injector, once."""

    cluster: Cluster
    _read: dict[object, Seen[Field]] = field(default_factory=dict, compare=False)

    def refuses(self, choice: Choice) -> Field | None:
        """What makes the istiod of a choice leave its pods alone, where they do not say.

        First the selectors for never, then those for always, then the policy
        (istio 1.30.3: pkg/kube/inject/inject.go injectRequired).
        """
        chosen = choice.chosen
        if chosen is None or chosen.wanted:
            return None
        [config] = [*self._config(chosen.injector)][:1]
        labels = choice.asking.labels
        if never := _matching(config.at("neverInjectSelector"), labels):
            return never
        if _matching(config.at("alwaysInjectSelector"), labels):
            return None
        policy = config.at("policy")
        return None if policy.value == "enabled" else policy

    def _config(self, injector: Injector) -> Seen[Field]:
        key = injector.target, injector.place
        if key not in self._read:
            planes = self.cluster.model(CHOICES).planes_of(injector)
            found = planes.each(lambda plane: plane.instances).each(self._read_by)
            distinct = tuple({config.ref: config for config in found.so_far}.values())
            what = f"the configuration of the injector that {injector.configuration.ref} calls"
            self._read[key] = Seen(distinct, found.gaps).expecting(what)
        return self._read[key]

    def _read_by(self, instance: Instance) -> tuple[Field, ...]:
        held = self.cluster.find(CONFIG_MAP, config_name(instance), instance.namespace)
        text = held.at("data", "config") if held else None
        return (parsed(text),) if text else ()


def config_name(instance: Instance) -> str:
    """The ConfigMap that an istiod reads the configuration of its injector from.

    Cisco's istiod reads the name from its environment (banzaicloud/istio-operator v2.17.4:
    internal/assets/manifests/istio-discovery/values.yaml.tpl).
    """
    told = setting(instance.thing, "INJECTOR_CONFIGMAP_NAME")
    if instance.family == SDM and told and knows_sdm_variables(instance.thing):
        return str(told.value)
    name = "istio-sidecar-injector"
    return name if instance.revision == DEFAULT else f"{name}-{instance.revision}"


def _matching(selectors: Field, labels: Field) -> Field | None:
    """The first of some selectors that matches. An empty one is passed over."""
    asked = Seen(selectors.each()).where(lambda it: not is_empty(it))
    return asked.where(lambda it: selects(it, labels)).first()


POLICIES = Model("injection policies", (CHOICES, CONFIG_MAP), Policies)
