from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import Received, recording, serving
from conformance.made import target, wire
from mutants.world import ROLES
from uapi.conformance.answers import recordings_of
from uapi.conformance.budget import Budget
from uapi.conformance.errors import ConformanceError
from uapi.conformance.exchange import SHOWN_BYTES
from uapi.conformance.probe import Probe
from uapi.conformance.register import register
from uapi.conformance.replay import exchanges_of, replay, replay_and_restore
from uapi.conformance.report.document import document
from uapi.conformance.report.files import write
from uapi.conformance.run import Run
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from mutants.laboratory import Laboratory
    from mutants.messages import Request, Response
    from mutants.mutant import Serve

SENT_BY = ["ADDR-007", "ADDR-008", "AUTH-004", "HTTP-005", "HTTP-007", "REC-013", "REC-018", "REC-020", "REC-027"]
"""Requirements whose checks send requests of unusual kinds."""


class Journal:
    """A fault that is none, and keeps what arrives."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    async def __call__(self, request: Request, serve: Serve) -> Response:
        self.requests.append(request)
        return await serve(request)


def reported(probe: Probe, requirement: str, folder: Path) -> Path:
    """Decide a requirement, and write the report."""
    run = Run(probe, "recording", [register()[requirement]], seed=1, budget=Budget())
    run.decide(register()[requirement])
    write(document(run, run.finish()), folder)
    return folder / "report.json"


def again(kept: list[dict[str, Any]], base_url: str, **settings: Any) -> list[Received]:
    """Replay exchanges with a server that keeps what arrives."""
    received: list[Received] = []
    with serving(recording(wire(), received)) as server, Session(target(server.base_url, **settings)) as session:
        for exchange in kept:
            exchange["request"]["url"] = exchange["request"]["url"].replace(base_url, server.base_url)
        list(replay(session, kept))
    return received


def kept(url: str = "http://h/uapi/phoneCalls/@me/@self", **request: Any) -> dict[str, Any]:
    """Make an exchange as it stands in a report."""
    asked = {"method": "GET", "url": url, "headers": [], "body": "", **request}
    return {"number": 1, "principal": "caller", "operation": None, "request": asked, "response": None}


@pytest.mark.parametrize("requirement", SENT_BY)
def test_the_same_requests_are_sent(laboratory: Laboratory, tmp_path: Path, requirement: str) -> None:
    journal = Journal()
    with laboratory.probe(journal) as probe:
        exchanges = exchanges_of(reported(probe, requirement, tmp_path), requirement)
        numbers = [exchange["number"] for exchange in exchanges]
        before = [journal.requests[number - 1] for number in numbers]
        journal.requests.clear()
        with Session(probe.target) as session:
            list(replay(session, exchanges))
    assert journal.requests == before


def test_a_body_that_is_no_utf8_is_sent_as_it_was_or_not_at_all(laboratory: Laboratory, tmp_path: Path) -> None:
    # A report has \xff for such a byte, which must not be sent as four characters.
    journal = Journal()
    with laboratory.probe(journal) as probe:
        probe.update(b'{"action": "\xff"}')
        run = Run(probe, "recording", [register()["HTTP-004"]], seed=1, budget=Budget())
        run.decide(register()["HTTP-004"])
        write(document(run, run.finish()), tmp_path)
        first = exchanges_of(tmp_path / "report.json", "HTTP-004")[:1]
        journal.requests.clear()
        with Session(probe.target) as session:
            try:
                list(replay(session, first))
            except ConformanceError:
                return
    assert [request.body for request in journal.requests] == [b'{"action": "\xff"}']


def test_what_became_of_an_exchange_is_told(laboratory: Laboratory, tmp_path: Path) -> None:
    with laboratory.probe() as probe:
        exchanges = exchanges_of(reported(probe, "REC-013", tmp_path), "REC-013")
        with Session(probe.target) as session:
            replayed = list(replay(session, exchanges))
    assert [(each.number, each.before) for each in replayed] == [
        (exchange["number"], exchange["response"]["status"]) for exchange in exchanges
    ]
    assert {each.now and each.now.status for each in replayed} == {400}


def test_an_exchange_without_an_answer_had_no_status() -> None:
    with serving(recording(wire(), [])) as server, Session(target(server.base_url)) as session:
        (replayed,) = replay(session, [kept(f"{server.base_url}/phoneCalls/@me/@self")])
    assert (replayed.before, replayed.now and replayed.now.status) == (None, 200)


@pytest.mark.parametrize("principal", ["caller", "stranger", "expired", "organization", "other_organization"])
def test_the_token_of_a_principal_is_put_in_the_place_of_its_variable(principal: str) -> None:
    header = ["Authorization", f"Bearer $UAPI_{principal.upper()}_TOKEN"]
    (request,) = again([kept(headers=[header])], "http://h/uapi")
    assert request.header("authorization") == f"Bearer {getattr(ROLES, principal).token}"


def test_a_token_in_the_query_is_encoded_again() -> None:
    # The variable stands for the percent-encoded token, not for the plain one.
    caller = ROLES.caller.model_copy(update={"token": "a+b/c==&d"})
    exchange = kept("http://h/uapi/phoneCalls/@me/@self?accessRequestToken=$UAPI_CALLER_TOKEN")
    (request,) = again([exchange], "http://h/uapi", caller=caller)
    assert request.path.endswith("?accessRequestToken=a%2Bb%2Fc%3D%3D%26d")


def test_further_headers_of_the_target_are_sent_once(tmp_path: Path) -> None:
    # The report has them already, and the session adds them.
    received: list[Received] = []
    with serving(recording(wire(b'{"entry": []}'), received)) as server:
        with Session(target(server.base_url, headers={"X-Tenant": "tenant-7"})) as session:
            exchanges = exchanges_of(reported(Probe(session), "CALL-021", tmp_path), "CALL-021")
        received.clear()
        with Session(target(server.base_url, headers={"X-Tenant": "tenant-7"})) as session:
            list(replay(session, exchanges))
    assert [value for name, value in received[0].headers if name.lower() == "x-tenant"] == ["tenant-7"]


@pytest.mark.parametrize("url", ["http://other/uapi/phoneCalls/@me/@self", "http://h/uapiother", "http://h/"])
def test_nothing_is_sent_to_another_server(url: str) -> None:
    received: list[Received] = []
    with (
        serving(recording(wire(), received)) as server,
        Session(target(server.base_url)) as session,
        pytest.raises(ConformanceError, match="the exchange went to") as caught,
    ):
        list(replay(session, [kept(url)]))
    assert (caught.value.exit_code, received) == (2, [])


@pytest.mark.parametrize("extra", [1, 100_000])
def test_a_body_that_was_clipped_is_not_sent(laboratory: Laboratory, tmp_path: Path, extra: int) -> None:
    with laboratory.probe() as probe:
        probe.update({"action": "x" * (SHOWN_BYTES + extra)})
        run = Run(probe, "recording", [register()["HTTP-004"]], seed=1, budget=Budget())
        run.decide(register()["HTTP-004"])
        write(document(run, run.finish()), tmp_path)
        first = exchanges_of(tmp_path / "report.json", "HTTP-004")[:1]
        with Session(probe.target) as session, pytest.raises(ConformanceError, match="too long"):
            list(replay(session, first))


NONSENSE = ["", "{", "[]", "7", "{}", '{"results": 7}', '{"results": [], "exchanges": [7]}', '{"results": [{}]}']


@pytest.mark.parametrize("text", NONSENSE)
def test_a_file_that_is_no_report_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text, "utf-8")
    with pytest.raises(ConformanceError, match="no report of this kit") as caught:
        exchanges_of(tmp_path / "report.json", "REC-001")
    assert caught.value.where == str(tmp_path / "report.json")


PARTS = [
    {"results": [{"id": "REC-001"}], "exchanges": []},
    {"results": [{"id": "REC-001", "exchanges": [1], "outcome": "fail"}], "exchanges": []},
    {"results": [{"id": "REC-001", "exchanges": 7, "outcome": "fail"}], "exchanges": []},
    {"results": [{"id": "REC-001", "exchanges": []}], "exchanges": []},
]


@pytest.mark.parametrize("part", PARTS, ids=range(len(PARTS)))
def test_a_report_that_lacks_a_part_is_said(tmp_path: Path, part: dict[str, Any]) -> None:
    (tmp_path / "report.json").write_text(json.dumps(part), "utf-8")
    with pytest.raises(ConformanceError):
        exchanges_of(tmp_path / "report.json", "REC-001")


def test_a_report_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConformanceError, match="cannot be read"):
        exchanges_of(tmp_path / "none.json", "REC-001")


def test_a_report_that_is_not_utf8_is_said(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(b"\xff")
    with pytest.raises(ConformanceError, match="no report of this kit"):
        exchanges_of(tmp_path / "report.json", "REC-001")


def test_a_requirement_that_the_report_has_not_is_said(laboratory: Laboratory, tmp_path: Path) -> None:
    with laboratory.probe() as probe:
        report = reported(probe, "REC-001", tmp_path)
    with pytest.raises(ConformanceError, match="no requirement 'REC-999'") as caught:
        exchanges_of(report, "REC-999")
    assert "REC-001" in str(caught.value.hint)


def test_a_requirement_without_evidence_is_said(laboratory: Laboratory, tmp_path: Path) -> None:
    with laboratory.probe() as probe:
        report = reported(probe, "REC-012", tmp_path)
    with pytest.raises(ConformanceError, match="excluded"):
        exchanges_of(report, "REC-012")


def test_what_a_replay_started_is_stopped(laboratory: Laboratory, tmp_path: Path) -> None:
    with laboratory.probe() as probe:
        exchanges = exchanges_of(reported(probe, "REC-004", tmp_path), "REC-004")
        with Session(probe.target) as session:
            assert list(replay_and_restore(session, exchanges))
        assert set(probe.recordings().values()) == {None}


def test_what_others_were_recording_before_a_replay_goes_on(laboratory: Laboratory, tmp_path: Path) -> None:
    with laboratory.probe() as probe:
        exchanges = exchanges_of(reported(probe, "REC-004", tmp_path), "REC-004")
        since = recordings_of(probe.start().response.json())[probe.view]  # type: ignore[union-attr]
        with Session(probe.target) as session:
            list(replay_and_restore(session, exchanges))
            assert any("may go on: look at it" in warning for warning in session.warnings)
        assert probe.recordings()[probe.view] == since


def test_a_phone_call_that_a_replay_placed_is_hung_up(laboratory: Laboratory, tmp_path: Path) -> None:
    with laboratory.probe(telephony=True) as probe:
        before = probe.telephone.ids()
        exchanges = exchanges_of(reported(probe, "MAKE-005", tmp_path), "MAKE-005")
        with Session(probe.target, telephony=True) as session:
            posts = [exchange for exchange in exchanges if exchange["request"]["method"] == "POST"]
            assert [each.unsafe for each in replay_and_restore(session, posts)] == [""]
        assert probe.telephone.ids() == before


def test_what_is_about_a_call_that_the_replay_did_not_place_is_not_sent(laboratory: Laboratory, tmp_path: Path) -> None:
    with laboratory.probe(telephony=True) as probe:
        exchanges = exchanges_of(reported(probe, "ACT-020", tmp_path), "ACT-020")
        updates = [exchange for exchange in exchanges if exchange["request"]["method"] == "PUT"]
        with Session(probe.target, telephony=True) as session:
            (replayed,) = replay_and_restore(session, updates[:1])
    assert replayed.now is None
    assert "which the target does not name" in replayed.unsafe
