"""The pages of the site, each by its address relative to the root."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import jinja2

from uapi.docs.contract import load
from uapi.docs.downloads import Download, downloads
from uapi.docs.guides import Guide, guides
from uapi.docs.operations import Group, Operation, operations, subject
from uapi.docs.prose import Prose
from uapi.docs.schemas import Schema, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jinja2.runtime import Context
    from markupsafe import Markup

    from uapi.contract.project import Project
    from uapi.docs.contract import Contract, Row
    from uapi.docs.failures import Failure

LEVELS: Final = ("MUST", "SHOULD", "MAY")
REFERENCE: Final = "reference/index.html"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error code comes from."""

    operation: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the pages show."""

    contract: Contract
    operations: tuple[Operation, ...]
    schemas: tuple[Schema, ...]
    codes: dict[str, list[Place]]
    guides: tuple[Guide, ...]
    downloads: tuple[Download, ...]
    prose: Prose
    has_report: bool

    @property
    def title(self) -> str:
        """The title of the contract."""
        return str(self.contract.document["info"]["title"])

    @property
    def version(self) -> str:
        """The version of the contract."""
        return str(self.contract.document["info"]["version"])

    @property
    def menu(self) -> list[tuple[str, str]]:
        """The sections, by the addresses of their first pages."""
        first = [(f"guides/{guide.name}.html", "Guides") for guide in self.guides[:1]]
        rest = [
            ("requirements.html", "Requirements"),
            ("decisions.html", "Decisions"),
            *([("changes.html", "Changes")] if self.contract.changes else []),
            ("downloads.html", "Downloads"),
        ]
        return [("index.html", "Start"), (REFERENCE, "Reference"), *first, *rest]


def site_of(project: Project, report: Path | None) -> Site:
    """Gather what the pages show; raises DocsError where something is missing."""
    contract = load(project)
    found = tuple(operations(contract))
    schemas = tuple(schema_of(contract, name) for name in contract.document["components"]["schemas"])
    codes: dict[str, list[Place]] = {}
    for operation in found:
        for failure in operation.failures:
            codes.setdefault(failure.code, []).append(Place(operation.id, failure))
    targets = {
        "decisions.md": "decisions.html",
        **{schema.name: f"reference/schemas.html#{schema.name}" for schema in schemas},
        **{code: f"reference/errors.html#{code}" for code in codes},
        **{operation.id: f"reference/{operation.id}.html" for operation in found},
        **{row.id: f"requirements.html#{row.id}" for row in contract.rows},
        **{decision.id: f"decisions.html#{decision.id}" for decision in contract.decisions},
    }
    for operation in found:
        if operation.body and len(operation.body.choices) > 1:
            targets |= {one.name: f"reference/{operation.id}.html#{one.name}" for one in operation.body.choices}
    return Site(
        contract=contract,
        operations=found,
        schemas=schemas,
        codes=dict(sorted(codes.items())),
        guides=guides(),
        downloads=tuple(downloads(project.generated, report)),
        prose=Prose(targets),
        has_report=report is not None,
    )


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the pages: address and HTML."""
    info = site.contract.document["info"]
    common = {"operations": site.operations, "count": len(site.contract.rows), "info": info}
    yield _page(site, "index.html", "index", **common, guides=site.guides, report=site.has_report)
    yield _page(
        site,
        REFERENCE,
        "reference",
        **common,
        servers=site.contract.document["servers"],
        schemes=site.contract.document["components"]["securitySchemes"],
    )
    for operation in site.operations:
        yield _page(
            site, f"reference/{operation.id}.html", "operation", operation=operation, sections=_sections(operation)
        )
    yield _page(site, "reference/schemas.html", "schemas", schemas=site.schemas)
    yield _page(site, "reference/errors.html", "errors", codes=site.codes)
    rows = site.contract.rows
    evidences = sorted({row.evidence for row in rows})
    groups = _by_subject(site.contract)
    yield _page(
        site, "requirements.html", "requirements", groups=groups, levels=LEVELS, evidences=evidences, count=len(rows)
    )
    decided = [(one, [row for row in rows if row.decision == one.id]) for one in site.contract.decisions]
    yield _page(site, "decisions.html", "decisions", decisions=decided, preface=site.contract.preface)
    for guide in site.guides:
        yield _page(site, f"guides/{guide.name}.html", "text", title=guide.title, text=guide.text)
    if site.contract.changes:
        yield _page(site, "changes.html", "text", title="Changes", text=site.contract.changes)
    yield _page(site, "downloads.html", "downloads")


def _page(site: Site, address: str, template: str, **values: object) -> tuple[str, str]:
    area = address.partition("/")[0]
    section = next((first for first, _ in site.menu if first.partition("/")[0] == area), address)
    html = _environment(site.prose).get_template(f"{template}.html.jinja")
    return address, html.render(
        site=site,
        here=address,
        section=section,
        root="../" * address.count("/"),
        beside=_beside(site, section),
        downloads=site.downloads,
        **values,
    )


def _beside(site: Site, section: str) -> dict[str, Any] | None:
    """Return what stands beside the pages of a section: those of the section."""
    if section == REFERENCE:
        own = [(f"reference/{operation.id}.html", operation.summary, operation.method) for operation in site.operations]
        others = [("reference/schemas.html", "Schemas", ""), ("reference/errors.html", "Errors", "")]
        return {"title": "Reference", "entries": [(REFERENCE, "Overview", ""), *own, *others]}
    if section.startswith("guides/"):
        return {
            "title": "Guides",
            "entries": [(f"guides/{guide.name}.html", guide.title, "") for guide in site.guides],
        }
    return None


def _sections(operation: Operation) -> list[tuple[str, str]]:
    titles: list[tuple[str, str, object]] = [
        ("samples", "Code samples", operation.samples),
        ("parameters", "Parameters", operation.parameters),
        ("body", "Request body", operation.body),
        ("responses", "Answers", True),
        ("errors", "Errors", operation.failures),
        ("requirements", "Requirements", True),
        ("decisions", "Decisions", operation.decisions),
    ]
    return [(anchor, title) for anchor, title, there in titles if there]


def _by_subject(contract: Contract) -> list[Group]:
    """Return all the rows by what they speak of, in the order of the operations and then of the components."""

    def place(row: Row) -> tuple[bool, str]:
        return (not row.pointer.startswith("/paths/"), subject(contract, row.pointer))

    ordered = sorted(contract.rows, key=lambda row: (place(row), row.id))
    return [Group(title, tuple(rows)) for (_, title), rows in groupby(ordered, key=place)]


def _inputs(places: list[Place]) -> list[tuple[str, str]]:
    """Return name and place of the inputs that a code is about, each once."""
    return list(dict.fromkeys((one.name, one.place) for place in places for one in place.failure.inputs))


def _environment(prose: Prose) -> jinja2.Environment:
    @jinja2.pass_context
    def block(context: Context, text: str) -> Markup:
        return prose.block(text, context["root"])

    @jinja2.pass_context
    def inline(context: Context, text: str) -> Markup:
        return prose.inline(text, context["root"])

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("uapi.docs", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"block": block, "inline": inline, "inputs": _inputs}
    return environment
