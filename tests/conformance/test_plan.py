"""A plan says beforehand what a run does."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from conformance.made import target
from mutants.world import CALLER, ENDING_CALL, PHONE_CALL, ROLES, UNRECORDABLE_CALL
from uapi.conformance.checks import ACTIONS
from uapi.conformance.engine import decide
from uapi.conformance.plan import ASKED, plan
from uapi.conformance.register import profile
from uapi.conformance.safety import restored
from uapi.conformance.target import OtherPhoneCall, PhoneCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mutants.laboratory import Laboratory
    from uapi.conformance.register import Requirement

ROWS = profile("recording")
EVERY_ROW = profile("phone-calls")
URL = "https://pbx.example/uapi"


def text(base_url: str = URL, *, rows: Sequence[Requirement] = ROWS, **changes: object) -> str:
    return "\n".join(plan(target(base_url, **changes), rows))


def test_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "socket", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    assert "nothing is sent now" in text(phone_call=PhoneCall(source="command", place=("/no/such/program",)))


def test_a_plan_names_the_phone_calls_that_are_updated() -> None:
    for call in (PHONE_CALL, UNRECORDABLE_CALL, ENDING_CALL):
        assert f"{call.id}" in text()  # type: ignore[union-attr]


def test_a_plan_shows_no_token() -> None:
    assert [secret for secret in ROLES.secrets() if secret in text()] == []


def test_a_plan_names_what_is_left_out() -> None:
    assert "not looked at, for the target names none: stranger" in text(stranger=None)
    assert "getPhoneCall" not in text(features=ROLES.features.model_copy(update={"get": False}))


@pytest.mark.parametrize(("name", "asked"), ASKED.items())
def test_a_plan_names_what_is_sent_for_a_feature_that_is_lacking_or_unknown(name: str, asked: str) -> None:
    lacking = text(rows=EVERY_ROW, features=ROLES.features.model_copy(update={name: False}))
    unknown = text(rows=EVERY_ROW, features=ROLES.features.model_copy(update={name: "unknown"}))
    assert f"for what the target does not offer: sends {asked}; each must be refused" in lacking
    assert f"first, the caller finds out what the target offers: {asked}" in unknown
    assert "does not offer" not in unknown


def test_a_plan_names_how_a_call_is_come_by() -> None:
    assert f"lists the phone calls of the extension {CALLER.extension}" in text(phone_call=PhoneCall(source="discover"))
    placed = text(phone_call=PhoneCall(source="command", place=("place", "a"), hang_up=("end",)))
    assert "place places a phone call; at the end, end hangs it up" in placed


def test_a_plan_names_the_phone_calls_of_all_workers() -> None:
    further = tuple(OtherPhoneCall(id=name, view_id="01", extension="0003*211") for name in ("another", "a-third"))
    wanted = target(URL, phone_call=PHONE_CALL.model_copy(update={"further": further}))
    shown = "\n".join(plan(wanted, ROWS, workers=2))
    assert ("another" in shown, "a-third" in shown) == (True, False)


@pytest.mark.parametrize("wanted", [PhoneCall(source="discover"), PhoneCall(source="command", place=("place",))])
def test_a_plan_names_how_the_calls_of_all_workers_are_come_by(wanted: PhoneCall) -> None:
    assert "for each worker" in "\n".join(plan(target(URL, phone_call=wanted), ROWS, workers=2))


def test_a_plan_names_warnings_and_the_pace() -> None:
    said = text("http://pbx.example/uapi", max_requests_per_second=2.5)
    assert "warning: tokens travel unencrypted to http://pbx.example/uapi" in said
    assert "at most 2.5 requests in a second" in said


def test_a_run_does_what_its_plan_says_and_no_more(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        said = "\n".join(plan(probe.target, ROWS))
        with restored(probe):
            for row in ROWS:
                if row.id in ACTIONS:
                    decide(row, probe)
        sent = [exchange.request for exchange in probe.session.exchanges]
        assert probe.session.warnings == []
    for principal in {request.principal for request in sent} - {None}:
        assert f"{str(principal).replace('_', ' ')}, " in said
    updated = {
        request.url.partition("?")[0].rstrip("/").rpartition("/")[2] for request in sent if request.method == "PUT"
    }
    named = {call for call in updated if call in said}
    assert named == set(probe.target.calls()) | {"nosuchphonecall"}
    assert {request.method for request in sent} == {"GET", "PUT", "PATCH"}


def test_a_whole_run_leaves_the_sandbox_as_it_was(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        before = [probe.recordings(place) for place in (None,)]
        with restored(probe):
            for row in ROWS:
                if row.id in ACTIONS:
                    decide(row, probe)
        assert [probe.recordings(place) for place in (None,)] == before


def test_a_plan_names_the_numbers_between_which_calls_are_placed() -> None:
    told = text(rows=EVERY_ROW)
    assert "placed by the caller: phone calls from 0003*214 to 0003*215" in told
    assert "a hang-up of what the kit did not place" in told
    for number in ROLES.numbers():
        assert number in told


def test_a_plan_without_placed_calls_says_so() -> None:
    for told in (text(), text(rows=EVERY_ROW, create=None)):
        assert "POST (places calls), DELETE (hangs up)" in told
        assert "placed by the caller" not in told


def test_a_plan_names_the_roles_without_which_something_is_not_looked_at() -> None:
    told = text(rows=EVERY_ROW, unanswered=None, public_number=None)
    assert "not looked at, for the target names none: unanswered, public_number" in told


def test_a_plan_names_the_phone_call_that_is_placed_to_be_recorded() -> None:
    told = text(phone_call=PhoneCall(source="create"))
    assert "first, the caller places a phone call from 0003*214 to 0003*215" in told
    assert "every phone call that the kit placed is hung up" in told


def test_a_plan_sends_no_action_that_the_target_does_not_offer() -> None:
    told = text(rows=EVERY_ROW, features=ROLES.features.model_copy(update={"park": False}))
    acted = next(line for line in told.splitlines() if line.startswith("sent to these phone calls"))
    assert "Park" not in acted
    assert "OnHold" in acted
