"""Put the files of the contract together as one document, and remember where each part of it came from."""

from __future__ import annotations

import copy
import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from uapi.contract import grammar, source
from uapi.contract.errors import BrokenReferenceError, NameClashError, SourceError
from uapi.contract.grammar import COMPONENTS, Item
from uapi.contract.location import Location, Tokens, resolve, to_pointer, to_tokens
from uapi.contract.project import ROOT_DOCUMENT, SOURCE
from uapi.contract.references import Reference, Resolver, check_cycles, check_targets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePosixPath

    from uapi.contract.project import Project
    from uapi.contract.source import SourceFile

OPENAPI: Final = ("3.1.0", "3.1.1", "3.1.2")
COMPONENT_DEPTH: Final = len((SOURCE / "components" / "kind" / "Name.yaml").parts)
PATH_DEPTH: Final = len((SOURCE / "paths" / "name.yaml").parts)


@dataclass(frozen=True)
class Bundle:
    """The contract as one OpenAPI document, whose every node can be traced to a line of a file."""

    document: dict[str, Any]
    mounts: Mapping[Tokens, SourceFile] = field(repr=False)
    references: tuple[Reference, ...] = field(repr=False)
    files: tuple[PurePosixPath, ...] = field(repr=False)
    """Every file under `openapi/`, whether it became a part of the document or not."""

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every object of the document."""
        return tuple(grammar.walk(self.document))

    @cached_property
    def operations(self) -> tuple[Item, ...]:
        """Every operation of the document's paths."""
        return tuple(item for item in self.items if item.kind == "operation" and item.tokens[0] == "paths")

    def locate(self, tokens: Tokens) -> Location:
        """Return the line that a node came from, or that of the nearest node around it."""
        for length in range(len(tokens), -1, -1):
            mounted = self.mounts.get(tokens[:length])
            if mounted is not None:
                return mounted.locate(tokens[length:])
        return Location(ROOT_DOCUMENT, 1)

    def locate_pointer(self, pointer: str) -> Location:
        """Return the line that the node at a JSON pointer came from."""
        return self.locate(to_tokens(pointer))

    def follow(self, item: Item) -> Item:
        """Return what an item says: itself, or the one that its references lead to."""
        while item.reference is not None:
            tokens = to_tokens(item.reference.removeprefix("#"))
            value = resolve(self.document, tokens)
            if not isinstance(value, dict):
                break
            item = Item(item.kind, tokens, value)
        return item


def bundle(project: Project) -> Bundle:
    """Read `openapi/` and return it as one document."""
    files = tuple(source.files(project))
    root = source.read(project, ROOT_DOCUMENT)
    _check_root(root)
    return _Bundler(project, root, files).bundle()


def _check_root(root: SourceFile) -> None:
    """Refuse a root document without the little that everything else relies on; `lint` looks at the rest."""
    if not isinstance(root.data, dict) or root.data.get("openapi") not in OPENAPI:
        where = str(root.locate(("openapi",)))
        raise SourceError("not an OpenAPI 3.1 document", where=where, hint=f"Begin it with 'openapi: {OPENAPI[-2]}'.")
    info = root.data.get("info")
    for key in ("title", "version"):
        if not isinstance(info, dict) or not isinstance(info.get(key), str):
            where = str(root.locate(("info", key)))
            raise SourceError(f"info.{key} is missing, or no string", where=where, hint="Write it, in quotes.")
    for tokens in (("paths",), ("components",), *(("components", section) for section in COMPONENTS)):
        try:
            value = resolve(root.data, tokens)
        except LookupError:
            continue
        if not isinstance(value, dict):
            where = str(root.locate(tokens))
            raise SourceError(f"{'.'.join(tokens)} is no object", where=where, hint="Write names and values below it.")


