"""Links lead to operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Contract


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "message"),
    [
        (
            "components/links/GetCall.yaml",
            "operationId: getCall",
            "operationId: get",
            "operationId",
            "there is no operation get",
        ),
        (
            "components/links/GetCall.yaml",
            "operationId: getCall\n",
            "",
            "description",
            "the link names no operation",
        ),
    ],
)
def test_a_link_to_nothing_is_found(
    contract: Contract, file: str, old: str, new: str, where: str, message: str
) -> None:
    contract.edit(file, old, new)
    (finding,) = (found for found in contract.findings() if found.rule.startswith("link"))
    assert (finding.rule, str(finding.where)) == ("link-operation", contract.line(file, where))
    assert message in finding.message
    assert finding.hint


def test_a_parameter_that_the_operation_does_not_have_is_found(contract: Contract) -> None:
    contract.edit("components/links/GetCall.yaml", "path.callId", "query.callId")
    finding = contract.finding()
    where = contract.line("components/links/GetCall.yaml", "query.callId")
    assert (finding.rule, str(finding.where)) == ("link-parameters", where)


def test_a_parameter_may_be_named_without_its_place(contract: Contract) -> None:
    contract.edit("components/links/GetCall.yaml", "path.callId", "callId")
    assert contract.findings() == []
