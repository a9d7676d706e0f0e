"""The one list of settings, and how each is called in the environment and on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from uapi.conformance.target.model import Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

Path_ = tuple[str, ...]

CREDENTIALS: Final = ("token", "token_command", "oauth")
"""The ways to say who a principal is; one of them is used."""


def settings(model: type[BaseModel] = Target, prefix: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Yield the path and the description of every setting, `(("caller", "token"), "an access token …")`."""
    for name, field in model.model_fields.items():
        if (section := section_of(field)) is not None:
            about = f"{field.description or name}: "
            yield from ((path, about + text) for path, text in settings(section, (*prefix, name)))
        else:
            yield (*prefix, name), field.description or ""


def section_of(field: FieldInfo) -> type[Section] | None:
    """Return the section that a field of a model holds, None where it is a setting."""
    for kind in _kinds(field):
        if isinstance(kind, type) and issubclass(kind, Section):
            return kind
    return None


def _kinds(field: FieldInfo) -> list[object]:
    """Return the types that a field may have, without what only describes them."""
    annotation = field.annotation
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)] if _is_optional(field) else [annotation]
    return [getattr(kind, "__origin__", kind) if hasattr(kind, "__metadata__") else kind for kind in kinds]


def _is_optional(field: FieldInfo) -> bool:
    return type(None) in get_args(field.annotation)


def field_of(path: Path_) -> FieldInfo | None:
    """Return the field of a setting or section, None where there is none."""
    model: type[Section] | None = Target
    field = None
    for name in path:
        if model is None or name not in model.model_fields:
            return None
        field = model.model_fields[name]
        model = section_of(field)
    return field


def is_secret(path: Path_) -> bool:
    """Tell whether a setting holds what must never be shown."""
    return any((field := field_of(path[:end])) is not None and not field.repr for end in range(1, len(path) + 1))


def is_flag(path: Path_) -> bool:
    """Tell whether a setting is true or false, and maybe more, so that its option alone can stand for true."""
    field = field_of(path)
    return field is not None and bool in (field.annotation, *get_args(field.annotation))


def is_file(path: Path_) -> bool:
    """Tell whether a setting names a file."""
    field = field_of(path)
    return field is not None and Path in _kinds(field)


def is_command(path: Path_) -> bool:
    """Tell whether a setting is a program with its arguments."""
    field = field_of(path)
    return field is not None and (tuple in _kinds(field) or tuple[str, ...] in _kinds(field))


def environment_name(path: Path_) -> str:
    """Return the environment variable of a setting."""
    return "_".join(("UAPI", *path)).upper()


def option_name(path: Path_) -> str:
    """Return the command-line option of a setting."""
    return "--" + "-".join(path).replace("_", "-")
