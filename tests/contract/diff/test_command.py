"""`uapi contract diff`, as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from uapi.contract import emit
from uapi.contract.diff.release import release

from .documents import BASE, CALL, START, edited

if TYPE_CHECKING:
    from contract.conftest import Contract, Uapi

REPOSITORY: Final = Path(__file__).parents[3]
CLIENTS: Final = (f"{CALL}/state/enum/-", "parked")
SERVERS: Final = (f"{START}/format/enum/-", "mp3")
WORDS: Final = ("/info/description", "Of calls.")
ENOUGH: Final = ("/info/version", "2.0.0")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contract: Contract) -> Path:
    """Return the current folder, with a bundle in it, inside a project."""
    monkeypatch.chdir(contract.root)
    (contract.root / "old.yaml").write_text(emit.to_yaml(BASE), encoding="utf-8")
    assert contract.root.is_relative_to(tmp_path)
    return contract.root


def _write(folder: Path, *edits: tuple[str, object]) -> None:
    (folder / "new.yaml").write_text(emit.to_yaml(edited(*edits)), encoding="utf-8")


def test_the_same_contract_has_no_changes(folder: Path, run: Uapi) -> None:
    outcome = run("contract", "diff", folder / "old.yaml", "old.yaml", "--fail-on", "change")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.endswith(
        "0 changes\n\nThe contracts say the same: 1.4.2 or later. It is 1.4.2, which is enough.\n"
    )


@pytest.mark.parametrize(
    ("edits", "fail_on", "code"),
    [
        ((CLIENTS,), None, 1),
        ((WORDS,), None, 1),
        ((CLIENTS, ENOUGH), None, 0),
        ((CLIENTS, ENOUGH), "clients", 1),
        ((CLIENTS, ENOUGH), "servers", 0),
        ((CLIENTS, ENOUGH), "breaking", 1),
        ((SERVERS, ENOUGH), "clients", 0),
        ((SERVERS, ENOUGH), "servers", 1),
        ((SERVERS, ENOUGH), "breaking", 1),
        ((WORDS, ENOUGH), "breaking", 0),
        ((WORDS, ENOUGH), "change", 1),
        ((ENOUGH,), "change", 0),
    ],
)
def test_the_exit_code_tells_what_it_was_asked(
    folder: Path, run: Uapi, edits: tuple[tuple[str, object], ...], fail_on: str | None, code: int
) -> None:
    _write(folder, *edits)
    options = ("--fail-on", fail_on) if fail_on else ()
    for form in ("text", "json", "markdown"):
        outcome = run("contract", "diff", "old.yaml", "new.yaml", "--format", form, *options)
        assert (outcome.code, outcome.err) == (code, "")


def test_json_is_printed_alone(folder: Path, run: Uapi) -> None:
    _write(folder, CLIENTS)
    outcome = run("contract", "diff", "old.yaml", "new.yaml", "--format", "json")
    changes = json.loads(outcome.out)["changes"]
    assert [change["new"]["where"].partition(":")[0] for change in changes] == ["new.yaml"]


def test_without_names_the_last_release_is_compared_with_the_working_tree(
    folder: Path, run: Uapi, contract: Contract
) -> None:
    nothing = run("contract", "diff")
    assert (nothing.code, nothing.out) == (2, "")
    assert "nothing is released yet" in nothing.err
    release(contract.project)
    contract.edit("components/schemas/Call.yaml", "required:\n  - id\n", "")
    outcome = run("contract", "diff")
    assert outcome.code == 1
    assert outcome.out.startswith("1.2.3 (openapi/released/1.2.3.yaml) -> 1.2.3 (the working tree): 1 change\n")
    assert f"{contract.line('components/schemas/Call.yaml', 'id:')}: Call.id is optional now" in outcome.out
    assert outcome.out == run("contract", "diff", "1.2.3", "-").out
    assert folder == contract.root


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("no.yaml",), "no.yaml: no such file, and no such version"),
        (("old.yaml", "9.9.9"), "9.9.9: no such file, and no such version"),
        (("old.yaml", "openapi"), "openapi: no such file"),
        (("pyproject.toml",), "pyproject.toml:2: not YAML"),
    ],
)
def test_a_name_of_nothing_is_one_message(folder: Path, run: Uapi, names: tuple[str, ...], said: str) -> None:
    outcome = run("contract", "diff", *names)
    assert (outcome.code, outcome.out) == (2, "")
    message, hint = outcome.err.splitlines()
    assert message.startswith(f"error: {said}")
    assert hint.startswith("  ")
    assert folder.is_dir()


def test_an_unknown_format_is_a_usage_error(folder: Path, run: Uapi) -> None:
    outcome = run("contract", "diff", "old.yaml", "old.yaml", "--format", "html")
    assert (outcome.code, "'html' is not one of" in outcome.err) == (2, True)
    assert folder.is_dir()


def test_the_version_of_this_contract_is_enough_since_its_last_release(run: Uapi) -> None:
    outcome = run("contract", "diff", "--root", REPOSITORY)
    assert (outcome.code, outcome.err) == (0, "")
