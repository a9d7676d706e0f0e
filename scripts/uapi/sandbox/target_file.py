"""Describes a sandbox to the conformance kit: the roles of its world, as a target configuration in TOML."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from uapi.sandbox.errors import TargetFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uapi.sandbox.roles import Target

FEATURES: Final = (
    *("list", "get", "stop_recording", "create", "callback", "conference_invite", "hang_up", "hold", "pick_up"),
    *("barge_in", "park", "whisper", "monitor", "transfer", "transfer_to_voicemail"),
)
"""What the sandbox offers of what a server may lack (D-16)."""


def target_text(target: Target, base_url: str, further: Sequence[str] = (), *, ca_file: Path | None = None) -> str:
    """Return the target configuration of a sandbox at a base URL, as TOML.

    `further` are phone calls by their place; `ca_file` is whom its certificate is of.
    """
    lines = [f"base_url = {_string(base_url)}"]
    for role, members in target.model_dump(exclude_none=True).items():
        lines += ["", f"[{role}]", *(f"{name} = {_value(value)}" for name, value in members.items())]
        if role == "phone_call" and further:
            lines.append(f"further = [{', '.join(map(_string, further))}]")
    if ca_file:
        lines += ["", "[tls]", f"ca_file = {_string(str(ca_file.absolute()))}"]
    lines += ["", "[features]", *(f"{feature} = true" for feature in FEATURES)]
    return "\n".join(lines) + "\n"


def write_target_file(file: Path, text: str) -> None:
    """Write a file so that whoever sees it sees all of it. Raises TargetFileError where it cannot be written."""
    unfinished = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as stream:
            unfinished = Path(stream.name)
            stream.write(text)
        unfinished.replace(file)
    except OSError as error:
        if unfinished:
            unfinished.unlink(missing_ok=True)
        message = f"the target file cannot be written: {os.strerror(error.errno or 0)}"
        raise TargetFileError(
            message, where=str(file), hint="Name a file in a folder that you can write to."
        ) from error


def _value(value: str | int) -> str:
    return _string(value) if isinstance(value, str) else str(value)


def _string(value: str) -> str:
    """Return a basic string of TOML, whose escapes are those of JSON but for the one character that JSON leaves."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
