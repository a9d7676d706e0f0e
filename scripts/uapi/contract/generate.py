"""Write everything that the contract yields, all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from uapi.contract import codegen, emit, package, schemas
from uapi.contract.bundle import bundle
from uapi.contract.collection import collection
from uapi.contract.decisions import read_decisions
from uapi.contract.diff import changelog
from uapi.contract.downgrade import downgrade
from uapi.contract.errors import ContractError
from uapi.contract.reference import reference
from uapi.contract.register import register, schema_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.project import Project

GENERATED: Final = "generated"


def generate(project: Project) -> int:
    """Replace `generated/` by what the contract yields, and return the number of its files."""
    with _stage(project.root) as stage:
        fresh = build(project, stage)
        count = sum(1 for path in fresh.rglob("*") if path.is_file())
        _swap(fresh, project.generated, stage / "previous")
    return count


def build(project: Project, stage: Path) -> Path:
    """Write everything below `stage`, a folder that holds nothing else, and return the folder that it is in."""
    contract = bundle(project)
    requirements = emit.to_json(register(contract))
    document = emit.to_json(contract.document)
    fresh = stage / GENERATED
    data = fresh / package.PACKAGE / "data"
    data.mkdir(parents=True)
    texts = {
        fresh / changelog.FILE: changelog.changelog(project, contract),
        fresh / "contract-diff.schema.json": schema_text("contract-diff"),
        fresh / "openapi.yaml": emit.to_yaml(contract.document, header=package.NOTICE),
        fresh / "openapi.json": document,
        fresh / "openapi-3.0.yaml": emit.to_yaml(downgrade(contract.document), header=package.NOTICE),
        fresh / "postman_collection.json": emit.to_json(collection(contract)),
        fresh / "reference.md": reference(contract, read_decisions(project)),
        fresh / "requirements.json": requirements,
        fresh / "requirements.schema.json": schema_text(),
        fresh / package.PACKAGE / "__init__.py": package.init_text(contract.document["info"]["version"]),
        fresh / package.PACKAGE / "py.typed": "",
        data / "openapi.json": document,
        data / "requirements.json": requirements,
    }
    for name, schema in schemas.documents(contract).items():
        texts[fresh / "schemas" / f"{name}.json"] = emit.to_json(schema)
    for path, text in texts.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    codegen.generate(project, stage)
    return fresh


@contextmanager
def _stage(root: Path) -> Iterator[Path]:
    """Yield a temporary folder on the file system of the target, so that a rename can put the result in place."""
    try:
        stage = Path(tempfile.mkdtemp(prefix=".generated-", dir=root))
    except OSError as error:
        message = f"cannot be written to: {error.strerror}"
        raise ContractError(message, where=str(root), hint="Make the folder writable.") from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _swap(fresh: Path, target: Path, previous: Path) -> None:
    """Put `fresh` in the place of `target`; where that fails, put `target` back."""
    moved = False
    try:
        if target.exists():
            target.rename(previous)
            moved = True
        fresh.rename(target)
    except BaseException as error:
        if moved and not target.exists():
            previous.rename(target)
        if isinstance(error, OSError):
            message = f"cannot be replaced: {error.strerror}"
            raise ContractError(message, where=str(target), hint="Close what holds it open.") from error
        raise
