"""Other people's tools read what is generated for them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from foreign.servers import BUNDLE, HERE, PRISM, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        not PRISM.is_file() or shutil.which("node") is None,
        reason="Prism is not installed: it needs Node.js 20.19 or newer, then 'npm ci' in tests/foreign",
    ),
]
COLLECTION = BUNDLE.parent / "postman_collection.json"
READ = """
const {Collection} = require("postman-collection");
const collection = new Collection(JSON.parse(require("fs").readFileSync(process.argv[1], "utf-8")));
const read = [];
collection.forEachItem((item) => read.push({
  id: item.id, method: item.request.method, path: item.request.url.getPath(), host: item.request.url.getHost(),
  auth: item.getAuth().type, body: item.request.body ? JSON.parse(item.request.body.raw) : null,
  sent: item.request.url.getQueryString(),
}));
console.log(JSON.stringify({read, variables: collection.variables.map((variable) => variable.key)}));
"""
"""Read a collection with the library that Postman itself and newman read it with; Prism brings it."""
PATH = "/phoneCalls/12/0003*210/b817d2618fe6f1804333"


def test_the_library_of_postman_reads_the_collection() -> None:
    output = subprocess.check_output(["node", "-e", READ, str(COLLECTION)], cwd=HERE, timeout=60)  # noqa: S603, S607 - our own text
    found = json.loads(output)
    assert "send_call_to" in found["variables"]
    assert len({item["id"] for item in found["read"]}) == len(found["read"]) >= 8 + 12
    for item in found["read"]:
        assert (item["host"], item["auth"], item["sent"]) == ("{{base_url}}", "bearer", "")
        assert item["path"].startswith("/phoneCalls/{{user_id}}/")
        assert (item["body"] is None) == (item["method"] in {"GET", "DELETE"})


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a mock of the contract in OpenAPI 3.0."""
    document = str(BUNDLE.parent / "openapi-3.0.yaml")
    server = Server(("node", str(PRISM), "mock", "--host", "127.0.0.1", "--port", "0", document), Path())
    with server.running(tmp_path_factory.mktemp("mock") / "log") as base_url:
        yield base_url


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ({"action": "StartRecording", "phoneCallViewId": "01"}, True),
        ({"action": "StartRecording", "phoneCallViewId": "01", "format": "wav49"}, True),
        ({"action": "StartRecording", "phoneCallViewId": "01", "format": "mp3"}, False),
        ({"action": "StartRecording"}, False),
        ({"action": "Whisper", "phoneCallViewId": "01", "sendCallTo": "210", "private": 1}, True),
        ({"action": "Whisper", "phoneCallViewId": "01", "sendCallTo": "210", "private": "1"}, True),
        ({"action": "Whisper", "phoneCallViewId": "01", "sendCallTo": "210", "private": "2"}, False),
        ({"action": "Whisper", "phoneCallViewId": "01", "sendCallTo": "210", "private": True}, False),
        ({"action": "Sing", "phoneCallViewId": "01"}, False),
    ],
    ids=json.dumps,
)
def test_prism_reads_openapi_3_0_as_it_is_meant(mock: str, body: dict[str, object], *, taken: bool) -> None:
    """Prism refuses a request that does not fit the document, and answers any other with an example of it."""
    answer = httpx2.put(mock + PATH, json=body, headers={"Authorization": "Bearer any"}, timeout=30)
    assert (answer.status_code == 200) == taken, answer.text
    assert not taken or answer.json()["id"] == "b817d2618fe6f1804333"
