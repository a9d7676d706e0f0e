"""Write the reference of the API as one page of Markdown.

A requirement stands once, with what it speaks of; where an operation relies on it from afar, the page links to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jinja2

from uapi.contract import emit, markdown
from uapi.contract.collection import base_url
from uapi.contract.location import Tokens, resolve, to_tokens
from uapi.contract.package import NOTICE
from uapi.contract.project import DECISIONS
from uapi.contract.register import KEYWORD

if TYPE_CHECKING:
    from uapi.contract.bundle import Bundle
    from uapi.contract.grammar import Item

TEMPLATE: Final = "reference.md.jinja"
SECTIONS: Final = {
    "schemas": "Schema",
    "parameters": "Parameter",
    "responses": "Answer",
    "headers": "Header",
    "requestBodies": "Request body",
    "securitySchemes": "Credentials",
}
"""The word before the name of a component in its heading, so that no two headings have the same anchor."""
ERROR_CODE: Final = "x-error-code"
DECISION: Final = re.compile(r"^## ((D-[0-9]+) .+)$", re.MULTILINE)
BLANK_LINES: Final = re.compile(r"\n{3,}")


def reference(bundle: Bundle, decisions: str) -> str:
    """Return the page; `decisions` is the text of the decisions, to which it links."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("uapi.contract"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the page is Markdown, made of our own contract
    )
    page = _Page(bundle, {name: markdown.slug(heading) for heading, name in DECISION.findall(decisions)})
    environment.filters |= {
        "cell": markdown.cell,
        "code": markdown.code,
        "value": markdown.value,
        "json": emit.to_json,
        "slug": markdown.slug,
    }
    text = environment.get_template(TEMPLATE).render(
        page=page, document=bundle.document, info=bundle.document["info"], notice=NOTICE
    )
    return BLANK_LINES.sub("\n\n", text).strip() + "\n"


@dataclass(frozen=True)
class Member:
    """A member of an object, or a parameter."""

    name: str
    type: str
    required: bool
    description: str
    error_code: str


