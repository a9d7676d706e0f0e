"""The report as one HTML page that needs nothing else."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2 import Template


CODE: Final = re.compile(r"`([^`]+)`")


def _prose(text: str) -> Markup:
    """Return a text of the contract with its `code` marked up as such."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


@cache
def _template() -> Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("uapi.conformance.report", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["prose"] = _prose
    return environment.get_template("report.html.jinja")


def render(report: dict[str, Any]) -> str:
    """Return the page of a report, `report` as `document` made it."""
    exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
    return _template().render(report=report, exchanges=exchanges)
