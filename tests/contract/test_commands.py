"""The command line: what is printed, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]

from uapi.contract import emit
from uapi.contract.bundle import bundle

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Contract, Uapi

COMMANDS = ("bundle", "generate", "check", "lint", "release")


def test_the_bundle_is_printed_as_yaml_and_as_json(contract: Contract, run: Uapi) -> None:
    as_yaml = run("contract", "bundle", "--root", contract.root)
    as_json = run("contract", "bundle", "--root", contract.root, "--format", "json")
    document = bundle(contract.project).document
    assert (as_yaml.code, as_json.code) == (0, 0)
    assert yaml.safe_load(as_yaml.out) == json.loads(as_json.out) == document
    assert as_json.out == emit.to_json(document)


@pytest.mark.parametrize(("name", "options"), [("b.yaml", ()), ("b.json", ()), ("b", ("--format", "json"))])
def test_the_bundle_is_written_as_the_name_or_the_option_says(
    contract: Contract, run: Uapi, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    outcome = run("contract", "bundle", "--root", contract.root, "--output", tmp_path / name, *options)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.startswith("{" if name.endswith("json") or options else "# Generated")


def test_a_bundle_that_cannot_be_written_is_an_error(contract: Contract, run: Uapi, tmp_path: Path) -> None:
    outcome = run("contract", "bundle", "--root", contract.root, "--output", tmp_path / "no" / "b.yaml")
    assert outcome.code == 2
    assert "b.yaml: cannot be written: No such file" in outcome.err


def test_the_project_is_found_from_a_folder_in_it(
    contract: Contract, run: Uapi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(contract.root / "openapi" / "components" / "schemas")
    assert run("contract", "lint", "--no-redocly").code == 0


def test_a_folder_in_no_project_is_an_error(run: Uapi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    searched = run("contract", "bundle")
    assert searched.code == 2
    assert "there is no openapi/openapi.yaml in it or above it" in searched.err
    named = run("contract", "bundle", "--root", tmp_path / "nowhere")
    assert named.code == 2
    assert "nowhere holds no openapi/openapi.yaml" in named.err


def test_lint_prints_place_rule_and_way_out(contract: Contract, run: Uapi) -> None:
    clean = run("contract", "lint", "--no-redocly", "--root", contract.root)
    assert (clean.code, clean.out) == (0, "no findings\n")
    contract.edit("components/schemas/CallId.yaml", "maxLength: 32\n", "")
    one = run("contract", "lint", "--no-redocly", "--root", contract.root)
    assert one.code == 1
    where = contract.line("components/schemas/CallId.yaml", "pattern")
    assert one.out.splitlines() == [
        f"{where}: pattern-lengths: a pattern without maxLength",
        "  Write minLength and maxLength beside the pattern: the lengths that it allows.",
        "1 finding",
    ]


def test_lint_prints_json(contract: Contract, run: Uapi) -> None:
    contract.edit("components/schemas/CallId.yaml", "maxLength: 32\n", "")
    contract.write("notes.txt", "x")
    outcome = run("contract", "lint", "--no-redocly", "--format", "json", "--root", contract.root)
    assert outcome.code == 1
    assert [sorted(finding) for finding in json.loads(outcome.out)["findings"]] == [
        ["hint", "message", "rule", "where"]
    ] * 2


FAULTS: dict[str, tuple[str, str | bytes, str]] = {
    "broken YAML": (
        "components/schemas/Call.yaml",
        "type: object\nproperties: [\n",
        "openapi/components/schemas/Call.yaml:3",
    ),
    "a duplicate key": ("components/schemas/Call.yaml", "type: a\ntype: b\n", "openapi/components/schemas/Call.yaml:2"),
    "a tab": ("components/schemas/Call.yaml", "a:\n\tb: c\n", "openapi/components/schemas/Call.yaml:2"),
    "bad UTF-8": ("components/schemas/Call.yaml", b"a: \xff\n", "openapi/components/schemas/Call.yaml:1"),
    "an empty root": ("openapi.yaml", "", "openapi/openapi.yaml:1"),
    "an unknown reference": (
        "components/schemas/Call.yaml",
        "$ref: No.yaml\n",
        "openapi/components/schemas/Call.yaml:1",
    ),
    "a circle": ("components/schemas/Call.yaml", "$ref: Call.yaml\n", "openapi/components/schemas/Call.yaml:1"),
    "a clash of names": ("components/schemas/CALL.yaml", "type: object\n", "openapi/components/schemas/Call.yaml:1"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_contract_that_cannot_be_read_is_one_message(contract: Contract, run: Uapi, command: str, fault: str) -> None:
    name, text, where = FAULTS[fault]
    contract.write(name, text)
    outcome = run("contract", command, "--root", contract.root)
    assert (outcome.code, outcome.out) == (2, "")
    message, hint = outcome.err.splitlines()
    assert message.startswith(f"error: {where}: ")
    assert hint.startswith("  ")
    assert not (contract.root / "generated").exists()


@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_requirement_that_is_given_twice_is_one_message(contract: Contract, run: Uapi, command: str) -> None:
    contract.edit("components/schemas/Call.yaml", "CALL-002", "ACT-001")
    outcome = run("contract", command, "--root", contract.root)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {contract.line('components/schemas/Call.yaml', 'ACT-001')}: ")
