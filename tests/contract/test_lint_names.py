"""Files are named after what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Contract


def test_a_path_in_a_file_of_another_name_is_found(contract: Contract) -> None:
    contract.rename("paths/calls@{callId}.yaml", "paths/call.yaml")
    contract.edit("openapi.yaml", "paths/calls@{callId}.yaml", "paths/call.yaml")
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("path-file-name", "openapi/paths/call.yaml:1")
    assert finding.message == "the file of the path /calls/{callId} should be named calls@{callId}.yaml"
    assert finding.hint


def test_a_path_in_no_file_of_its_own_is_found(contract: Contract) -> None:
    text = contract.path("paths/calls@{callId}.yaml").read_text().replace("../components", "components")
    indented = "".join(f"    {line}\n" for line in text.splitlines())
    contract.edit("openapi.yaml", "    $ref: paths/calls@{callId}.yaml\n", indented)
    contract.path("paths/calls@{callId}.yaml").unlink()
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("path-file-name", contract.line("openapi.yaml", "/calls/"))


def test_a_component_in_another_spelling_is_found(contract: Contract) -> None:
    contract.rename("components/examples/Stop.yaml", "components/examples/stop_it.yaml")
    contract.edit("components/requestBodies/Action.yaml", "examples/Stop.yaml", "examples/stop_it.yaml")
    finding = contract.finding()
    assert (finding.rule, str(finding.where)) == ("component-file-name", "openapi/components/examples/stop_it.yaml:1")
    assert finding.message == "the name stop_it is not in PascalCase"
    assert finding.hint
