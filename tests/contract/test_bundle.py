"""Putting the files together, and tracing every node back to its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from uapi.contract.bundle import bundle
from uapi.contract.errors import BrokenReferenceError, ContractError, NameClashError, SourceError
from uapi.contract.location import resolve

if TYPE_CHECKING:
    from .conftest import Contract

PATH = "paths/calls@{callId}.yaml"


def test_references_between_files_become_references_to_components(contract: Contract) -> None:
    document = bundle(contract.project).document
    schemas = document["components"]["schemas"]
    assert schemas["Call"]["properties"]["id"] == {"$ref": "#/components/schemas/CallId"}
    assert schemas["Call"]["properties"]["parent"]["$ref"] == "#/components/schemas/Call"
    assert document["components"]["links"]["GetCall"]["operationId"] == "getCall"


def test_a_pointer_into_the_same_file_becomes_one_into_the_component(contract: Contract) -> None:
    document = bundle(contract.project).document
    assert document["components"]["schemas"]["Start"]["properties"]["at"] == {
        "$ref": "#/components/schemas/Start/$defs/Time"
    }


def test_a_pointer_into_another_file_becomes_one_into_its_component(contract: Contract) -> None:
    contract.edit("components/schemas/Stop.yaml", "required:", "allOf:\n  - $ref: Start.yaml#/$defs/Time\nrequired:")
    document = bundle(contract.project).document
    assert document["components"]["schemas"]["Stop"]["allOf"] == [{"$ref": "#/components/schemas/Start/$defs/Time"}]


def test_the_mapping_of_a_discriminator_becomes_references(contract: Contract) -> None:
    discriminator = bundle(contract.project).document["components"]["schemas"]["Action"]["discriminator"]
    assert discriminator["mapping"] == {"Start": "#/components/schemas/Start", "Stop": "#/components/schemas/Stop"}


def test_an_operation_reference_of_a_link_becomes_one_into_the_paths(contract: Contract) -> None:
    contract.edit("components/links/GetCall.yaml", "operationId: getCall", f"operationRef: '../../{PATH}#/get'")
    link = bundle(contract.project).document["components"]["links"]["GetCall"]
    assert link["operationRef"] == "#/paths/~1calls~1{callId}/get"


@pytest.mark.parametrize(
    "reference", ["./paths/calls@{callId}.yaml", "paths/calls@%7BcallId%7D.yaml", "paths/../paths/calls@{callId}.yaml"]
)
def test_a_file_may_be_named_in_any_form_of_its_path(contract: Contract, reference: str) -> None:
    contract.edit("openapi.yaml", "paths/calls@{callId}.yaml", reference)
    contract.edit("components/schemas/Call.yaml", "$ref: CallId.yaml", "$ref: ./../schemas/Call%49d.yaml")
    document = bundle(contract.project).document
    assert document["paths"]["/calls/{callId}"]["get"]["operationId"] == "getCall"
    assert document["components"]["schemas"]["Call"]["properties"]["id"]["$ref"] == "#/components/schemas/CallId"


def test_paths_are_inlined_and_components_sorted(contract: Contract) -> None:
    document = bundle(contract.project).document
    assert list(document) == ["openapi", "info", "servers", "security", "tags", "paths", "components"]
    assert list(document["paths"]["/calls/{callId}"]) == ["parameters", "get", "put"]
    assert list(document["components"]["schemas"]) == ["Action", "Call", "CallId", "Error", "Start", "Stop"]


def test_what_looks_like_a_reference_in_data_is_data(contract: Contract) -> None:
    looks = "$ref: ../nowhere.yaml"
    contract.write("components/examples/Call.yaml", f"summary: A call.\nvalue:\n  id: abc123\n  {looks}\n")
    contract.append("components/schemas/Call.yaml", f"default:\n  {looks}\nx-note:\n  {looks}\n")
    contract.edit("components/schemas/Call.yaml", "properties:\n", f"const:\n  {looks}\nproperties:\n")
    document = bundle(contract.project).document
    assert document["components"]["examples"]["Call"]["value"]["$ref"] == "../nowhere.yaml"
    assert document["components"]["schemas"]["Call"]["default"] == {"$ref": "../nowhere.yaml"}


def test_a_property_may_be_named_like_a_keyword(contract: Contract) -> None:
    contract.edit("components/schemas/Call.yaml", "  parent:", "  default:\n    $ref: CallId.yaml\n  parent:")
    properties = bundle(contract.project).document["components"]["schemas"]["Call"]["properties"]
    assert properties["default"] == {"$ref": "#/components/schemas/CallId"}


def test_a_component_may_stand_in_the_root_document(contract: Contract) -> None:
    contract.append("openapi.yaml", "components:\n  schemas:\n    Own:\n      type: string\n")
    contract.edit(
        "components/schemas/Stop.yaml", "    const: Stop", "    $ref: ../../openapi.yaml#/components/schemas/Own"
    )
    made = bundle(contract.project)
    schemas = made.document["components"]["schemas"]
    assert list(schemas) == ["Action", "Call", "CallId", "Error", "Own", "Start", "Stop"]
    assert schemas["Stop"]["properties"]["action"]["$ref"] == "#/components/schemas/Own"
    assert str(made.locate_pointer("/components/schemas/Own/type")) == contract.line("openapi.yaml", "type: string")


def test_the_root_document_may_list_a_component_that_has_a_file(contract: Contract) -> None:
    contract.append("openapi.yaml", "components:\n  schemas:\n    Call:\n      $ref: components/schemas/Call.yaml\n")
    assert bundle(contract.project).document["components"]["schemas"]["Call"]["type"] == "object"


@pytest.mark.parametrize(
    ("pointer", "file", "text"),
    [
        ("/info/title", "openapi.yaml", "title:"),
        ("/paths/~1calls~1{callId}", PATH, "parameters:"),
        ("/paths/~1calls~1{callId}/put/requestBody/$ref", PATH, "requestBodies/Action"),
        ("/paths/~1calls~1{callId}/put/x-requirements/0/level", PATH, "level: MUST"),
        ("/components/schemas/Call/properties/parent/description", "components/schemas/Call.yaml", "came from."),
        ("/components/schemas/Call/properties/parent/nothing/here", "components/schemas/Call.yaml", "parent:"),
        ("/components/schemas/Action/oneOf/1", "components/schemas/Action.yaml", "$ref: Stop.yaml"),
        ("/nothing/at/all", "openapi.yaml", "openapi:"),
    ],
)
def test_every_pointer_of_the_bundle_leads_to_a_line(contract: Contract, pointer: str, file: str, text: str) -> None:
    assert str(bundle(contract.project).locate_pointer(pointer)) == contract.line(file, text)


def test_bundling_leaves_what_was_read_as_it_was(contract: Contract) -> None:
    made = bundle(contract.project)
    read = made.mounts["components", "schemas", "Call"].data
    assert resolve(read, ("properties", "id")) == {"$ref": "CallId.yaml"}


def _refused(contract: Contract, error: type[ContractError]) -> ContractError:
    with pytest.raises(error) as caught:
        bundle(contract.project)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("Nowhere.yaml", "leads nowhere: openapi/components/schemas/Nowhere.yaml is no part"),
        ("CallId.yaml#/properties/x", "there is no /components/schemas/CallId/properties/x"),
        ("CallId.yaml#/examples/9", "there is no /components/schemas/CallId/examples/9"),
        ("../responses/Call.yaml", "leads to a response where a schema is expected"),
        ("CallId.yaml#/pattern", "leads to a piece of data where a schema is expected"),
        ("../../../pyproject.toml", "leads out of openapi/"),
        ("../../../../../../etc/passwd", "leads out of openapi/"),
        ("../../decisions.md", "openapi/decisions.md is no part of the contract"),
        ("/etc/passwd", "leads out of the contract"),
        ("https://calls.test/schema.json", "leads out of the contract"),
        ("//calls.test/schema.json", "leads out of the contract"),
        ("file:///etc/passwd", "leads out of the contract"),
        ("CallId.yaml#pattern", "is malformed"),
        ("//[calls.test", "is malformed"),
        ("'#/components/schemas/CallId'", "is one of the bundle, not of the files"),
        ("'#/properties/x'", "there is no /components/schemas/Call/properties/x"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(contract: Contract, reference: str, message: str) -> None:
    contract.edit("components/schemas/Call.yaml", "$ref: CallId.yaml", f"$ref: {reference}")
    error = _refused(contract, BrokenReferenceError)
    assert message in error.message
    assert error.where == contract.line("components/schemas/Call.yaml", "$ref: ")


def test_a_reference_in_the_manner_of_the_bundle_is_corrected(contract: Contract) -> None:
    contract.edit(PATH, "../components/requestBodies/Action.yaml", "'#/components/requestBodies/Action'")
    assert _refused(contract, BrokenReferenceError).hint == "Write ../components/requestBodies/Action.yaml."


def test_a_mapping_to_nothing_is_refused(contract: Contract) -> None:
    contract.edit("components/schemas/Action.yaml", "Stop: Stop", "Stop: Halt")
    error = _refused(contract, BrokenReferenceError)
    assert error.where == contract.line("components/schemas/Action.yaml", "Stop: Halt")


def test_a_missing_path_file_is_refused(contract: Contract) -> None:
    contract.edit("openapi.yaml", "paths/calls@{callId}.yaml", "paths/calls.yaml")
    error = _refused(contract, BrokenReferenceError)
    assert error.where == contract.line("openapi.yaml", "$ref")


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        ({"Start": "$ref: Stop.yaml", "Stop": "$ref: Start.yaml"}, "Start"),
        ({"Stop": "$ref: Stop.yaml"}, "Stop"),
        ({"Stop": "allOf:\n  - description: x\n  - $ref: Stop.yaml"}, "Stop"),
        ({"Stop": "description: x\nanyOf:\n  - not:\n      $ref: Action.yaml"}, "Action"),
    ],
)
def test_a_reference_that_never_ends_is_refused(contract: Contract, texts: dict[str, str], where: str) -> None:
    for name, text in texts.items():
        contract.write(f"components/schemas/{name}.yaml", f"{text}\n")
    error = _refused(contract, BrokenReferenceError)
    assert "the reference never ends: /components/schemas/" in error.message
    assert (error.where or "").startswith(f"openapi/components/schemas/{where}.yaml:")


def test_a_schema_that_holds_itself_is_no_circle(contract: Contract) -> None:
    contract.write(
        "components/schemas/Stop.yaml",
        "type: object\nproperties:\n  next:\n    $ref: Stop.yaml\nitems:\n  anyOf:\n    - $ref: Stop.yaml\n",
    )
    bundle(contract.project)


def test_a_long_chain_of_references_is_followed(contract: Contract) -> None:
    length = 1500
    for number in range(length):
        contract.write(f"components/schemas/Link{number}.yaml", f"$ref: Link{number + 1}.yaml\n")
    contract.write(f"components/schemas/Link{length}.yaml", "$ref: Link0.yaml\n")
    assert "never ends" in _refused(contract, BrokenReferenceError).message


@pytest.mark.parametrize(
    ("setup", "message"),
    [
        ("same", "has the name of this component, schemas/Call"),
        ("case", "differs from openapi/components/schemas/CALL.yaml in the case of its letters only"),
        ("paths", "is the file of two paths"),
    ],
)
def test_two_of_the_same_name_are_refused(contract: Contract, setup: str, message: str) -> None:
    if setup == "same":
        contract.append("openapi.yaml", "components:\n  schemas:\n    Call:\n      type: string\n")
    elif setup == "case":
        contract.write("components/schemas/CALL.yaml", "type: string\n")
    else:
        contract.append("openapi.yaml", "  /calls/{other}:\n    $ref: paths/calls@{callId}.yaml\n")
    error = _refused(contract, NameClashError)
    assert message in error.message
    assert error.where


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("openapi.yaml", "openapi: 3.0.3\ninfo: {title: x, version: '1'}\n", "not an OpenAPI 3.1 document"),
        ("openapi.yaml", "swagger: '2.0'\n", "not an OpenAPI 3.1 document"),
        ("openapi.yaml", "- openapi: 3.1.0\n", "not an OpenAPI 3.1 document"),
        ("openapi.yaml", "openapi: 3.1.0\n", "info.title is missing"),
        ("openapi.yaml", "openapi: 3.1.0\ninfo: {title: x, version: 1.0}\n", "info.version is missing, or no string"),
        ("openapi.yaml", "openapi: 3.1.0\ninfo: {title: x, version: 1.0.0}\npaths: []\n", "paths is no object"),
        (
            "openapi.yaml",
            "openapi: 3.1.0\ninfo: {title: x, version: 1.0.0}\ncomponents: []\n",
            "components is no object",
        ),
        (
            "openapi.yaml",
            "openapi: 3.1.0\ninfo: {title: x, version: 1.0.0}\ncomponents: {schemas: x}\n",
            "components.schemas is no object",
        ),
        ("openapi.yaml", "", "empty"),
        ("components/schemas/Call.yaml", "- a\n", "neither an object nor a reference"),
        ("components/schemas/Call.yaml", "Call\n", "neither an object nor a reference"),
    ],
)
def test_a_document_of_another_kind_is_refused(contract: Contract, name: str, text: str, message: str) -> None:
    contract.write(name, text)
    with pytest.raises(SourceError) as caught:
        bundle(contract.project)
    assert message in caught.value.message
    assert (caught.value.where or "").startswith(f"openapi/{name}:")


def test_keys_beside_the_reference_of_a_path_are_refused(contract: Contract) -> None:
    contract.append("openapi.yaml", "    summary: ignored\n")
    assert "which readers of OpenAPI ignore" in _refused(contract, BrokenReferenceError).message
