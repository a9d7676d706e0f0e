"""The phone call to test with: given, discovered in a list, or placed by a program."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from conformance.loopback import answering, recording, serving
from conformance.made import target, wire
from mutants.world import CALLER, PHONE_CALL
from uapi.conformance.calls import TURN, of_worker, phone_calls
from uapi.conformance.errors import ConformanceError, TargetError, UnreachableError
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.session import Session, preflight
from uapi.conformance.target import OtherPhoneCall, PhoneCall

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.loopback import Received
    from mutants.laboratory import Laboratory

DISCOVER = PhoneCall(source="discover")
ANSWERED = "2026-01-01T00:00:00+00:00"


def view(number: str = "01", **changes: Any) -> dict[str, Any]:
    return {"id": number, "extension": CALLER.extension, "status": 5, "answered": ANSWERED, **changes}


def call(name: str = "a", *views: dict[str, Any], **changes: Any) -> dict[str, Any]:
    shown = views or (view("00", extension="0003*220"), view())
    return {"id": name, "answered": ANSWERED, "phoneCallView": list(shown), **changes}


def discovered(*calls: Any, wanted: PhoneCall = DISCOVER, **settings: Any) -> tuple[str, str]:
    """Return the phone call and the view that are discovered in a list."""
    answer = wire(json.dumps({"entry": list(calls)}).encode()) if calls else wire(b"", status=204)
    with (
        serving(answering(answer)) as server,
        Session(target(server.base_url, phone_call=wanted, **settings)) as session,
        phone_calls(session),
    ):
        return session.target.phone_call.id, session.target.phone_call.view_id


def placed(wanted: PhoneCall) -> Session:
    with Session(target("http://127.0.0.1/uapi", phone_call=wanted)) as session, phone_calls(session):
        assert session.target.calls()[session.target.phone_call.id] == CALLER.extension
    return session


def command(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *arguments)


def test_a_given_call_stays_as_it_is() -> None:
    with Session(target("http://127.0.0.1/uapi")) as session, phone_calls(session):
        assert session.target.phone_call == PHONE_CALL


def test_the_first_call_that_fits_is_taken() -> None:
    unfit = call("a", view())
    assert discovered(unfit, call("b"), call("c")) == ("b", "01")


@pytest.mark.parametrize("status", [5, "5"])
def test_the_view_is_one_of_the_extension_that_talks(status: object) -> None:
    views = (view("00", extension="0003*220"), view("01", status=2), view("02", status=status))
    assert discovered(call("a", *views)) == ("a", "02")


def test_the_extension_may_be_shown_in_its_short_form() -> None:
    assert discovered(call("a", view("00"), view("01", extension="0003*220"))) == ("a", "00")
    short = CALLER.extension.rpartition("*")[2]
    assert discovered(call("a", view("00", extension=short), view("01", extension="220"))) == ("a", "00")


def test_fewer_views_may_be_enough() -> None:
    assert discovered(call("a", view()), wanted=PhoneCall(source="discover", minimum_views=1)) == ("a", "01")


def test_another_extension_is_the_one_under_test() -> None:
    received: list[Received] = []
    answer = wire(json.dumps({"entry": [call("a", *(view(n, extension="0003*9") for n in "01"))]}).encode())
    with serving(recording(answer, received)) as server:
        wanted = PhoneCall(source="discover", extension="0003*9")
        with Session(target(server.base_url, phone_call=wanted)) as session, phone_calls(session):
            assert Probe(session).place == Place("@me", "0003*9", "a")
    assert received[0].path == "/uapi/phoneCalls/@me/0003*9"


@pytest.mark.parametrize(
    ("calls", "reason"),
    [
        ([], "there is none"),
        ([call("a", view())], "a: it has 1 of 2 views"),
        ([call("a", view("00", status=2), view("01", status=1))], "a: it is not answered"),
        ([call("a", view("00", extension="0003*9"), view("01", extension="0003*8"))], "a: it is not answered"),
        ([call("a", view("00", answered=None), view("01", answered=None), answered=None)], "a: it is not answered"),
        ([call("a", view("00", recording=ANSWERED), view("01", recording=ANSWERED))], "a: it is being recorded"),
        ([call("a/b")], "it has no id"),
        ([call(7)], "it has no id"),  # type: ignore[arg-type]
        ([call(name, view()) for name in "abcde"], "c: it has 1 of 2 views; …"),
        ([{"id": "a"}], "a: it has 0 of 2 views"),
    ],
)
def test_why_none_fits_is_said(calls: list[Any], reason: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        discovered(*calls)
    assert reason in caught.value.message
    assert "phone_call.id" in str(caught.value.hint)


@pytest.mark.parametrize(
    "answer", [wire(b"{}"), wire(b"[", status=200), wire(b"", status=500), wire(b'{"entry": [7]}'), b"nonsense\r\n\r\n"]
)
def test_a_list_that_is_none_is_said(answer: bytes) -> None:
    with (
        serving(answering(answer)) as server,
        Session(target(server.base_url, phone_call=DISCOVER)) as session,
        pytest.raises(UnreachableError, match="no list of phone calls"),
        phone_calls(session),
    ):
        pass


def test_a_target_without_lists_has_nothing_to_discover_from() -> None:
    features = target("http://127.0.0.1/uapi").features.model_copy(update={"list": False})
    with pytest.raises(TargetError, match=r"features\.list"):
        discovered(call(), features=features)


@pytest.mark.parametrize("lacking", [(), ("list",), ("get",), ("list", "get")])
def test_the_preflight_needs_no_call(lacking: tuple[str, ...]) -> None:
    features = target("http://127.0.0.1/uapi").features.model_copy(update=dict.fromkeys(lacking, False))
    wanted = PhoneCall(source="command", place=("place",))
    with (
        serving(answering(wire())) as server,
        Session(target(server.base_url, phone_call=wanted, features=features)) as session,
    ):
        preflight(session, Probe(session).first_request())
        assert [exchange.status for exchange in session.exchanges] == [200]


def test_a_call_is_discovered_on_the_sandbox(laboratory: Laboratory) -> None:
    with laboratory.probe() as probe:
        session = probe.session
        session.target = session.target.model_copy(update={"phone_call": DISCOVER})
        with phone_calls(session):
            assert probe.start().status == 200


def test_a_program_places_a_call_and_another_hangs_it_up(tmp_path: Path) -> None:
    file = tmp_path / "ended"
    wanted = PhoneCall(
        source="command",
        place=command('print(\'{"id": "abc", "view_id": "01", "more": 1}\')'),
        hang_up=command("import sys; open(sys.argv[1], 'w').write(sys.argv[2])", str(file)),
    )
    session = placed(wanted)
    assert session.target.phone_call.known
    assert (file.read_text("utf-8"), session.warnings) == ("abc", [])


def test_a_call_is_hung_up_after_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "ended"
    hang_up = command("import sys; open(sys.argv[1], 'w').write(sys.argv[2])", str(file))
    wanted = PhoneCall(source="command", place=command('print(\'{"id": "abc", "view_id": "01"}\')'), hang_up=hang_up)
    chosen = target("http://127.0.0.1/uapi", phone_call=wanted)
    with Session(chosen) as session, pytest.raises(KeyboardInterrupt), phone_calls(session):
        raise KeyboardInterrupt
    assert file.read_text("utf-8") == "abc"


def test_a_call_that_cannot_be_hung_up_is_told() -> None:
    wanted = PhoneCall(
        source="command",
        place=command('print(\'{"id": "abc", "view_id": "01"}\')'),
        hang_up=command("raise SystemExit(1)"),
    )
    (warning,) = placed(wanted).warnings
    assert "the phone call abc may go on" in warning


@pytest.mark.parametrize(
    "output",
    [
        "",
        "abc",
        "[]",
        "{}",
        '{"id": "abc"}',
        '{"id": 7, "view_id": "01"}',
        '{"id": "a/b", "view_id": "01"}',
        "[" * 9999,
    ],
)
def test_a_program_that_prints_no_ids_is_said(output: str) -> None:
    with pytest.raises(TargetError, match="does not print the ids") as caught:
        placed(PhoneCall(source="command", place=command(f"print({output!r})")))
    assert caught.value.where == "phone_call.place"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("/no/such/program",), "cannot be run"),
        (command("raise SystemExit(4)"), "ended with 4"),
        (command("import time; time.sleep(60)"), "did not end in"),
    ],
)
def test_a_program_that_places_no_call_is_said(place: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConformanceError, match=said) as caught:
        placed(PhoneCall(source="command", place=place, command_timeout_seconds=0.3 if "sleep" in place[-1] else 30.0))
    assert (caught.value.where, caught.value.exit_code) == ("phone_call.place", 2)


FURTHER = (
    OtherPhoneCall(id="b", view_id="00", extension="0003*211"),
    OtherPhoneCall(id="c", view_id="02", extension="0003*214"),
)


def of_workers(number: int, *calls: Any, wanted: PhoneCall = DISCOVER) -> list[tuple[str, str, str]]:
    """Return the extension, the phone call and the view of each of several workers."""
    answer = wire(json.dumps({"entry": list(calls)}).encode())
    with (
        serving(answering(answer)) as server,
        Session(target(server.base_url, phone_call=wanted)) as session,
        phone_calls(session, number),
    ):
        targets = [of_worker(session.target, index) for index in range(number)]
    return [(found.caller.extension, found.phone_call.id, found.phone_call.view_id) for found in targets]


def test_each_worker_has_a_given_call() -> None:
    found = of_workers(2, wanted=PHONE_CALL.model_copy(update={"further": FURTHER}))
    assert found == [(CALLER.extension, PHONE_CALL.id, PHONE_CALL.view_id), ("0003*211", "b", "00")]


def test_calls_that_no_worker_needs_may_not_be_updated() -> None:
    wanted = PHONE_CALL.model_copy(update={"further": FURTHER})
    with Session(target("http://127.0.0.1/uapi", phone_call=wanted)) as session, phone_calls(session, 2):
        assert {"b", "c"} & set(session.target.calls()) == {"b"}


def test_a_worker_looks_for_no_call() -> None:
    wanted = DISCOVER.found("a", "01", FURTHER)
    assert {of_worker(target("http://x/uapi", phone_call=wanted), index).phone_call.source for index in (0, 1)} == {
        "given"
    }


def test_several_calls_are_discovered() -> None:
    found = of_workers(2, call("a", view()), call("b"), call("b"), call("c"), call("d"))
    assert found == [(CALLER.extension, "b", "01"), (CALLER.extension, "c", "01")]


@pytest.mark.parametrize(
    ("wanted", "calls", "where"),
    [
        (PHONE_CALL, [], "phone_call.further"),
        (PHONE_CALL.model_copy(update={"further": FURTHER[:1]}), [], "phone_call.further"),
        (DISCOVER, [call("a"), call("b")], "phone_call.source"),
    ],
    ids=["one is given", "two are given", "two are discovered"],
)
def test_fewer_calls_than_workers_are_a_mistake(wanted: PhoneCall, calls: list[Any], where: str) -> None:
    with pytest.raises(TargetError, match="3 workers need 3 phone calls") as caught:
        of_workers(3, *calls, wanted=wanted)
    assert (caught.value.where, caught.value.exit_code) == (where, 2)
    assert "phone_call.further" in str(caught.value.hint)
    assert "fewer workers" in str(caught.value.hint)


PLACE = f"""
import json, os
number = os.environ["{TURN}"]
print(json.dumps({{"id": "call" + number, "view_id": "01", "extension": "0003*21" + number}}))
"""


def test_a_program_places_a_call_for_each_worker_and_all_are_hung_up(tmp_path: Path) -> None:
    file = tmp_path / "ended"
    hang_up = command("import sys; print(sys.argv[2], file=open(sys.argv[1], 'a'))", str(file))
    found = of_workers(2, wanted=PhoneCall(source="command", place=command(PLACE), hang_up=hang_up))
    assert found == [("0003*211", "call1", "01"), ("0003*212", "call2", "01")]
    assert sorted(file.read_text("utf-8").split()) == ["call1", "call2"]


def test_a_program_that_places_one_call_twice_is_said() -> None:
    wanted = PhoneCall(source="command", place=command('print(\'{"id": "abc", "view_id": "01"}\')'))
    with pytest.raises(TargetError, match="one phone call twice") as caught:
        of_workers(2, wanted=wanted)
    assert TURN in str(caught.value.hint)
