"""What a target offers is found out where its configuration leaves it open, and what it lacks is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutants.asked import one, several, starts, stops, unknown_action, view_of
from mutants.laboratory import faultless
from mutants.messages import Response, error
from mutants.world import PHONE_CALL
from uapi.conformance.budget import Budget
from uapi.conformance.engine import decide
from uapi.conformance.line import ACTIONS_OF
from uapi.conformance.outcome import Outcome, Verdict
from uapi.conformance.probe import NO_SUCH_VIEW
from uapi.conformance.register import profile, register
from uapi.conformance.run import Run
from uapi.conformance.safety import restored

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.laboratory import Laboratory
    from mutants.messages import Request
    from mutants.mutant import Fault, Serve

    Asks = Callable[[Request], bool]

KINDS: dict[str, Asks] = {"list": several, "get": one, "stop_recording": stops}
UNKNOWN = dict.fromkeys(KINDS, "unknown")
CODED = error(400, "action_invalid")
NOT_IMPLEMENTED = error(501, "request_not_implemented")
NOT_ALLOWED = error(405, "method", allow="PUT")


def answering(answers: dict[str, Response], *, denied: bool = True) -> Fault:
    """Serve like the sandbox, but for requests of some kinds; who is denied, is denied first."""

    async def fault(request: Request, serve: Serve) -> Response:
        for name, answer in answers.items():
            if KINDS[name](request):
                return await serve(request) if denied and request.token in {None, "no-such-token"} else answer
        return await serve(request)

    return fault


def with_codes(stop: str, action: str, start: str) -> Fault:
    """Serve like the sandbox, but for the codes with which a view that does not exist is refused, by the action."""

    async def fault(request: Request, serve: Serve) -> Response:
        if view_of(request) != NO_SUCH_VIEW:
            return await serve(request)
        return error(400, stop if stops(request) else start if starts(request) else action)

    return fault


def found(laboratory: Laboratory, fault: Fault) -> tuple[dict[str, object], list[str]]:
    """Return the features that are found to be offered, where none is known, and what the reader is told."""
    with laboratory.probe(fault, **UNKNOWN) as probe:  # type: ignore[arg-type]
        with restored(probe):
            features = probe.target.features.model_dump(include=set(KINDS))
        return features, probe.session.warnings


def test_a_server_that_has_everything_is_found_to_have_it(laboratory: Laboratory) -> None:
    features, _ = found(laboratory, faultless)
    assert features == dict.fromkeys(KINDS, True)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "answer", [NOT_IMPLEMENTED, NOT_ALLOWED, error(400, "request_not_implemented")], ids=["501", "405", "400"]
)
def test_what_is_refused_as_absent_is_found_to_be_so(laboratory: Laboratory, name: str, answer: Response) -> None:
    features, _ = found(laboratory, answering({name: answer}))
    assert features == {other: other != name for other in KINDS}


def test_a_call_that_is_not_there_tells_that_calls_are_got(laboratory: Laboratory) -> None:
    features, _ = found(laboratory, answering({"get": error(400, "pc_phonecall_invalid")}))
    assert features["get"] is True


CODES = {
    "a view is invalid": (("pc_phonecallview_invalid", "action_invalid", "pc_phonecallview_invalid"), True),
    "a view has a code of its own": (("no_view", "no_action", "no_view"), True),
    "an action is unknown": (("no_action", "no_action", "pc_phonecallview_invalid"), False),
    "an action is unknown, and so is each view": (("no", "no", "no"), True),
    "the view is looked at before the action": (("pc_phonecallview_invalid",) * 3, True),
    "each has a code of its own": (("one", "two", "three"), True),
}


@pytest.mark.parametrize(("codes", "offered"), CODES.values(), ids=CODES)
def test_whether_recordings_are_stopped_is_told_by_what_is_refused(
    laboratory: Laboratory, codes: tuple[str, str, str], offered: bool
) -> None:
    features, _ = found(laboratory, with_codes(*codes))
    assert features["stop_recording"] is offered


UNCLEAR = {
    "list": answering({"list": error(404, "not_found")}),
    "get": answering({"get": error(500, "internal_server_error")}),
    "stop_recording": with_codes("no", "no", "no"),
}


@pytest.mark.parametrize(("name", "fault"), UNCLEAR.items(), ids=UNCLEAR)
def test_what_cannot_be_found_out_is_said_and_taken_for_offered(
    laboratory: Laboratory, name: str, fault: Fault
) -> None:
    features, told = found(laboratory, fault)
    (warning,) = [text for text in told if f"features.{name} " in text]
    assert features[name] is True
    assert "which tells neither" in warning


@pytest.mark.parametrize("name", KINDS)
def test_what_was_found_is_told_with_its_exchange(laboratory: Laboratory, name: str) -> None:
    _, told = found(laboratory, answering({name: NOT_IMPLEMENTED}))
    (warning,) = [text for text in told if f"features.{name} is unknown" in text]
    assert "was found to be false: exchange " in warning
    assert "was answered with 501 request_not_implemented" in warning


def test_nothing_is_recorded_to_find_out(laboratory: Laboratory) -> None:
    answered: list[Response] = []

    async def kept(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        answered.extend([response] if request.method == "PUT" else [])
        return response

    found(laboratory, kept)
    assert {response.status for response in answered} == {400}


def test_a_server_that_stops_nothing_is_warned_of(laboratory: Laboratory) -> None:
    _, told = found(laboratory, answering({"stop_recording": NOT_IMPLEMENTED}))
    assert any("goes on until the call ends" in warning for warning in told)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_known_is_not_asked_for(laboratory: Laboratory, name: str) -> None:
    with laboratory.probe(faultless) as probe, restored(probe):
        assert [e for e in probe.session.exchanges if e.phase == "features"] == []
        assert getattr(probe.target.features, name) is True


LESS = {
    "nothing but a start": answering(dict.fromkeys(KINDS, NOT_IMPLEMENTED)),
    "no list": answering({"list": NOT_IMPLEMENTED}),
    "no GET": answering({"get": NOT_ALLOWED}),
    "no stop": answering({"stop_recording": CODED}),
}


def lacking(fault_of: str) -> dict[str, bool]:
    names = {"nothing but a start": list(KINDS), "no list": ["list"], "no GET": ["get"], "no stop": ["stop_recording"]}
    return dict.fromkeys(names[fault_of], False)


async def unknown_actions_are_coded(request: Request, serve: Serve) -> Response:
    response = await serve(request)
    return CODED if unknown_action(request) and response.status in {400, 501} else response


@pytest.mark.parametrize("said", [False, "unknown"])
@pytest.mark.parametrize(("name", "fault"), LESS.items(), ids=LESS)
def test_a_correct_server_with_less_is_conformant(
    laboratory: Laboratory, name: str, fault: Fault, said: object
) -> None:
    async def served(request: Request, serve: Serve) -> Response:
        return await unknown_actions_are_coded(request, lambda asked: fault(asked, serve))  # type: ignore[arg-type]

    features = lacking(name) if said is False else dict.fromkeys(lacking(name), said)
    with laboratory.probe(served, **features) as probe, restored(probe):  # type: ignore[arg-type]
        run = Run(probe, "recording", profile("recording"), 1, Budget())
        for row in [*run.acting, *run.observing]:
            run.decide(row)
        judged = run.finish()
    accused = {r.requirement.id: r.message for r in run.results.values() if r.violated or r.outcome is Outcome.WARN}
    assert (judged, accused) == (Verdict.CONFORMANT, {})
    assert run.results["HTTP-011"].outcome is Outcome.PASS
    assert run.results["HTTP-012"].outcome is Outcome.PASS


@pytest.mark.parametrize("requirement", ["HTTP-011", "HTTP-012"])
def test_a_server_that_has_everything_refuses_nothing(laboratory: Laboratory, requirement: str) -> None:
    with laboratory.probe() as probe:
        assert decide(register()[requirement], probe).outcome is Outcome.EXCLUDED


def test_what_is_said_to_be_absent_and_is_there_is_told(laboratory: Laboratory) -> None:
    with laboratory.probe(faultless, list=False) as probe:
        result = decide(register()["HTTP-011"], probe)
    assert (result.outcome, "features.list is false, yet" in result.message) == (Outcome.FAIL, True)


@pytest.mark.parametrize("answer", [NOT_IMPLEMENTED, NOT_ALLOWED, error(404, "not_found")], ids=["501", "405", "404"])
@pytest.mark.parametrize(
    ("name", "requirement"), [("list", "CALL-020"), ("get", "CALL-050"), ("stop_recording", "REC-030")]
)
def test_what_is_always_refused_comes_with_the_setting_that_says_so(
    laboratory: Laboratory, name: str, requirement: str, answer: Response
) -> None:
    with laboratory.probe(answering({name: answer})) as probe:
        for _ in range(2):
            result = decide(register()[requirement], probe)
    assert result.message.endswith(f"if the target does not offer it, set features.{name} = false")


def test_what_is_refused_once_comes_without_advice(laboratory: Laboratory) -> None:
    async def fault(request: Request, serve: Serve) -> Response:
        wrong = several(request) and "filterBy" in request.parameters
        return NOT_IMPLEMENTED if wrong else await serve(request)

    with laboratory.probe(fault) as probe:
        decide(register()["CALL-020"], probe)
        result = decide(register()["CALL-034"], probe)
    assert (result.outcome, "features." in result.message) == (Outcome.FAIL, False)


def test_a_start_that_is_refused_comes_without_advice(laboratory: Laboratory) -> None:
    async def fault(request: Request, serve: Serve) -> Response:
        return NOT_IMPLEMENTED if starts(request) and request.call == PHONE_CALL.id else await serve(request)

    with laboratory.probe(fault) as probe:
        for _ in range(2):
            result = decide(register()["REC-001"], probe)
    assert (result.outcome, "features." in result.message) == (Outcome.FAIL, False)


CREATES = {"simple": "create", "callback": "callback", "conferenceInvite": "conference_invite"}
TELEPHONY = (*CREATES.values(), "hang_up", *ACTIONS_OF)
NO_ACTION = error(400, "action_invalid")


def feature_of(request: Request) -> str | None:
    """Return the feature that a request asks for, of those for which phone calls are placed."""
    if request.method == "POST":
        return CREATES.get(request.segments[-1])
    if request.method == "DELETE":
        return "hang_up"
    return next((name for name, actions in ACTIONS_OF.items() if request.action in actions), None)


def telephony_found(laboratory: Laboratory, fault: Fault) -> tuple[dict[str, object], int]:
    """Return the features that are found to be offered, where none is known, and how many calls there are then."""
    with laboratory.probe(fault, telephony=True, **dict.fromkeys(TELEPHONY, "unknown")) as probe:  # type: ignore[arg-type]
        before = probe.telephone.ids()
        with restored(probe):
            features = probe.target.features.model_dump(include=set(TELEPHONY))
        return features, len(probe.telephone.ids() ^ before)


def test_a_server_with_the_whole_service_is_found_to_have_it(laboratory: Laboratory) -> None:
    assert telephony_found(laboratory, faultless) == (dict.fromkeys(TELEPHONY, True), 0)


@pytest.mark.parametrize("name", TELEPHONY)
@pytest.mark.parametrize("answer", [NOT_IMPLEMENTED, error(405, "method", allow="GET")], ids=["501", "405"])
def test_what_of_the_service_is_absent_is_found_to_be_so(laboratory: Laboratory, name: str, answer: Response) -> None:
    async def fault(request: Request, serve: Serve) -> Response:
        return answer if feature_of(request) == name else await serve(request)

    features, _ = telephony_found(laboratory, fault)
    assert features == {other: other != name for other in TELEPHONY}


def test_an_action_that_is_refused_otherwise_than_one_that_nobody_has_is_offered(laboratory: Laboratory) -> None:
    async def fault(request: Request, serve: Serve) -> Response:
        return NO_ACTION if request.action == "NoSuchAction" else await serve(request)

    with laboratory.probe(fault, telephony=True, park="unknown") as probe, restored(probe):  # type: ignore[arg-type]
        assert any("features.park is unknown, and was found to be true" in said for said in probe.session.warnings)


def test_an_action_that_is_refused_like_one_that_nobody_has_may_be_offered(laboratory: Laboratory) -> None:
    async def fault(request: Request, serve: Serve) -> Response:
        return NO_ACTION if request.action in {"NoSuchAction", "Park"} else await serve(request)

    with laboratory.probe(fault, telephony=True, park="unknown") as probe, restored(probe):  # type: ignore[arg-type]
        assert any("which tells neither" in said for said in probe.session.warnings)
        assert probe.target.features.park is True
