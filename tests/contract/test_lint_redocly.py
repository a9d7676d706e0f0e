"""Redocly: its report is traced to the files, and what it needs is named where it is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from uapi.contract.bundle import bundle
from uapi.contract.errors import ToolError
from uapi.contract.lint.redocly import CLI, findings, translate
from uapi.contract.lint.rule import Context

if TYPE_CHECKING:
    from .conftest import Contract

NODE = Path(__file__).parents[2] / "scripts" / "node"


def _problem(pointer: str, **more: Any) -> dict[str, Any]:
    return {"ruleId": "a-rule", "message": "It is wrong.", "location": [{"pointer": pointer}], "suggest": [], **more}


@pytest.mark.parametrize(
    ("pointer", "file", "text"),
    [
        ("#/components/schemas/CallId/pattern", "components/schemas/CallId.yaml", "pattern"),
        ("#/paths/~1calls~1{callId}/get/summary", "paths/calls@{callId}.yaml", "summary"),
        ("#/paths/~1calls~1{callId}/get/nothing", "paths/calls@{callId}.yaml", "get:"),
        ("#/", "openapi.yaml", "openapi:"),
    ],
)
def test_a_problem_is_traced_to_its_line(contract: Contract, pointer: str, file: str, text: str) -> None:
    report = {"problems": [_problem(pointer, reference="https://rules.test/a-rule", suggest=["that"])]}
    (finding,) = translate(report, bundle(contract.project))
    assert (finding.rule, str(finding.where)) == ("redocly-a-rule", contract.line(file, text))
    assert finding.message == "It is wrong."
    assert finding.hint == "Perhaps that is meant. See https://rules.test/a-rule"


def test_a_problem_without_a_place_is_one_of_the_root_document(contract: Contract) -> None:
    (finding,) = translate({"problems": [_problem("", location=[])]}, bundle(contract.project))
    assert str(finding.where) == "openapi/openapi.yaml:1"
    assert finding.hint


def _tool(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def _fails(contract: Contract, monkeypatch: pytest.MonkeyPatch, folder: Path) -> ToolError:
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(ToolError) as caught:
        list(findings(Context(contract.project, bundle(contract.project))))
    assert "--no-redocly" in (caught.value.hint or "")
    return caught.value


def test_a_missing_node_is_named(contract: Contract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "Node, which is not installed" in _fails(contract, monkeypatch, tmp_path / "bin").message


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins for node and npm are shell scripts")
class TestStandIns:
    """A node and an npm that do what the test wants."""

    @pytest.mark.parametrize("version", ["v18.20.1", "v20.18.3", "what?", ""])
    def test_an_old_node_is_named(
        self, contract: Contract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str
    ) -> None:
        _tool(tmp_path / "bin", "node", f"echo '{version}'")
        assert "needs Node 20.19 or newer" in _fails(contract, monkeypatch, tmp_path / "bin").message

    def test_a_missing_package_json_is_named(
        self, contract: Contract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        _tool(tmp_path / "bin", "node", "echo v22.12.0")
        assert "no version of @redocly/cli" in _fails(contract, monkeypatch, tmp_path / "bin").message

    def test_a_failing_installation_is_named(
        self, contract: Contract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        self._pin(contract)
        _tool(tmp_path / "bin", "node", "echo v22.12.0")
        assert "npm is not there" in _fails(contract, monkeypatch, tmp_path / "bin").message
        _tool(tmp_path / "bin", "npm", "echo no network >&2; exit 1")
        assert "npm could not install redocly: no network" in _fails(contract, monkeypatch, tmp_path / "bin").message

    def test_a_run_without_a_report_is_named(
        self, contract: Contract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        self._pin(contract, installed=True)
        _tool(tmp_path / "bin", "node", '[ "$1" = --version ] && echo v22.12.0 || { echo Boom >&2; exit 7; }')
        assert "ended with 7 and no report: Boom" in _fails(contract, monkeypatch, tmp_path / "bin").message

    def test_redocly_sees_a_private_home_and_no_secrets(
        self, contract: Contract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        self._pin(contract, installed=True)
        seen = tmp_path / "seen"
        _tool(
            tmp_path / "bin",
            "node",
            f'[ "$1" = --version ] && echo v22.12.0 || {{ export -p > {seen}; echo \'{{"problems": []}}\'; }}',
        )
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        monkeypatch.setenv("REDOCLY_AUTHORIZATION", "secret")
        assert list(findings(Context(contract.project, bundle(contract.project)))) == []
        text = seen.read_text()
        assert "REDOCLY_TELEMETRY='off'" in text.replace('"', "'")
        assert "secret" not in text
        assert f"HOME='{Path.home()}'" not in text.replace('"', "'")

    @staticmethod
    def _pin(contract: Contract, *, installed: bool = False) -> None:
        contract.project.node.mkdir(parents=True)
        for name in ("package.json", "redocly.yaml"):
            shutil.copyfile(NODE / name, contract.project.node / name)
        if installed:
            (contract.project.node / CLI).mkdir(parents=True)
            (contract.project.node / CLI / "package.json").write_text('{"version": "2.77.0"}')


@pytest.mark.skipif(not (NODE / CLI).is_dir() or shutil.which("node") is None, reason="redocly is not installed here")
def test_redocly_itself_is_traced_to_the_files(contract: Contract) -> None:
    contract.project.node.parent.mkdir()
    contract.project.node.symlink_to(NODE, target_is_directory=True)
    context = Context(contract.project, bundle(contract.project))
    assert list(findings(context)) == []
    contract.edit("components/schemas/CallId.yaml", "type: string", "type: strin")
    found = {
        (found.rule, str(found.where)): found.hint
        for found in findings(Context(contract.project, bundle(contract.project)))
    }
    where = contract.line("components/schemas/CallId.yaml", "type: strin")
    assert "string" in found["redocly-struct", where]
