"""The target file that `uapi conformance init` writes, to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SCHEMA_FILE: Final = "target.schema.json"
"""The file, beside a target file, that the first line of the template leads editors to."""


def target_template() -> str:
    """Return the text of a commented target file with every setting; what is optional is commented out."""
    return Path(__file__).with_name("template.toml").read_text("utf-8")
