"""Sends the examples of the contract to a server through Prism's validating proxy, and writes what it complains of.

It is started by `benchmarks.peers` as a process of its own: `python -m benchmarks.peers_prism BASE_URL TOKEN FILE`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import httpx2

from foreign.servers import BUNDLE, PRISM, Server
from uapi_phonecalls import load_contract

if TYPE_CHECKING:
    from collections.abc import Iterator

SAFE_IN_A_SEGMENT = "@*"


class Example(NamedTuple):
    """One request, made of examples only."""

    operation: str
    method: str
    path: str
    body: object = None
    has_token: bool = True


def _resolved(contract: dict[str, Any], node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        found: Any = contract
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def _examples(contract: dict[str, Any], holder: dict[str, Any]) -> list[Any]:
    return [_resolved(contract, example)["value"] for example in holder["examples"].values()]


def requests(contract: dict[str, Any]) -> Iterator[Example]:
    """Yield for each operation the first examples of all that it needs, then each further example by itself."""
    for path, item in contract["paths"].items():
        for method in item.keys() & {"get", "put"}:
            operation = item[method]
            parameters = [
                _resolved(contract, node) for node in [*item.get("parameters", []), *operation.get("parameters", [])]
            ]
            values = {parameter["name"]: _examples(contract, parameter) for parameter in parameters}
            segments = {p["name"]: values[p["name"]][0] for p in parameters if p["in"] == "path"}
            bodies: list[Any] = [None]
            if "requestBody" in operation:
                content = _resolved(contract, operation["requestBody"])["content"]
                bodies = _examples(contract, content["application/json"])
            first = Example(operation["operationId"], method.upper(), _filled(path, segments), bodies[0])
            yield first
            yield first._replace(has_token=False)
            yield from (first._replace(body=body) for body in bodies[1:])
            for parameter in parameters:
                name = parameter["name"]
                for value in values[name]:
                    if parameter["in"] == "path":
                        yield first._replace(path=_filled(path, {**segments, name: value}))
                    else:
                        text = ",".join(value) if isinstance(value, list) else value
                        yield first._replace(path=f"{first.path}?{urlencode({name: text})}")


def _filled(path: str, segments: dict[str, Any]) -> str:
    for name, value in segments.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=SAFE_IN_A_SEGMENT))
    return path


def complaints(client: httpx2.Client, example: Example, token: str) -> Iterator[str]:
    """Yield the kinds of failure of one request: what Prism says of the answer, or that there was none."""
    headers = {"Authorization": f"Bearer {token}"} if example.has_token else {}
    try:
        answer = client.request(example.method, example.path, headers=headers, json=example.body)
    except httpx2.HTTPError as error:
        yield f"{example.operation} {type(error).__name__}"
        return
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        yield f"{example.operation} {answer.status_code} {answer.json().get('title')}"
    for violation in json.loads(answer.headers.get("sl-violations", "[]")):
        if violation["location"][0] == "response":  # a request without a token is wrong on purpose
            place = ".".join(violation["location"])
            yield f"{example.operation} {answer.status_code} {place} {violation['code']}"


def main() -> None:
    """Write one kind a line."""
    base_url, token, file = sys.argv[1:]
    proxy = ("proxy", "--host", "127.0.0.1", "--port", "0", str(BUNDLE), base_url)
    found: set[str] = set()
    server = Server(("node", str(PRISM), *proxy), Path())
    with server.running(Path("prism.log")) as address, httpx2.Client(base_url=address, timeout=20) as client:
        for example in requests(load_contract()):
            found.update(complaints(client, example, token))
    Path(file).write_text("".join(f"{kind}\n" for kind in sorted(found)), "utf-8")


if __name__ == "__main__":
    main()
