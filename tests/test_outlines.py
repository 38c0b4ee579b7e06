"""Of Istio's objects the fields are kept, and not what their texts say."""

import json
from typing import Any

import pytest

from auditor.keeps import projected
from auditor.kinds import ENVOY_FILTER, ISTIO_CONFIG, PROXY_CONFIG, Kind
from auditor.objects import Obj
from auditor.outlines import outline
from auditor.private import COPY
from auditor.seen import Unseen

HUNTER = "hunter2"
VIRTUAL_SERVICE = next(kind for kind in ISTIO_CONFIG if kind.name == "VirtualService")


def kept(kind: Kind, spec: Any, copy: str = "") -> Obj:
    metadata = {"name": "it", "annotations": {COPY: copy} if copy else {}}
    return Obj(kind, projected({"metadata": metadata, "spec": spec}, kind.projection))


@pytest.mark.parametrize(
    "spec",
    [
        {"http": [{"headers": {"request": {"set": {"authorization": HUNTER}}}}]},
        {"configPatches": [{"patch": {"value": {"password": HUNTER}}}]},
        HUNTER,
        [HUNTER],
    ],
    ids=["a header", "a patch", "no mapping", "a list"],
)
def test_no_text_is_kept(spec: Any) -> None:
    copy = json.dumps({"metadata": {"annotations": {"token": HUNTER}}, "spec": spec})
    thing = kept(VIRTUAL_SERVICE, spec, copy)

    assert HUNTER not in repr(thing) + json.dumps(thing.raw, default=repr)


def test_fields_numbers_and_choices_are_kept() -> None:
    spec = {"ports": [{"number": 443, "protocol": "TLS", "name": ""}], "on": True, "off": None}

    assert outline(spec) == spec


def test_what_binds_it_to_workloads_is_kept() -> None:
    spec = {"workloadSelector": {"labels": {"app": "front"}}, "image": {"imageType": "debug"}}
    thing = kept(ENVOY_FILTER, spec)

    assert thing.at("spec", "workloadSelector", "labels", "app").value == "front"
    assert thing.at("spec", "image", "imageType").value == "…"


def test_the_variables_of_proxies_are_kept() -> None:
    thing = kept(PROXY_CONFIG, {"environmentVariables": {"PROXY_CONFIG_XDS_AGENT": "true"}})

    assert thing.at("spec", "environmentVariables", "PROXY_CONFIG_XDS_AGENT").value == "true"


def test_the_copy_is_an_outline_that_stays_one() -> None:
    copy = json.dumps({"apiVersion": "v1", "kind": "It", "spec": {"hosts": ["one", "two"]}})
    once = kept(VIRTUAL_SERVICE, {}, copy).annotation(COPY).value
    twice = kept(VIRTUAL_SERVICE, {}, once).annotation(COPY).value

    assert json.loads(once) == {"apiVersion": "v1", "spec": {"hosts": ["…", "…"]}}
    assert once == twice


@pytest.mark.parametrize("copy", [HUNTER, '"text"', '{"spec":', "[" * 100_000])
def test_what_is_no_copy_is_not_kept(copy: str) -> None:
    field = kept(VIRTUAL_SERVICE, {}, copy).annotation(COPY)

    assert field
    with pytest.raises(Unseen):
        assert field.value
