"""Find the contracts to compare: the working tree's, a released one, or a file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from uapi.contract import bundle as bundles
from uapi.contract import grammar, source
from uapi.contract.bundle import OPENAPI, Bundle
from uapi.contract.diff import versions
from uapi.contract.diff.model import Contract
from uapi.contract.errors import BundleError
from uapi.contract.location import resolve, to_tokens
from uapi.contract.project import RELEASED

if TYPE_CHECKING:
    from uapi.contract.diff.versions import Version
    from uapi.contract.grammar import Item
    from uapi.contract.project import Project

WORKING: Final = "-"
MEND: Final = "Mend it; `uapi contract lint` says more."
HINT: Final = "Name a bundle, as `uapi contract bundle` writes it."


def read(project: Project, name: str | None) -> Contract:
    """Return the contract of a name: `-` or None for the working tree, a released version, or a file.

    Raises:
        ContractError: there is none, or it cannot be read as a bundle.

    """
    if name is None or name == WORKING:
        return working(project)
    found = released(project)
    for version, path in found.items():
        if str(version) == name:
            return load(path, PurePosixPath(path.relative_to(project.root).as_posix()))
    path = Path(name)
    if path.is_file():
        return load(path, PurePosixPath(path.as_posix()))
    names = ", ".join(map(str, found)) or "none"
    hint = f"Name a file, a released version ({names}), or - for the working tree."
    raise BundleError("no such file, and no such version", where=name, hint=hint)


def working(project: Project) -> Contract:
    """Return the contract of the working tree; its places are lines of the files under `openapi/`."""
    return checked("the working tree", bundles.bundle(project))


def released(project: Project) -> dict[Version, Path]:
    """Return the released bundles by version, the oldest first; refuse a file whose name is no version."""
    found: dict[Version, Path] = {}
    folder = project.path(RELEASED)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        where = str(RELEASED / path.name)
        if path.suffix != ".yaml" or not versions.SEMVER.fullmatch(path.stem):
            message = "the name of the file is no version"
            raise BundleError(message, where=where, hint="Keep here what `uapi contract release` writes, and no more.")
        found[versions.parse(path.stem, where)] = path
    return dict(sorted(found.items()))


def last_released(project: Project) -> Contract | None:
    """Return the contract that was released last, if any was."""
    found = released(project)
    if not found:
        return None
    version, path = list(found.items())[-1]
    return released_contract(project, version, path)


def released_contract(project: Project, version: Version, path: Path) -> Contract:
    """Return a released contract; refuse one whose name is another than its version."""
    contract = load(path, PurePosixPath(path.relative_to(project.root).as_posix()))
    if contract.version != str(version):
        where = str(contract.bundle.locate(("info", "version")))
        message = f"info.version is {contract.version!r}, and the file is named {path.name}"
        raise BundleError(message, where=where, hint="A released contract is never changed: restore the file.")
    return contract


def load(path: Path, shown: PurePosixPath) -> Contract:
    """Read a bundle from a file that is shown under a name of its own."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BundleError(f"cannot be read: {error.strerror}", where=str(shown), hint="Make it readable.") from error
    file = source.parse(shown, source.decode(shown, data))
    document: Any = file.data
    if not isinstance(document, dict) or document.get("openapi") not in OPENAPI:
        where = str(file.locate(("openapi",)))
        raise BundleError("not an OpenAPI 3.1 document", where=where, hint=HINT)
    return checked(str(shown), Bundle(document, {(): file}, (), ()))


def checked(name: str, contract: Bundle) -> Contract:
    """Return a bundle as a contract to compare; refuse one that a comparison cannot rely on."""
    _check(contract)
    return Contract(name, contract)


def _check(contract: Bundle) -> None:
    """Refuse what a comparison cannot rely on: a document of another form, and references that lead nowhere."""
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415 - half a second; bundling has no use for it

    error = next(iter(OpenAPIV31SpecValidator.schema_validator.iter_errors(contract.document)), None)
    if error is not None:
        where = contract.locate(tuple(str(step) for step in error.absolute_path))
        message = f"not valid OpenAPI 3.1: {error.message.partition(chr(10))[0]:.160}"
        raise BundleError(message, where=str(where), hint=MEND)
    for item in contract.items:
        if item.kind == "schema":
            _check_schema(contract, item)
        if item.reference is not None:
            _check_target(contract, item, "$ref", item.reference)
        elif item.kind == "discriminator" and isinstance(mapping := item.value.get("mapping"), dict):
            for key, target in mapping.items():
                _check_target(contract, item, f"mapping/{key}", str(target))


def _check_schema(contract: Bundle, item: Item) -> None:
    """Refuse what is no JSON Schema: OpenAPI's own schema does not look into schemas."""
    try:
        jsonschema_rs.meta.validate(item.value)
    except jsonschema_rs.ValidationError as error:
        where = str(contract.locate((*item.tokens, *map(str, error.instance_path))))
        raise BundleError(f"not a JSON Schema: {error.message:.160}", where=where, hint=MEND) from None
    discriminator = item.value.get("discriminator")
    if discriminator is not None and not _is_discriminator(discriminator):
        where = str(contract.locate((*item.tokens, "discriminator")))
        message = "not a discriminator: a propertyName, and a mapping of values to references"
        raise BundleError(message, where=where, hint=MEND)


def _is_discriminator(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("propertyName"), str):
        return False
    mapping = value.get("mapping", {})
    return isinstance(mapping, dict) and all(isinstance(target, str) for target in mapping.values())


def _check_target(contract: Bundle, item: Item, key: str, target: str) -> None:
    where = str(contract.locate((*item.tokens, *key.split("/", 1))))
    if not target.startswith("#/"):
        raise BundleError(f"{target} is a reference to another document", where=where, hint=HINT)
    try:
        found = resolve(contract.document, to_tokens(target[1:]))
    except LookupError:
        found = None
    if not isinstance(found, dict | bool):
        raise BundleError(f"{target} leads nowhere", where=where, hint=HINT)
    _check_circle(contract, item, where)


def _check_circle(contract: Bundle, item: Item, where: str) -> None:
    """Refuse references that lead to each other, with nothing else between them."""
    seen = set()
    while item.reference is not None and item.kind != "discriminator":
        if item.tokens in seen:
            raise BundleError("the reference leads back to itself", where=where, hint=HINT)
        seen.add(item.tokens)
        tokens = to_tokens(item.reference.removeprefix("#"))
        try:
            value = resolve(contract.document, tokens)
        except LookupError:
            return
        if not isinstance(value, dict) or (item.kind == "schema" and len(value) > 1):
            return
        item = grammar.Item(item.kind, tokens, value)
