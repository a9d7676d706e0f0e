"""The code samples of the operations: short programs of `openapi/samples/`, each shown as it stands.

A folder is named after its operation and holds one file for each language. Folders within it are variants, such as the
further actions of `updatePhoneCall`; those hold the languages that they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from uapi.docs.errors import DocsError

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES: Final = (
    ("curl.sh", "curl", "Shell"),
    ("client.py", "Python, generated client", "Python"),
    ("with_httpx.py", "Python, HTTPX2", "Python"),
    ("fetch.mjs", "JavaScript, fetch", "JavaScript"),
    ("php.php", "PHP", "PHP"),
)
"""The name of the file, the label, and the language by its name in GitHub's list, in the order in which they are shown.

No file has the name of a library: the folder of a Python program stands first on its import path.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One program.

    `label` says what it is written with, which two samples of one language do not share.
    """

    label: str
    language: str
    source: str
    path: Path

    @property
    def highlighting(self) -> str:
        """The language by the name that Pygments and Prism have for it."""
        return self.language.lower()


def samples(operation_id: str, folder: Path) -> tuple[Sample, ...]:
    """Return the samples of an operation, one in every language; `folder` is `openapi/samples` of a project.

    Raises DocsError where one is missing or cannot be read.
    """
    return tuple(_read(folder / operation_id / name, label, language) for name, label, language in LANGUAGES)


def variants(operation_id: str, folder: Path) -> dict[str, tuple[Sample, ...]]:
    """Return what else an operation has samples of, by name in the order of the alphabet, in the languages there are.

    Raises DocsError where a sample cannot be read.
    """
    return {
        variant.name: tuple(
            _read(variant / name, label, language) for name, label, language in LANGUAGES if (variant / name).exists()
        )
        for variant in sorted((folder / operation_id).glob("*/"))
    }


def _read(path: Path, label: str, language: str) -> Sample:
    try:
        return Sample(label, language, path.read_text("utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        hint = "Each operation has a sample in each language; write it as its neighbours are written."
        raise DocsError(f"the sample cannot be read: {reason}", where=str(path), hint=hint) from error
