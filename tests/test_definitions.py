"""What is kept of a CustomResourceDefinition."""

from typing import Any

from auditor.definitions import definition
from auditor.facts.releases import releases
from auditor.facts.render import render_crd
from auditor.facts.schemas import installed
from auditor.withheld import Withheld

NAME = "proxyconfigs.networking.istio.io"
MANIFEST = render_crd(NAME, releases()["1.13.9"])


def kept(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = definition({**MANIFEST["spec"], **changes})
    return found


def test_an_istio_schema_demands_what_it_did() -> None:
    assert installed({**MANIFEST, "spec": kept()}) == installed(MANIFEST)


def test_schemas_of_others_go() -> None:
    [version] = kept(group="example.org")["versions"]

    assert version == {"name": "v1beta1", "served": True, "storage": True}


def test_prose_goes_and_a_field_of_its_name_stays() -> None:
    schema = {
        "description": "what it is for",
        "type": "object",
        "properties": {"description": {"type": "string", "title": "a title"}},
    }
    entry = {"name": "v1", "schema": {"openAPIV3Schema": schema}}
    [version] = kept(versions=[entry])["versions"]

    assert version["schema"]["openAPIV3Schema"] == {
        "type": "object",
        "properties": {"description": {"type": "string"}},
    }


def test_a_definition_of_v1beta1_keeps_its_one_schema() -> None:
    validation = {"openAPIV3Schema": {"type": "object", "description": "prose"}}

    assert kept(validation=validation)["validation"] == {"openAPIV3Schema": {"type": "object"}}


def test_what_is_withheld_stays_so() -> None:
    hidden = Withheld("redacted")

    assert definition(hidden) is hidden
    assert kept(versions=hidden)["versions"] is hidden
    assert kept(versions=[hidden])["versions"] == [hidden]
