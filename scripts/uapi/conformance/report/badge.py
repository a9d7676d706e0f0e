"""The report as a badge, in the JSON format of the shields.io endpoint."""

from __future__ import annotations

import json
from typing import Any, Final

COLOURS: Final = {"conformant": "brightgreen", "not conformant": "red", "incomplete": "yellow"}


def render(report: dict[str, Any]) -> str:
    """Return the badge of a report: the verdict, and how many of the requirements hold."""
    counts, verdict = report["counts"], report["verdict"]
    held = f"{counts['pass']} of {len(report['results'])}"
    badge = {
        "schemaVersion": 1,
        "label": f"{report['contract']['title']} {report['contract']['version']}",
        "message": f"{verdict}, {held}",
        "color": COLOURS[verdict],
        "isError": verdict != "conformant",
    }
    return json.dumps(badge, indent=2) + "\n"
