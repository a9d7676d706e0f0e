"""Write the requests of the contract as a Postman collection, which Bruno, Insomnia and others import too.

Each operation is a request; where its body has several examples it is a folder with a request for each, so that every
action has one. What differs from one server to the next is a variable of the collection.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any, Final

from uapi.contract.grammar import Item
from uapi.contract.location import Tokens, to_tokens

if TYPE_CHECKING:
    from uapi.contract.bundle import Bundle

FORMAT: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
NAMES: Final = "urn:uapi-phonecalls:collection:"
"""What the ids are derived from, so that they are the same each time."""
JSON: Final = "application/json"
VIEW: Final = ("phoneCallViewId", "view_id")
PARTY: Final = ("sendCallTo", "send_call_to")
"""Members of a body, and the variables that stand for them: they name what is on the server, as the path does."""
WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def collection(bundle: Bundle) -> dict[str, Any]:
    """Return the contract as a collection of format 2.1."""
    return _Collection(bundle).document()


def base_url(document: dict[str, Any]) -> str:
    """Return the URL of the first server, its variables at their defaults."""
    server = document.get("servers", [{"url": "/"}])[0]
    url: str = server["url"]
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", variable["default"])
    return url


class _Collection:
    """Holds the variables that the requests turn out to need."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle: Final = bundle
        self.variables: Final[dict[str, str]] = {"base_url": base_url(bundle.document), "token": ""}

    def document(self) -> dict[str, Any]:
        """Return all of it."""
        info = self.bundle.document["info"]
        # What ends phone calls comes last, for those who send all the requests in a row.
        operations = sorted(self.bundle.operations, key=lambda item: item.tokens[2] == "delete")
        items = [self._operation(item) for item in operations]
        return {
            "info": {
                "_postman_id": _id("collection"),
                "name": info["title"],
                "description": f"Set the variables `{'`, `'.join(self.variables)}`, then send the requests.",
                "version": info["version"],
                "schema": FORMAT,
            },
            "item": items,
            "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
            "variable": [{"key": key, "value": value, "type": "string"} for key, value in self.variables.items()],
        }

    def _operation(self, item: Item) -> dict[str, Any]:
        operation: dict[str, Any] = item.value
        name = operation["operationId"]
        described = {"name": name, "description": operation.get("description", operation.get("summary", ""))}
        bodies = self._bodies(operation)
        if len(bodies) < 2:  # noqa: PLR2004 - one request is no folder
            body = next(iter(bodies.values()), None)
            return {"id": _id(name), **described, "request": self._request(item, body), "response": []}
        requests = [
            {"id": _id(f"{name}:{key}"), "name": key, "request": self._request(item, body), "response": []}
            for key, body in bodies.items()
        ]
        return {"id": _id(name), **described, "item": requests}

    def _bodies(self, operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the examples of the request body, under the names that they have in the contract."""
        media = self._follow(operation.get("requestBody", {})).get("content", {}).get(JSON, {})
        examples = media.get("examples", {})
        return {_name(key, example): self._follow(example) for key, example in examples.items()}

    def _request(self, item: Item, body: dict[str, Any] | None) -> dict[str, Any]:
        request: dict[str, Any] = {
            "method": item.tokens[2].upper(),
            "header": [{"key": "Accept", "value": JSON}],
            "url": self._url(item),
        }
        if body is not None:
            request["header"].append({"key": "Content-Type", "value": JSON})
            raw = json.dumps(self._with_variables(body["value"]), ensure_ascii=False, indent=2)
            request["body"] = {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
            request["description"] = " ".join(body[key].strip() for key in ("summary", "description") if key in body)
        return request

    def _url(self, item: Item) -> dict[str, Any]:
        path = item.tokens[1]
        shared = self.bundle.document["paths"][path].get("parameters", [])
        parameters = [self._follow(parameter) for parameter in (*shared, *item.value.get("parameters", ()))]  # type: ignore[misc] # a list, by the specification
        for parameter in parameters:
            if parameter["in"] == "path":
                variable = WORD.sub("_", parameter["name"]).lower()
                self.variables.setdefault(variable, self._example(parameter))
                path = path.replace(f"{{{parameter['name']}}}", f"{{{{{variable}}}}}")
        url: dict[str, Any] = {
            "raw": f"{{{{base_url}}}}{path}",
            "host": ["{{base_url}}"],
            "path": path.strip("/").split("/"),
        }
        query = [
            {
                "key": parameter["name"],
                "value": self._example(parameter),
                "disabled": not parameter.get("required", False),
                "description": " ".join(parameter.get("description", "").split()),
            }
            for parameter in parameters
            if parameter["in"] == "query"
        ]
        return url | ({"query": query} if query else {})

    def _example(self, parameter: dict[str, Any]) -> str:
        """Return the first example of a parameter, as it stands in a URL."""
        examples = [self._follow(example)["value"] for example in parameter.get("examples", {}).values()]
        value = examples[0] if examples else ""
        if isinstance(value, list):
            return ",".join(map(str, value))
        return value if isinstance(value, str) else json.dumps(value)

    def _with_variables(self, body: Any) -> Any:  # noqa: ANN401 - JSON is any value
        """Put variables in the place of the id of a view, and of the extension that most examples call."""
        result = dict(body) if isinstance(body, dict) else body
        for member, variable in (VIEW, PARTY):
            if isinstance(result, dict) and member in result:
                usual = self.variables.setdefault(variable, result[member])
                if usual == result[member] or member == VIEW[0]:
                    result[member] = f"{{{{{variable}}}}}"
        return result

    def _follow(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return what an object says: itself, or what its reference leads to."""
        tokens: Tokens = to_tokens(value["$ref"].removeprefix("#")) if "$ref" in value else ()
        return self.bundle.follow(Item("example", tokens, value)).value


def _name(key: str, example: dict[str, Any]) -> str:
    """Return the name of the component that an example is, or else the name that it has in its place."""
    return to_tokens(example["$ref"].removeprefix("#"))[-1] if "$ref" in example else key


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, NAMES + name))