class _Bundler:
    """Holds what is known while the parts are put together."""

    def __init__(self, project: Project, root: SourceFile, files: tuple[PurePosixPath, ...]) -> None:
        self.project: Final = project
        self.files: Final = files
        self.mounts: Final[dict[Tokens, SourceFile]] = {(): root}
        self.document: Final[dict[str, Any]] = copy.deepcopy(root.data)  # type: ignore[arg-type] # _check_root looked
        self.references: Final[list[Reference]] = []

    def bundle(self) -> Bundle:
        self._mount_paths()
        self._mount_components()
        resolver = Resolver({mounted.path: tokens for tokens, mounted in self.mounts.items()})
        result = Bundle(self.document, self.mounts, (), self.files)
        for item in result.items:
            self._rewrite(result, item, resolver)
        check_targets(self.document, result.items, self.references)
        check_cycles(result.items, self.references)
        return Bundle(self.document, self.mounts, tuple(self.references), self.files)

    def _mount_paths(self) -> None:
        paths = self.document.get("paths", {})
        mounted: dict[PurePosixPath, str] = {}
        root = self.mounts[()]
        resolver = Resolver({path: ("paths",) for path in self.files if _is_path(path)})
        for name, item in paths.items():
            reference = item.get("$ref") if isinstance(item, dict) else None
            if not isinstance(reference, str) or not posixpath.normpath(reference).startswith("paths/"):
                continue
            reference = unquote(reference)
            at = root.locate(("paths", name, "$ref"))
            if len(item) > 1:
                message = f"the path {name} has other keys beside its $ref, which readers of OpenAPI ignore"
                raise BrokenReferenceError(message, where=str(at), hint="Move them into the file.")
            file = resolver.file(reference, at)
            if file in mounted:
                message = f"{file} is the file of two paths, {mounted[file]} and {name}"
                raise NameClashError(message, where=str(at), hint="Give each path a file of its own.")
            mounted[file] = name
            self._mount(("paths", name), file)
            paths[name] = copy.deepcopy(self.mounts["paths", name].data)

    def _mount_components(self) -> None:
        components = self.document.pop("components", {})
        own = {section: components.get(section, {}) for section in COMPONENTS}
        for section, name, file in sorted(_components(self.files)):
            self._check_name(section, name, file, own)
            own[section].pop(name, None)
            self._mount(("components", section, name), file)
        sections: dict[str, dict[str, object]] = {}
        for section in COMPONENTS:
            named = {
                tokens[2]: mounted.data
                for tokens, mounted in self.mounts.items()
                if tokens[:2] == ("components", section)
            }
            named |= own[section]
            if named:
                sections[section] = {name: copy.deepcopy(named[name]) for name in sorted(named)}
        extensions = {key: value for key, value in components.items() if key not in COMPONENTS}
        if sections or extensions:
            self.document["components"] = {**sections, **extensions}

    def _check_name(self, section: str, name: str, file: PurePosixPath, own: Mapping[str, Mapping[str, Any]]) -> None:
        """Refuse a name that another file, or the root document, gives as well."""
        written = own[section].get(name)
        if written is not None and written != {"$ref": str(file.relative_to(SOURCE))}:
            where = str(self.mounts[()].locate(("components", section, name)))
            message = f"{file} has the name of this component, {section}/{name}"
            raise NameClashError(message, where=where, hint="Keep one of the two, or rename one.")
        for tokens, mounted in self.mounts.items():
            if tokens[:2] == ("components", section) and tokens[2].lower() == name.lower():
                message = f"{section}/{name} differs from {mounted.path} in the case of its letters only"
                hint = "Rename one of the two: some file systems take them for the same file."
                raise NameClashError(message, where=f"{file}:1", hint=hint)

    def _mount(self, tokens: Tokens, file: PurePosixPath) -> None:
        mounted = source.read(self.project, file)
        if not isinstance(mounted.data, dict | bool):
            where = str(mounted.locate(()))
            raise SourceError("neither an object nor a reference", where=where, hint="Write keys and values.")
        self.mounts[tokens] = mounted

    def _rewrite(self, result: Bundle, item: Item, resolver: Resolver) -> None:
        """Make the references of an object ones of the bundle."""
        if item.kind == "discriminator":
            self._rewrite_mapping(result, item, resolver)
            return
        keys = [("$ref", item.kind)] if item.kind != "link" else [("$ref", item.kind), ("operationRef", "operation")]
        for key, kind in keys:
            text = item.value.get(key)
            if isinstance(text, str):
                at = result.locate((*item.tokens, key))
                target = resolver.target(text, at)
                self.references.append(Reference(item.tokens, at, kind, text, target))  # type: ignore[arg-type]
                item.value[key] = "#" + to_pointer(target)

    def _rewrite_mapping(self, result: Bundle, item: Item, resolver: Resolver) -> None:
        """Make the values of a discriminator's mapping references; a bare one is the name of a schema."""
        mapping = item.value.get("mapping")
        if not isinstance(mapping, dict):
            return
        for value, text in mapping.items():
            at = result.locate((*item.tokens, "mapping", value))
            if not isinstance(text, str):
                message = f"the mapping of {value} is no reference"
                raise BrokenReferenceError(message, where=str(at), hint="Write the path of a schema's file.")
            bare = not text.endswith(".yaml") and not set(text) & set("/#")
            target = ("components", "schemas", text) if bare else resolver.target(text, at)
            self.references.append(Reference((*item.tokens, "mapping", value), at, "schema", text, target))
            mapping[value] = "#" + to_pointer(target)


def _is_path(file: PurePosixPath) -> bool:
    return len(file.parts) == PATH_DEPTH and file.parts[1] == "paths" and file.suffix == ".yaml"


def _components(files: tuple[PurePosixPath, ...]) -> list[tuple[str, str, PurePosixPath]]:
    """Return section, name and file of every component file."""
    return [
        (file.parts[2], file.stem, file)
        for file in files
        if len(file.parts) == COMPONENT_DEPTH
        and file.parts[1] == "components"
        and file.parts[2] in COMPONENTS
        and file.suffix == ".yaml"
    ]
