"""The last release, the version of the working tree, the next release, and the changelog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]

from uapi.contract import emit
from uapi.contract.bundle import bundle
from uapi.contract.check import check
from uapi.contract.diff.changelog import changelog
from uapi.contract.diff.release import problem, release

if TYPE_CHECKING:
    from contract.conftest import Contract, Uapi

CALL = "components/schemas/Call.yaml"
VERSION = "version: 1.2.3"


@pytest.fixture
def released(contract: Contract) -> Contract:
    """Return the small contract, whose version 1.2.3 is released."""
    release(contract.project)
    return contract


def test_a_release_is_the_bundle(contract: Contract, run: Uapi) -> None:
    outcome = run("contract", "release", "--root", contract.root)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "openapi/released/1.2.3.yaml is the contract from now on: commit and tag it\n"
    text = contract.path("released/1.2.3.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == bundle(contract.project).document
    assert text.startswith("# Released, and never changed again")
    assert check(contract.project) == []
    changes = (contract.root / "generated" / "contract-changelog.md").read_text(encoding="utf-8")
    assert "## 1.2.3\n\nThe first version: 2 operations and 3 requirements.\n" in changes


def test_a_version_is_released_once(released: Contract, run: Uapi) -> None:
    before = released.path("released/1.2.3.yaml").read_bytes()
    released.edit(CALL, "description: A call.", "description: The call.")
    outcome = run("contract", "release", "--root", released.root)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines() == [
        f"error: {released.line('openapi.yaml', 'version:')}: 1.2.3 is released already",
        "  A release is never changed: write the next version in openapi/openapi.yaml.",
    ]
    assert released.path("released/1.2.3.yaml").read_bytes() == before


def test_a_release_whose_version_is_too_small_is_refused(released: Contract, run: Uapi) -> None:
    released.edit("openapi.yaml", VERSION, "version: 1.3.0")
    released.edit(CALL, "required:\n  - id\n", "")
    outcome = run("contract", "release", "--root", released.root)
    assert (outcome.code, outcome.out) == (2, "")
    assert "demand a major version after 1.2.3: 2.0.0 or later. It is 1.3.0, which is not enough" in outcome.err
    assert [path.name for path in released.path("released").iterdir()] == ["1.2.3.yaml"]


@pytest.mark.parametrize("version", ["1.2", "next"])
def test_a_release_needs_a_version(contract: Contract, run: Uapi, version: str) -> None:
    contract.edit("openapi.yaml", VERSION, f'version: "{version}"')
    outcome = run("contract", "release", "--root", contract.root)
    assert (outcome.code, f"info.version is {version!r}, which is no version" in outcome.err) == (2, True)
    assert not contract.path("released").exists()


def test_the_check_passes_while_the_version_is_enough(released: Contract) -> None:
    released.edit("openapi.yaml", VERSION, "version: 1.2.4")
    released.edit(CALL, "description: A call.", "description: The call.")
    assert problem(released.project) is None


def test_the_check_names_the_changes_that_the_version_is_too_small_for(released: Contract, run: Uapi) -> None:
    released.edit("openapi.yaml", VERSION, "version: 1.2.4")
    released.edit(CALL, "description: A call.", "description: The call.")
    released.edit(CALL, "required:\n  - id\n", "")
    assert run("contract", "generate", "--root", released.root).code == 0
    outcome = run("contract", "check", "--root", released.root)
    assert (outcome.code, outcome.err) == (1, "")
    verdict = "The changes demand a major version after 1.2.3: 2.0.0 or later. It is 1.2.4, which is not enough."
    assert outcome.out.splitlines() == [
        "generated/ is what the contract yields",
        f"  {released.line(CALL, 'id:')}: Call.id is optional now",
        "    property-optional /components/schemas/Call/properties/id in getCall, updateCall",
        f"{released.line('openapi.yaml', 'version:')}: {verdict}",
        "  Write version: 2.0.0 there, then run: make generate",
    ]


def test_the_check_names_some_of_many_changes(released: Contract) -> None:
    more = "".join(f"  more{number}:\n    type: string\n    description: More.\n" for number in range(30))
    released.edit(CALL, "properties:\n", f"properties:\n{more}")
    lines = (problem(released.project) or "").splitlines()
    assert len([line for line in lines if line.endswith("is new, and optional")]) == 20
    assert "  and 10 more: uapi contract diff" in lines


def test_the_changelog_tells_each_version_from_the_one_before(released: Contract) -> None:
    def titles() -> list[str]:
        lines = changelog(released.project, bundle(released.project)).splitlines()
        return [line for line in lines if line.startswith(("## ", "- "))]

    assert titles() == ["## 1.2.3"]
    released.edit(CALL, "properties:\n", "properties:\n  more:\n    type: string\n    description: More.\n")
    released.edit("openapi.yaml", VERSION, "version: 1.3.0")
    new = "- Call.more is new, and optional (`getCall`, `updateCall`)"
    assert titles() == ["## 1.3.0, not released", new, "## 1.2.3"]
    release(released.project)
    assert titles() == ["## 1.3.0", new, "## 1.2.3"]
    released.edit(CALL, "required:\n  - id\n", "required:\n  - id\n  - more\n")
    gone = "- Call.more is required now (`getCall`, `updateCall`)"
    assert titles() == ["## 1.3.0, not released", gone, "## 1.3.0", new, "## 1.2.3"]


def test_a_contract_that_was_never_released_has_a_changelog(contract: Contract) -> None:
    text = changelog(contract.project, bundle(contract.project))
    assert text.endswith("## 1.2.3, not released\n\nThe first version: 2 operations and 3 requirements.\n")


def test_a_folder_that_cannot_be_written_to_is_one_message(contract: Contract, run: Uapi) -> None:
    contract.write("released", "a file")
    outcome = run("contract", "release", "--root", contract.root)
    assert (outcome.code, outcome.out) == (2, "")
    assert "released/1.2.3.yaml: cannot be written" in outcome.err


def test_a_release_reads_back_as_it_was_written(released: Contract) -> None:
    text = released.path("released/1.2.3.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("\n")
    assert emit.to_yaml(yaml.safe_load(text)) == rest
    assert head.startswith("#")
