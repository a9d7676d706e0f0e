"""The collection: each of its requests is one that the contract documents, and that a server answers."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

import uapi_phonecalls
from uapi.contract.bundle import bundle
from uapi.contract.collection import collection
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.store import Store
from uapi.sandbox.world import load_world

from .instances import validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Contract

FILE = Path(__file__).parents[2] / "generated" / "postman_collection.json"
CONTRACT = uapi_phonecalls.load_contract()
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}
VARIABLE = re.compile(r"\{\{(\w+)\}\}")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
TOKEN = "sandbox-user-12"


@cache
def made() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return loaded


def _requests(items: list[dict[str, Any]], operation: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the requests in their order, each with the operation that it belongs to."""
    for item in items:
        if "item" in item:
            yield from _requests(item["item"], item["name"])
        else:
            yield operation or item["name"], item


REQUESTS = [pytest.param(*pair, id=pair[1]["name"]) for pair in _requests(made()["item"])]


def _resolved(text: str, **variables: str) -> str:
    known = {entry["key"]: entry["value"] for entry in made()["variable"]} | variables
    return VARIABLE.sub(lambda match: known[match[1]], text)


def test_it_says_what_it_is() -> None:
    info = made()["info"]
    assert info["schema"] == "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    assert (info["name"], info["version"]) == (CONTRACT["info"]["title"], CONTRACT["info"]["version"])
    assert made().keys() == {"info", "item", "auth", "variable"}
    assert made()["auth"] == {
        "type": "bearer",
        "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}],
    }


def test_it_has_the_variables_that_it_uses_and_no_secret() -> None:
    variables = {entry["key"]: entry["value"] for entry in made()["variable"]}
    assert variables == {
        "base_url": "https://uapi.voipnow.com/uapi",
        "token": "",
        "user_id": "@me",
        "extension": "0003*210",
        "phone_call_id": "b817d2618fe6f1804333",
        "view_id": "01",
        "send_call_to": "0003*024",
    }
    used = VARIABLE.findall(json.dumps({"item": made()["item"], "auth": made()["auth"]}))
    assert set(used) == variables.keys()


def test_every_operation_and_every_action_has_a_request() -> None:
    pairs = list(_requests(made()["item"]))
    assert {operation for operation, _ in pairs} == OPERATIONS.keys()
    bodies = [json.loads(item["request"]["body"]["raw"]) for _, item in pairs if "body" in item["request"]]
    mapping = CONTRACT["components"]["schemas"]["PhoneCallAction"]["discriminator"]["mapping"]
    assert {body["action"] for body in bodies if "action" in body} == mapping.keys()


def test_its_ids_are_their_own() -> None:
    folders = [item for item in made()["item"] if "item" in item]
    items = [*folders, *(item for _, item in _requests(made()["item"]))]
    ids = [made()["info"]["_postman_id"], *(item["id"] for item in items)]
    assert len(set(ids)) == len(ids)
    assert [str(uuid.UUID(identifier)) for identifier in ids] == ids


def test_what_ends_phone_calls_comes_last() -> None:
    methods = [item["request"]["method"] for _, item in _requests(made()["item"])]
    assert methods.index("DELETE") == len(methods) - methods.count("DELETE")


@pytest.mark.parametrize(("operation", "item"), REQUESTS)
def test_a_request_is_that_of_its_operation(operation: str, item: dict[str, Any]) -> None:
    path, method, documented = OPERATIONS[operation]
    request = item["request"]
    url = request["url"]
    assert request["method"] == method.upper()
    assert url["raw"] == "/".join(["{{base_url}}", *url["path"]])
    shape = re.sub(r"\{\w+\}", "{}", path).strip("/").split("/")
    assert [VARIABLE.sub("{}", segment) for segment in url["path"]] == shape
    names = [entry["$ref"].rpartition("/")[2] for entry in documented.get("parameters", [])]
    query = [CONTRACT["components"]["parameters"][name]["name"] for name in names]
    assert [entry["key"] for entry in url.get("query", [])] == query
    assert all(entry["disabled"] and entry["value"] for entry in url.get("query", []))
    assert ("body" in request) == ("requestBody" in documented)
    if "body" in request:
        schema = documented["requestBody"]["$ref"].rpartition("/")[2]
        assert validator(schema).is_valid(json.loads(_resolved(request["body"]["raw"])))
        assert {"key": "Content-Type", "value": "application/json"} in request["header"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Store]]:
    world = load_world()
    with (
        Store(tmp_path_factory.mktemp("collection") / "sandbox.sqlite3", world, lambda: NOON) as store,
        TestClient(create_sandbox(world, store), base_url="http://sandbox.test") as client,
    ):
        yield client, store


def _send(client: TestClient, request: dict[str, Any], query: dict[str, str], **variables: str) -> Any:
    return client.request(
        request["method"],
        _resolved(request["url"]["raw"], base_url="/uapi"),
        params=query,
        headers={entry["key"]: entry["value"] for entry in request["header"]}
        | {"Authorization": f"Bearer {_resolved('{{token}}', token=TOKEN)}"},
        content=_resolved(request["body"]["raw"], **variables) if "body" in request else None,
    )


@pytest.mark.parametrize("with_query", [False, True], ids=["as it is", "with its query"])
@pytest.mark.parametrize(("operation", "item"), REQUESTS)
def test_a_server_understands_the_request(
    operation: str, item: dict[str, Any], server: tuple[TestClient, Store], *, with_query: bool
) -> None:
    """What a world without the numbers of the documentation refuses, it refuses for them and for nothing else."""
    client, store = server
    store.reset(load_world())
    query = {entry["key"]: entry["value"] for entry in item["request"]["url"].get("query", [])} if with_query else {}
    answer = _send(client, item["request"], query)
    assert str(answer.status_code) in OPERATIONS[operation][2]["responses"]
    assert answer.status_code in {200, 204, 400}, answer.text


@pytest.mark.parametrize(
    "name",
    [
        *("listPhoneCalls", "getPhoneCall", "hangUpPhoneCall", "NewSimplePhoneCallPlain"),
        *("StartRecording", "StartRecordingWav49", "OnHold", "Park", "BargeIn", "Whisper", "Monitor", "TransferByView"),
    ],
)
def test_the_variables_fit_the_default_world_of_the_sandbox(name: str, server: tuple[TestClient, Store]) -> None:
    client, store = server
    store.reset(load_world())
    request = next(item["request"] for _, item in _requests(made()["item"]) if item["name"] == name)
    assert _send(client, request, {}, send_call_to="0003*211").status_code == 200


def test_a_public_number_stays_as_it_is() -> None:
    request = next(item["request"] for _, item in _requests(made()["item"]) if item["name"] == "Transfer")
    assert json.loads(request["body"]["raw"])["sendCallTo"] == "3334444"


def test_a_parameter_that_is_required_is_sent(contract: Contract) -> None:
    contract.edit(
        "paths/calls@{callId}.yaml",
        "get:\n",
        """get:
  parameters:
    - name: page
      in: query
      required: true
      schema: {type: integer}
      examples: {one: {value: 1}}
""",
    )
    (get, *_) = collection(bundle(contract.project))["item"]
    (page,) = get["request"]["url"]["query"]
    assert (page["key"], page["value"], page["disabled"]) == ("page", "1", False)