@dataclass(frozen=True)
class _Page:
    """What the template asks for."""

    bundle: Bundle
    decisions: dict[str, str]

    @property
    def operations(self) -> list[dict[str, Any]]:
        """Return the operations, each with its method and path, and the parameters of both."""
        paths = self.bundle.document["paths"]
        return [
            {
                **item.value,
                "tokens": item.tokens,
                "method": item.tokens[2].upper(),
                "path": item.tokens[1],
                "parameters": [*paths[item.tokens[1]].get("parameters", []), *item.value.get("parameters", [])],  # type: ignore[misc] # a list, by the specification
            }
            for item in self.bundle.operations
        ]

    @property
    def actions(self) -> list[str]:
        """Return the names of the schemas that a discriminator tells apart, in its order."""
        mappings = (item.value.get("mapping") for item in self.bundle.items if item.kind == "discriminator")
        return [
            to_tokens(text[1:])[-1] for mapping in mappings if isinstance(mapping, dict) for text in mapping.values()
        ]

    @property
    def base_url(self) -> str:
        """Return where the service is."""
        return base_url(self.bundle.document)

    def section(self, name: str) -> dict[str, Any]:
        """Return the components of a kind."""
        found: dict[str, Any] = self.bundle.document.get("components", {}).get(name, {})
        return found

    def follow(self, value: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON is any value
        """Return what an object says: itself, or what its references lead to."""
        while "$ref" in value:
            value = resolve(self.bundle.document, to_tokens(value["$ref"][1:]))  # type: ignore[assignment] # looked at by the bundle
        return value

    def heading(self, kind: str, name: str) -> str:
        """Return the heading of a component."""
        return name if kind == "schemas" and name in self.actions else f"{SECTIONS[kind]} {name}"

    def link(self, kind: str, name: str) -> str:
        """Return a link to a component."""
        return f"[{name}](#{markdown.slug(self.heading(kind, name))})"

    def name(self, value: dict[str, Any]) -> str | None:
        """Return the name of the component that a reference leads to."""
        return to_tokens(value["$ref"][1:])[-1] if "$ref" in value else None

    def type(self, schema: dict[str, Any]) -> str:
        """Say what values a schema takes, and within what limits."""
        limits = markdown.limits_of(schema)
        return "; ".join([markdown.type_of(schema, self._schema), *limits])

    def _schema(self, path: str) -> str:
        """Return a link to a schema; one within a component is found at the component."""
        name, *within = path.split("/")
        return f"[{(name, *within)[-1]}](#{markdown.slug(self.heading('schemas', name))})"

    def members(self, schema: dict[str, Any]) -> list[Member]:
        """Return the members of an object, those of the schemas that it is put together of included."""
        found = [member for part in schema.get("allOf", []) for member in self.members(self.follow(part))]
        required = set(schema.get("required", []))
        return found + [
            self._member(name, value, value, required=name in required)
            for name, value in schema.get("properties", {}).items()
        ]

    def parameter(self, written: dict[str, Any]) -> Member:
        """Return a parameter, as a row of a table."""
        value = self.follow(written)
        name = self.name(written)
        shown = self.link("parameters", name).replace(f"[{name}]", f"[`{value['name']}`]") if name else value["name"]
        return self._member(shown, value, value["schema"], required=value.get("required", False))

    def _member(self, name: str, value: dict[str, Any], schema: dict[str, Any], *, required: bool) -> Member:
        default = f"; default {markdown.value(schema['default'])}" if "default" in schema else ""
        description = value.get("description") or self.follow(value).get("description", "")
        return Member(name, self.type(schema) + default, required, description, value.get(ERROR_CODE, ""))

    def examples(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the examples of a media type, a parameter or a header."""
        return [self.follow(example) for example in value.get("examples", {}).values()]

    def examples_of(self, action: str) -> list[dict[str, Any]]:
        """Return the examples of the request bodies that name an action."""
        bodies = [body for body in self.section("requestBodies").values() if "content" in body]
        examples = [entry for body in bodies for media in body["content"].values() for entry in self.examples(media)]
        return [entry for entry in examples if isinstance(entry["value"], dict) and action in entry["value"].values()]

    def needed(self, schema: dict[str, Any]) -> list[list[str]]:
        """Return the groups of members of which an object has one at least."""
        return [option["required"] for option in schema.get("anyOf", []) if option.keys() == {"required"}]

    def error_codes(self, response: dict[str, Any]) -> list[str]:
        """Return the codes of the examples of an answer."""
        bodies = [
            example["value"] for media in response.get("content", {}).values() for example in self.examples(media)
        ]
        codes = [body["error"]["code"] for body in bodies if isinstance(body, dict) and "error" in body]
        return list(dict.fromkeys(codes))

    def all_error_codes(self) -> dict[str, dict[str, list[str]]]:
        """Return every code, with the answers that show it and the inputs that cause it."""
        found: dict[str, dict[str, list[str]]] = {}
        for name, response in self.section("responses").items():
            for text in self.error_codes(response):
                found.setdefault(text, {"answers": [], "inputs": []})["answers"].append(self.link("responses", name))
        for item in self.bundle.items:
            cause = item.value.get(ERROR_CODE)
            if isinstance(cause, str):
                inputs = found.setdefault(cause, {"answers": [], "inputs": []})["inputs"]
                inputs.append(self._input(item.tokens))
        return dict(sorted(found.items()))

    def _input(self, tokens: Tokens) -> str:
        """Return a link to the component in which an input stands, with the name of the member if it is one."""
        if tokens[0] != "components":
            return markdown.code(tokens[-1])
        link = self.link(tokens[1], tokens[2])
        return f"{markdown.code(tokens[-1])} of {link}" if tokens[3:] else link

    def decision(self, name: str) -> str:
        """Return a link to a decision."""
        anchor = f"#{self.decisions[name]}" if name in self.decisions else ""
        return f"[{name}](../{DECISIONS}{anchor})"

    def rows(self, *tokens: str) -> list[dict[str, Any]]:
        """Return the requirements that stand with an object or in it, and not with what it refers to."""
        return [row for item in self.bundle.items if _within(item.tokens, tokens) for row in _rows(item)]

    def relied_on(self, tokens: Tokens) -> list[str]:
        """Return the ids of the requirements of what an operation refers to, in their order."""
        found: set[str] = set()
        done: set[Tokens] = set()
        queue: list[Tokens] = [tokens, (*tokens[:2], "parameters")]
        while queue:
            here = queue.pop()
            for reference in self.bundle.references:
                if reference.kind != "link" and _within(reference.tokens, here) and reference.target not in done:
                    done.add(reference.target)
                    queue.append(reference.target)
                    found |= {row["id"] for row in self.rows(*reference.target)}
        return sorted(found)


def _within(tokens: Tokens, outer: Tokens) -> bool:
    return tokens[: len(outer)] == outer


def _rows(item: Item) -> list[dict[str, Any]]:
    written: Any = item.value.get(KEYWORD, [])
    return list(written)
