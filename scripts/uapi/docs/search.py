"""The index of the site's search: what can be found, and where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.docs.site import Site

    Entry = tuple[str, str, str, str]
    """Title, kind, address relative to the root of the site, and text."""


def index(site: Site) -> str:
    """Return the index as a script, which a page may load from a file where it may fetch no data."""
    return f"globalThis.searchIndex = {json.dumps(list(_entries(site)), ensure_ascii=False, separators=(',', ':'))};\n"


def _entries(site: Site) -> Iterator[Entry]:
    yield from _reference(site)
    for row in site.contract.rows:
        yield row.id, f"requirement, {row.level}", f"requirements.html#{row.id}", _plain(row.text)
    for decision in site.contract.decisions:
        yield f"{decision.id} {decision.title}", "decision", f"decisions.html#{decision.id}", _plain(decision.text)
    for guide in site.guides:
        page = f"guides/{guide.name}.html"
        yield guide.title, "guide", page, ""
        for anchor, title in site.prose.headings(guide.text):
            yield title, "guide", f"{page}#{anchor}", guide.title
    if site.contract.changes:
        for anchor, title in site.prose.headings(site.contract.changes):
            yield title, "changes", f"changes.html#{anchor}", ""
    for download in site.downloads:
        yield download.path, "download", f"downloads/{download.path}", download.title


def _reference(site: Site) -> Iterator[Entry]:
    for operation in site.operations:
        page = f"reference/{operation.id}.html"
        yield operation.summary, "operation", page, f"{operation.method} {operation.path} {operation.id}"
        for parameter in operation.parameters:
            member = parameter.member
            text = f"{operation.id}: {_plain(member.description)}"
            yield member.name, f"{parameter.place} parameter", f"{page}#parameter-{member.name}", text
        if operation.body and len(operation.body.choices) > 1:
            for choice in operation.body.choices:
                yield choice.name, f"body of {operation.id}", f"{page}#{choice.name}", _plain(choice.description)
    for schema in site.schemas:
        address = f"reference/schemas.html#{schema.name}"
        yield schema.name, "schema", address, _plain(schema.description)
        for member in schema.members:
            yield f"{schema.name}.{member.name}", "member", f"{address}.{member.name}", _plain(member.description)
    for code, places in site.codes.items():
        yield code, "error code", f"reference/errors.html#{code}", places[0].failure.cause


def _plain(markdown: str) -> str:
    return " ".join(markdown.replace("`", "").replace("**", "").split())
