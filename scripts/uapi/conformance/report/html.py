"""The report as one HTML page that needs nothing else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def _template() -> Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("uapi.conformance.report", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("report.html.jinja")


def render(report: dict[str, Any]) -> str:
    """Return the page of a report, `report` as `document` made it."""
    exchanges = {exchange["number"]: exchange for exchange in report["exchanges"]}
    return _template().render(report=report, exchanges=exchanges)
