"""Which contracts can be compared, and what is said of what is none."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import pytest

from uapi.contract import emit
from uapi.contract.diff import read
from uapi.contract.errors import ContractError

from .documents import BASE, CALL, GONE, PATH, SCHEMAS, edited

if TYPE_CHECKING:
    from pathlib import Path

    from contract.conftest import Contract

    from .documents import Edit


def _refusal(folder: Path, text: str | bytes) -> str:
    path = folder / "b.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ContractError) as caught:
        read.load(path, PurePosixPath("b.yaml"))
    assert caught.value.hint
    return str(caught.value).partition("\n")[0]


TEXTS: Final[dict[str, tuple[str | bytes, str]]] = {
    "nothing": ("", "b.yaml:1: empty"),
    "a list": ("- a\n", "b.yaml:1: not an OpenAPI 3.1 document"),
    "another version": ('a: 1\nopenapi: "3.0.3"\n', "b.yaml:2: not an OpenAPI 3.1 document"),
    "no YAML": ("openapi: [\n", "b.yaml:2: not YAML"),
    "no UTF-8": (b"openapi: 3.1.1\ninfo: \xff\n", "b.yaml:2: not UTF-8"),
    "the same key twice": ("openapi: 3.1.1\nopenapi: 3.1.1\n", "b.yaml:2: the key 'openapi' is there already"),
    "no version": ("openapi: 3.1.1\ninfo:\n  title: a\npaths: {}\n", "b.yaml:2: not valid OpenAPI 3.1"),
}


@pytest.mark.parametrize("what", TEXTS)
def test_a_file_that_is_no_bundle_is_refused_at_its_line(tmp_path: Path, what: str) -> None:
    text, said = TEXTS[what]
    assert _refusal(tmp_path, text).startswith(said)


EDITS: Final[dict[str, tuple[Edit, str, str]]] = {
    "a reference to a file": ((f"{CALL}/id", {"$ref": "Id.yaml"}), "$ref: Id.yaml", "another document"),
    "a reference to nothing": ((f"{CALL}/id", {"$ref": "#/components/schemas/No"}), "schemas/No", "leads nowhere"),
    "a reference to a text": ((f"{CALL}/id", {"$ref": "#/info/title"}), "#/info/title", "leads nowhere"),
    "a reference to itself": ((f"{SCHEMAS}/Id", {"$ref": "#/components/schemas/Id"}), "", "leads back to itself"),
    "parameters that are no list": ((f"{PATH}/get/parameters", 5), "parameters: 5", "not valid OpenAPI 3.1"),
    "properties that are no object": ((f"{SCHEMAS}/Call/properties", [1]), "properties:", "not a JSON Schema"),
    "a type that is none": ((f"{CALL}/state/type", "text"), "type: text", "not a JSON Schema"),
    "a mapping to nothing": (
        (f"{SCHEMAS}/Action/discriminator/mapping/Stop", "Stop"),
        "Stop: Stop",
        "another document",
    ),
    "a discriminator that is none": ((f"{SCHEMAS}/Action/discriminator", []), "discriminator:", "not a discriminator"),
    "no description": ((f"{PATH}/get/responses/404/description", GONE), '"404":', "not valid OpenAPI 3.1"),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_contract_that_cannot_be_compared_is_refused_at_its_line(tmp_path: Path, what: str) -> None:
    edit, line, said = EDITS[what]
    text = emit.to_yaml(edited(edit))
    message = _refusal(tmp_path, text)
    file, number, words = message.split(":", 2)
    assert file == "b.yaml"
    assert line in text.splitlines()[int(number) - 1]
    assert said in words


def test_json_is_read_as_well_and_its_lines_are_known(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(BASE, indent=2), encoding="utf-8")
    contract = read.load(tmp_path / "b.json", PurePosixPath("b.json"))
    assert (contract.version, contract.bundle.document) == ("1.4.2", BASE)
    assert str(contract.bundle.locate(("info", "version"))) == "b.json:5"


def _keep(contract: Contract, name: str, version: str) -> None:
    document: dict[str, Any] = edited(("/info/version", version))
    contract.write(f"released/{name}", emit.to_yaml(document))


def test_a_name_is_a_version_a_file_or_the_working_tree(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep(contract, "1.0.0.yaml", "1.0.0")
    (tmp_path / "b.yaml").write_text(emit.to_yaml(BASE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    project = contract.project
    names = ["1.0.0", "b.yaml", str(tmp_path / "b.yaml"), "-", None]
    assert [read.read(project, name).version for name in names] == ["1.0.0", "1.4.2", "1.4.2", "1.2.3", "1.2.3"]
    with pytest.raises(ContractError, match=r"9\.9\.9: no such file, and no such version\n.* \(1\.0\.0\)"):
        read.read(project, "9.9.9")


def test_releases_are_ordered_by_number(contract: Contract) -> None:
    for version in ("0.9.0", "0.10.0", "0.2.11"):
        _keep(contract, f"{version}.yaml", version)
    assert [str(version) for version in read.released(contract.project)] == ["0.2.11", "0.9.0", "0.10.0"]
    last = read.last_released(contract.project)
    assert last is not None
    assert last.name == "openapi/released/0.10.0.yaml"


@pytest.mark.parametrize("name", ["notes.md", "1.0.yaml", "01.0.0.yaml", "1.0.0.json", "1.0.0-rc.1.yaml"])
def test_a_file_that_is_no_release_is_refused(contract: Contract, name: str) -> None:
    _keep(contract, name, "1.0.0")
    with pytest.raises(ContractError, match="the name of the file is no version"):
        read.released(contract.project)


def test_a_release_under_another_name_is_refused(contract: Contract) -> None:
    _keep(contract, "1.0.0.yaml", "1.0.1")
    with pytest.raises(ContractError, match=r"1\.0\.0\.yaml:4: info\.version is '1\.0\.1'"):
        read.last_released(contract.project)
