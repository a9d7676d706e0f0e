"""Files are named after what they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from uapi.contract.lint.rule import Context, Problem, rule
from uapi.contract.project import ROOT_DOCUMENT, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

PASCAL_CASE: Final = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
NAMED_OTHERWISE: Final = frozenset({"securitySchemes"})
"""Sections whose names are not ours to style: requests and credentials are written down by them."""


@rule("path-file-name", hint="Name the file after its path, with '@' for '/'.")
def path_file_name(context: Context) -> Iterator[Problem]:
    """Demand that each path is in a file that is named after it."""
    for path in context.bundle.document.get("paths", {}):
        expected = SOURCE / "paths" / f"{path.removeprefix('/').replace('/', '@') or '@'}.yaml"
        mounted = context.bundle.mounts.get(("paths", path))
        if mounted is None:
            message = f"the path {path} is written in {ROOT_DOCUMENT}, not in {expected}"
            yield Problem(("paths", path), message, "Move it into the file, and refer to it with $ref.")
        elif mounted.path != expected:
            yield Problem(("paths", path), f"the file of the path {path} should be named {expected.name}")


@rule("component-file-name", hint="Rename the file, and the references to it.")
def component_file_name(context: Context) -> Iterator[Problem]:
    """Demand that components are named in PascalCase."""
    for tokens in context.bundle.mounts:
        if tokens[:1] == ("components",) and tokens[1] not in NAMED_OTHERWISE and not PASCAL_CASE.match(tokens[2]):
            yield Problem(tokens, f"the name {tokens[2]} is not in PascalCase")
