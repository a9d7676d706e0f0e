from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.report.runs import report, undocumented
from uapi.conformance.bundle import statuses

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve

UPDATE = "updatePhoneCall"


def cell(found: dict[str, Any], status: int, operation: str = UPDATE) -> dict[str, Any]:
    (only,) = (cell for cell in found["matrix"]["cells"] if cell["operation"] == operation and cell["status"] == status)
    return dict(only)


def test_there_is_a_cell_for_each_documented_status_of_the_profile(any_report: dict[str, Any]) -> None:
    operations = ("listPhoneCalls", "getPhoneCall", UPDATE)
    expected = sorted((operation, status) for operation in operations for status in statuses(operation))
    assert sorted((cell["operation"], cell["status"]) for cell in any_report["matrix"]["cells"]) == expected


@pytest.mark.parametrize("status", [200, 204, 400, 401, 405, 413])
def test_what_was_answered_is_returned_with_an_example(reports: dict[str, Any], status: int) -> None:
    found = reports["conformant"]
    seen = cell(found, status)
    example = next(exchange for exchange in found["exchanges"] if exchange["number"] == seen["example"])
    assert (seen["state"], example["response"]["status"]) == ("returned", status)
    assert seen["count"] >= 1


def test_an_unknown_method_speaks_of_each_operation_of_its_path(reports: dict[str, Any]) -> None:
    one, two = (cell(reports["conformant"], 405, operation)["count"] for operation in ("getPhoneCall", UPDATE))
    assert one == two >= 1
    assert cell(reports["conformant"], 405, "listPhoneCalls")["count"] >= 1


def test_what_was_provoked_says_what_came_instead(reports: dict[str, Any]) -> None:
    seen = cell(reports["warning"], 401)
    assert seen["state"] == "provoked"
    assert "a request without a valid token; answered: 403 (" in seen["why"]
    assert seen["count"] >= 1
    assert seen["example"] in {exchange["number"] for exchange in reports["warning"]["exchanges"]}


def test_what_cannot_be_provoked_says_why(any_report: dict[str, Any]) -> None:
    seen = cell(any_report, 500)
    assert (seen["state"], seen["count"], seen["example"]) == ("not-provokable", 0, None)
    assert seen["why"] == "no request makes a correct server fail"


def test_a_large_body_may_be_taken(laboratory: Laboratory) -> None:
    async def patient(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return response.with_status(400) if response.status == 413 else response

    seen = cell(report(laboratory, patient, only=("ERR-001",)), 413)
    assert seen["state"] == "provoked"
    assert "a body of 64 KiB; answered: 400 (" in seen["why"]


def test_what_the_target_gives_no_occasion_for_is_not_attempted(reports: dict[str, Any]) -> None:
    seen = cell(reports["incomplete"], 204)
    assert (seen["state"], seen["why"]) == ("not-attempted", "the target names no ending_call")


def test_what_the_run_did_not_send_is_not_attempted(laboratory: Laboratory) -> None:
    seen = cell(report(laboratory, only=("REC-001",)), 401)
    assert (seen["state"], seen["why"]) == ("not-attempted", "the run did not send a request without a valid token")


def test_a_feature_that_is_not_offered_is_not_attempted(laboratory: Laboratory, reports: dict[str, Any]) -> None:
    features = dict(reports["conformant"]["target"]["features"]) | {"list": False}
    with laboratory.probe() as probe:
        offered = probe.target.features.model_validate(features)
    found = report(laboratory, only=("REC-001",), features=offered)
    states = {cell["state"] for cell in found["matrix"]["cells"] if cell["operation"] == "listPhoneCalls"}
    assert states == {"not-attempted"}
    assert cell(found, 200, "listPhoneCalls")["why"] == "the target does not offer it (features.list = false)"


def test_a_server_error_is_returned_though_it_cannot_be_provoked(laboratory: Laboratory) -> None:
    async def failing(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return response.with_status(500) if request.method == "PUT" else response

    assert cell(report(laboratory, failing, only=("REC-001",)), 500)["state"] == "returned"


def test_undocumented_statuses_are_named(laboratory: Laboratory) -> None:
    found = report(laboratory, undocumented, only=("REC-013",))
    (row,) = found["matrix"]["undocumented"]
    assert (row["operation"], row["status"]) == (UPDATE, 409)
    assert cell(found, 400)["state"] == "provoked"
    assert "409 (" in cell(found, 400)["why"]


def test_a_token_in_the_query_is_no_attempt_at_401(laboratory: Laboratory) -> None:
    found = report(laboratory, only=("AUTH-002",))
    assert cell(found, 200)["state"] == "returned"
    assert cell(found, 401)["state"] == "not-attempted"
