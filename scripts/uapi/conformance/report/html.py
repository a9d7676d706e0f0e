"""The report as one HTML page that needs nothing else, and that its browser is told to fetch nothing for."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup, escape

from uapi.conformance.budget import BUDGETS
from uapi.conformance.report.layout import laid_out
from uapi.conformance.report.words import FOUND, OUTCOMES, STATES, VERDICTS

if TYPE_CHECKING:
    from jinja2 import Template

CODE: Final = re.compile(r"`([^`]+)`")
GRAVEST: Final = {outcome: weight for weight, outcome in enumerate(OUTCOMES)}


def render(report: dict[str, Any]) -> str:
    """Return the page of a report, `report` as `document` made it."""
    exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
    homes = _homes(report)
    at_home = {number for numbers in homes.values() for number in numbers}
    return _template().render(
        report=report,
        exchanges=exchanges,
        homes=homes,
        homeless=sorted(exchanges.keys() - at_home),
        matrix=_table(report["matrix"]),
        budget=next((name for name, budget in BUDGETS.items() if asdict(budget) == report["budget"]), ""),
        outcomes=OUTCOMES,
        verdicts=VERDICTS,
        states=STATES,
        acted_on=FOUND,
        style=_file("report.css"),
        script=_file("report.js"),
    )


def _homes(report: dict[str, Any]) -> dict[str, list[int]]:
    """Return the exchanges that links lead to with each requirement: each has one place, with the gravest it shows.

    What has to be acted on shows all of its evidence; what passed only names the exchanges that stand elsewhere.
    """
    rows = sorted(report["results"], key=lambda row: GRAVEST[row["outcome"]])
    placed: set[int] = set()
    homes: dict[str, list[int]] = {}
    for row in rows:
        homes[row["id"]] = [number for number in dict.fromkeys(row["exchanges"]) if number not in placed]
        placed.update(homes[row["id"]])
    return homes


def _table(matrix: dict[str, Any]) -> dict[str, Any]:
    """Return the matrix by status and operation, answers with undocumented statuses among the cells."""
    undocumented = [{**row, "state": "undocumented", "why": "the contract lacks it"} for row in matrix["undocumented"]]
    cells = [*matrix["cells"], *undocumented]
    rows: dict[int, dict[str, Any]] = {status: {} for status in sorted({cell["status"] for cell in cells})}
    for cell in cells:
        rows[cell["status"]][cell["operation"]] = cell
    return {"operations": list(dict.fromkeys(cell["operation"] for cell in matrix["cells"])), "rows": rows}


@cache
def _file(name: str) -> Markup:
    """Return a style sheet or a script of this package, to stand in the page as it is."""
    return Markup(files("uapi.conformance.report").joinpath(name).read_text("utf-8"))  # noqa: S704 - our own


def _digest(text: str) -> str:
    """Return what a Content-Security-Policy allows a script or a style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _prose(text: str) -> Markup:
    """Return a text of the contract with its `code` marked up as such."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _below(url: str, base_url: str) -> str:
    """Return a URL without the base URL that all of them share."""
    return url.removeprefix(base_url) or url


@cache
def _template() -> Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("uapi.conformance.report", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"prose": _prose, "digest": _digest, "below": _below, "laid_out": laid_out}
    return environment.get_template("report.html.jinja")
