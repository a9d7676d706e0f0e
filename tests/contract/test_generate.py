"""Writing `generated/`: all of it or nothing, and the same bytes everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import uapi
from uapi.contract import codegen, generate
from uapi.contract.errors import CodegenError, ContractError

if TYPE_CHECKING:
    from .conftest import Contract, Uapi

SOURCES = str(Path(uapi.__file__).parents[1])
COMMAND = (sys.executable, "-m", "uapi.cli", "contract")


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _without_codegen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the code generator, which takes seconds, where a test is about something else."""
    monkeypatch.setattr(codegen, "generate", lambda _project, _stage: None)


def test_the_output_is_the_same_bytes_wherever_it_is_made(contract: Contract, tmp_path: Path) -> None:
    """Two folders, of different depth, with different surroundings, and a misleading pyproject.toml above one."""
    other = tmp_path / "another place" / "with ünïcode" / "project"
    shutil.copytree(contract.root, other)
    (other.parent / "pyproject.toml").write_text("[tool.datamodel-codegen]\nuse-double-quotes = false\n")
    surroundings = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/New_York", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0", "COLUMNS": "40"},
    ]
    runs = [
        subprocess.Popen([*COMMAND, "generate"], cwd=folder, env=os.environ | environment | {"PYTHONPATH": SOURCES})  # noqa: S603 - our own command
        for folder, environment in zip((contract.root, other), surroundings, strict=True)
    ]
    assert [run.wait(timeout=60) for run in runs] == [0, 0]
    first, second = _tree(contract.root / "generated"), _tree(other / "generated")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    _assert_complete(first)
    _assert_importable(contract.root / "generated")
    assert sorted(path.name for path in contract.root.iterdir()) == ["generated", "openapi", "pyproject.toml"]


def _assert_complete(tree: dict[str, bytes]) -> None:
    package = "uapi_phonecalls/"
    expected = {
        "openapi.yaml",
        "openapi.json",
        "openapi-3.0.yaml",
        "postman_collection.json",
        "reference.md",
        "requirements.json",
        "requirements.schema.json",
        "schemas/Call.json",
        f"{package}__init__.py",
        f"{package}py.typed",
        f"{package}models.py",
        f"{package}data/openapi.json",
        f"{package}data/requirements.json",
        f"{package}server/main.py",
        f"{package}services/calls.py",
        f"{package}client/__init__.py",
    }
    assert expected <= tree.keys()
    assert tree["openapi.json"] == tree[f"{package}data/openapi.json"]
    assert tree["requirements.json"] == tree[f"{package}data/requirements.json"]
    assert tree["openapi.yaml"].startswith(b"# Generated from openapi/ by `uapi contract generate`")
    for name, data in tree.items():
        assert b"\r" not in data, name
        assert b".generated-" not in data, f"{name} names the temporary folder"
        if data:
            assert data.endswith(b"\n") or name.endswith("openapi.json"), name


def _assert_importable(generated: Path) -> None:
    """Import the package, use it, and see that the models refuse null for a field that may be left out."""
    code = """
import json, uapi_phonecalls, uapi_phonecalls.client, uapi_phonecalls.server
from pydantic import TypeAdapter, ValidationError
from uapi_phonecalls import models
contract, register = uapi_phonecalls.load_contract(), uapi_phonecalls.load_requirements()
start = TypeAdapter(models.Action).validate_json('{"action": "Start"}')
try:
    TypeAdapter(models.Action).validate_json('{"action": "Start", "format": null}')
    refused = False
except ValidationError:
    refused = True
print(json.dumps([uapi_phonecalls.__version__, contract["info"]["title"], len(register["requirements"]),
                  start.format, refused]))
"""
    environment = os.environ | {"PYTHONPATH": str(generated), "PYTHONDONTWRITEBYTECODE": "1"}
    output = subprocess.check_output([sys.executable, "-c", code], env=environment, cwd=generated)  # noqa: S603 - as above
    assert json.loads(output) == ["1.2.3", "Small", 3, "wav", True]


