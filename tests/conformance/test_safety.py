"""Does no harm: permission, a look before the start, and what was started is stopped, however a run ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from conformance.desk import CALLS, Desk
from conformance.loopback import serving
from conformance.made import target
from mutants.world import PHONE_CALL, UNRECORDABLE_CALL
from uapi.conformance.errors import TargetError
from uapi.conformance.finding import NotExercised
from uapi.conformance.interruption import Terminated
from uapi.conformance.place import Place
from uapi.conformance.probe import Probe
from uapi.conformance.safety import confirm, look, restored
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

CALL, VIEW, OTHER = str(PHONE_CALL.id), str(PHONE_CALL.view_id), "00"
HELD = str(UNRECORDABLE_CALL.id)  # type: ignore[union-attr]
HELD_PLACE = Place("@me", UNRECORDABLE_CALL.extension, HELD)  # type: ignore[union-attr]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def probe(desk: Desk) -> Iterator[Probe]:
    with serving(desk) as server, Session(target(server.base_url)) as session:
        yield Probe(session)


def without(probe: Probe, *features: str) -> Probe:
    """Have the target lack features."""
    lacking = probe.target.features.model_copy(update=dict.fromkeys(features, False))
    probe.session.target = probe.target.model_copy(update={"features": lacking})
    return probe


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/uapi",
        "https://127.8.9.10:8443/uapi",
        "http://[::1]:8080/uapi",
        "http://localhost/uapi",
        "http://LOCALHOST:8080/uapi",
    ],
)
def test_a_target_on_this_machine_needs_no_permission(url: str) -> None:
    confirm(target(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://pbx.example/uapi",
        "http://128.0.0.1/uapi",
        "http://10.0.0.1/uapi",
        "http://0.0.0.0/uapi",
        "http://[::2]/uapi",
        "http://localhost.pbx.example/uapi",
        "http://127.0.0.1.pbx.example/uapi",
        "http://127.1/uapi",
        "http://2130706433/uapi",
    ],
)
def test_a_target_elsewhere_needs_permission(url: str) -> None:
    with pytest.raises(TargetError) as caught:
        confirm(target(url))
    error = caught.value
    assert (error.exit_code, error.where) == (2, url)
    assert "consent" in error.message
    for way in ("--recording-is-permitted", "UAPI_RECORDING_IS_PERMITTED=true", "recording_is_permitted = true"):
        assert way in str(error.hint)
    confirm(target(url, recording_is_permitted=True))


def test_localhost_behind_a_proxy_is_elsewhere() -> None:
    with pytest.raises(TargetError):
        confirm(target("http://localhost/uapi", proxy="http://127.0.0.1:3128"))


def test_what_was_started_is_stopped(desk: Desk, probe: Probe) -> None:
    with restored(probe):
        probe.start()
        assert desk.recorded == {(CALL, VIEW)}
    assert (desk.recorded, probe.session.warnings) == (set(), [])
    assert probe.session.exchanges[-1].phase == "clean-up"


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, RuntimeError, Terminated])
def test_what_was_started_is_stopped_after_a_crash(desk: Desk, probe: Probe, end: type[BaseException]) -> None:
    def crash() -> None:
        with restored(probe):
            probe.start()
            raise end

    with pytest.raises(end):
        crash()
    assert desk.recorded == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_what_was_started_is_stopped_after_a_signal(desk: Desk, probe: Probe, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    interruptions = []

    def told_to_end() -> None:
        with restored(probe) as interruption:
            interruptions.append(interruption)
            probe.start()
            signal.raise_signal(number)

    with pytest.raises(KeyboardInterrupt):
        told_to_end()
    assert desk.recorded == set()
    assert [(found.signal, found.exit_code) for found in interruptions] == [(number, 128 + number)]
    assert signal.getsignal(number) is before


def test_a_signal_that_is_ignored_stays_so(probe: Probe) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with restored(probe) as interruption:
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert interruption.signal is None


def test_a_signal_does_not_disturb_the_clean_up(desk: Desk, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Probe.stop

    def disturbed(self: Probe, *arguments: Any, **options: Any) -> Any:
        signal.raise_signal(signal.SIGTERM)
        return stop(self, *arguments, **options)

    monkeypatch.setattr(Probe, "stop", disturbed)
    with restored(probe) as interruption:
        probe.start()
    assert (desk.recorded, interruption.exit_code) == (set(), None)


def test_an_interrupted_clean_up_is_done_again(desk: Desk, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    with restored(probe):
        probe.start()
        with monkeypatch.context() as patched:
            patched.setattr(Probe, "stop", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                probe.clean_up()
    assert desk.recorded == set()


def test_a_second_clean_up_sends_nothing(desk: Desk, probe: Probe) -> None:
    with restored(probe):
        probe.start()
        probe.clean_up()
        sent = len(desk.requests)
    assert len(desk.requests) == sent


def test_a_run_that_updates_nothing_stops_nothing(desk: Desk, probe: Probe) -> None:
    with restored(probe):
        probe.get()
    assert desk.updates == []


@pytest.mark.parametrize("lacking", [(), ("get",), ("list",)])
def test_a_view_that_is_recorded_already_is_not_tested(desk: Desk, probe: Probe, lacking: tuple[str, ...]) -> None:
    desk.recorded.add((CALL, VIEW))
    with pytest.raises(TargetError, match="is being recorded already") as caught, restored(without(probe, *lacking)):
        pass
    assert (caught.value.exit_code, desk.updates, desk.recorded) == (2, [], {(CALL, VIEW)})


def test_what_others_record_goes_on(desk: Desk, probe: Probe) -> None:
    desk.recorded |= {(CALL, OTHER), (HELD, "00")}
    with restored(probe):
        probe.quiet(VIEW, OTHER)
        probe.start()
        probe.start(view=OTHER)
        probe.start(HELD_PLACE, view="00")
        with pytest.raises(NotExercised, match="somebody else records the view 00"):
            probe.other_view()
    assert desk.recorded == {(CALL, OTHER), (HELD, "00")}


def test_every_phone_call_of_the_target_is_cleaned_up(desk: Desk, probe: Probe) -> None:
    with restored(probe):
        for place in (HELD_PLACE, probe.place):
            probe.start(place, view="00")
    assert desk.recorded == set()


@pytest.mark.parametrize("flaw", ["records_other_views", "refuses_all_the_same"])
def test_what_a_faulty_server_records_is_stopped_too(desk: Desk, probe: Probe, flaw: str) -> None:
    setattr(desk, flaw, True)
    with restored(probe):
        probe.start()
        assert desk.recorded
    assert desk.recorded == set()


def test_without_get_what_was_started_is_stopped(desk: Desk, probe: Probe) -> None:
    with restored(without(probe, "get")):
        probe.start()
        probe.start(view=OTHER)
        probe.stop(view=OTHER)
    assert desk.recorded == set()
    assert desk.updates[-1] == (CALL, {"action": "StopRecording", "phoneCallViewId": VIEW})


def test_a_start_without_an_answer_is_stopped(desk: Desk, probe: Probe) -> None:
    with restored(without(probe, "get")):
        probe.session.keep(probe.request("PUT", probe.place, operation=None, body=b"{}"), None, "reset")
        probe.session.guard.running[CALL, VIEW] = None
    assert desk.updates == [(CALL, {"action": "StopRecording", "phoneCallViewId": VIEW})]


def test_a_recording_that_cannot_be_stopped_is_told(desk: Desk, probe: Probe) -> None:
    desk.refuses_stops = True
    with restored(probe):
        probe.start()
    (warning,) = probe.session.warnings
    assert warning == f"the recording of the view {VIEW} of the phone call {CALL} may go on: look at it"


def test_a_call_that_ended_meanwhile_is_nothing_to_warn_of(desk: Desk, probe: Probe) -> None:
    with restored(probe):
        probe.start()
        desk.calls.pop(CALL)
    assert probe.session.warnings == []


def test_a_recording_of_a_server_that_stops_none_is_told(desk: Desk, probe: Probe) -> None:
    with restored(without(probe, "stop_recording")):
        probe.start()
    assert desk.recorded == {(CALL, VIEW)}
    assert any("may go on" in warning for warning in probe.session.warnings)


def test_a_target_that_was_gone_is_asked_once_more(desk: Desk, probe: Probe) -> None:
    with restored(probe):
        probe.start()
        probe.session.gone = "the target stopped answering"
        assert probe.get().response is None
    assert desk.recorded == set()


def test_a_phone_call_that_is_not_there_is_not_tested(desk: Desk, probe: Probe) -> None:
    desk.calls.pop(CALL)
    with pytest.raises(TargetError, match="shows no phone call") as caught:
        look(probe)
    assert (caught.value.where, caught.value.exit_code) == ("phone_call.id", 2)


def test_a_view_that_is_not_there_is_not_tested(desk: Desk, probe: Probe) -> None:
    desk.calls[CALL] = ("a", "b")
    with pytest.raises(TargetError, match="has no view 01") as caught:
        look(probe)
    assert "a, b" in str(caught.value.hint)


def test_a_server_that_shows_nothing_is_tested_with_a_warning(probe: Probe) -> None:
    look(without(probe, "get", "list"))
    assert probe.session.exchanges == []
    assert "nobody can see" in probe.session.warnings[0]


def test_the_look_is_at_every_phone_call(desk: Desk, probe: Probe) -> None:
    look(probe)
    assert {request.path.rpartition("/")[2] for request in desk.requests} == set(CALLS)
    assert ({exchange.phase for exchange in probe.session.exchanges}, probe.session.phase) == ({"look"}, "checks")