def test_check_names_each_file_that_is_not_what_the_contract_yields(contract: Contract, run: Uapi) -> None:
    assert run("contract", "generate", "--root", contract.root).code == 0
    fresh = run("contract", "check", "--root", contract.root)
    assert (fresh.code, fresh.out) == (0, "generated/ is what the contract yields\n")

    generated = contract.root / "generated"
    (generated / "uapi_phonecalls" / "models.py").unlink()
    (generated / "uapi_phonecalls" / "more.py").write_text("")
    (generated / "__pycache__").mkdir()
    (generated / "__pycache__" / "models.pyc").write_text("")
    contract.edit("components/examples/Call.yaml", "summary: A call.", "summary: One call.")
    stale = run("contract", "check", "--root", contract.root)
    assert stale.code == 1
    lines = stale.out.splitlines()
    assert "generated/uapi_phonecalls/models.py: the file is missing" in lines
    assert "generated/uapi_phonecalls/more.py: the contract yields no such file" in lines
    assert '  expected: \'        "summary": "One call.",\\n\'' in lines
    assert '  found:    \'        "summary": "A call.",\\n\'' in lines
    assert [line.partition(":")[0] for line in lines if "differs" in line] == [
        "generated/openapi-3.0.yaml",
        "generated/openapi.json",
        "generated/openapi.yaml",
        "generated/reference.md",
        "generated/uapi_phonecalls/data/openapi.json",
        "generated/uapi_phonecalls/server/_generated/openapi.json",
    ]
    assert lines[-1].endswith("Run: make generate")


@pytest.mark.parametrize(
    "name", ["openapi-3.0.yaml", "postman_collection.json", "reference.md", "schemas/Call.json", "openapi.yaml"]
)
def test_check_sees_a_changed_byte_in_every_form_of_the_contract(
    contract: Contract, run: Uapi, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _without_codegen(monkeypatch)
    generate.generate(contract.project)
    file = contract.root / "generated" / name
    data = file.read_bytes()
    file.write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    stale = run("contract", "check", "--root", contract.root)
    assert stale.code == 1
    last = len(data.splitlines())
    assert stale.out.startswith(f"generated/{name}:{last}: the file differs from what the contract yields\n")


def test_files_that_are_no_longer_generated_are_removed(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    _without_codegen(monkeypatch)
    old = contract.root / "generated" / "old" / "file.txt"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    generate.generate(contract.project)
    assert not old.parent.exists()
    assert (contract.root / "generated" / "openapi.yaml").is_file()


@pytest.mark.parametrize("fault", ["contract", "generator", "swap", "interrupt"])
def test_a_failure_leaves_what_was_there(contract: Contract, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    _without_codegen(monkeypatch)
    generate.generate(contract.project)
    before = _tree(contract.root)
    expected: type[BaseException] = ContractError
    if fault == "contract":
        (contract.root / "openapi" / "paths" / "calls@{callId}.yaml").write_text("get: [\n")
        before = _tree(contract.root)
    elif fault == "generator":
        monkeypatch.setattr(codegen, "generate", _raise(CodegenError("no")))
    elif fault == "swap":
        _fail_to_rename(monkeypatch, "generated", OSError(13, "Permission denied"))
    else:
        expected = KeyboardInterrupt
        _fail_to_rename(monkeypatch, "generated", KeyboardInterrupt())
    with pytest.raises(expected):
        generate.generate(contract.project)
    assert _tree(contract.root) == before


def _raise(error: BaseException) -> object:
    def raise_it(*_arguments: object, **_keywords: object) -> None:
        raise error

    return raise_it


def _fail_to_rename(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException) -> None:
    """Fail where the result is put in place: after the old folder was moved away, and only once."""
    rename = Path.rename
    failed: list[Path] = []

    def fail(self: Path, target: Path) -> Path:
        if Path(target).name == name and not failed:
            failed.append(self)
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)


def test_a_folder_that_cannot_be_written_to_is_named(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.mkdtemp", _raise(PermissionError(13, "Permission denied")))
    with pytest.raises(ContractError) as caught:
        generate.generate(contract.project)
    assert caught.value.where == str(contract.root)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (None, "there is no pyproject.toml"),
        ("[tool.datamodel-codegen]\n", "there is no [tool.datamodel-codegen.jobs]"),
        ("[tool\n", "cannot be read"),
        (
            '[tool.datamodel-codegen.jobs.x]\ninput = "generated/openapi.json"\noutput = "x"\npreset = "no-such"\n',
            "no-such",
        ),
    ],
)
def test_options_that_cannot_be_used_are_named(contract: Contract, options: str | None, message: str) -> None:
    path = contract.root / "pyproject.toml"
    path.unlink() if options is None else path.write_text(options)
    with pytest.raises(CodegenError) as caught:
        generate.generate(contract.project)
    assert message in str(caught.value).replace("_", "-")
    assert caught.value.where
    assert caught.value.hint
    assert not (contract.root / "generated").exists()
