"""The phone calls of the kit's own: placed when they are needed, used again, and hung up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mutants.messages import Request, Response, error
from mutants.world import CALLER, ROLES
from uapi.conformance.calls import phone_calls
from uapi.conformance.checks.registry import BY_PHONE
from uapi.conformance.engine import decide
from uapi.conformance.errors import UnreachableError
from uapi.conformance.finding import Excluded, NotExercised
from uapi.conformance.interruption import Terminated
from uapi.conformance.outcome import Outcome
from uapi.conformance.register import register
from uapi.conformance.target import PhoneCall

if TYPE_CHECKING:
    from mutants.laboratory import Laboratory
    from mutants.mutant import Fault, Serve
    from uapi.conformance.probe import Probe


NOTHING = Response(204, (), b"")
NO_CALL = Response(200, (("content-type", "application/json"), ("content-length", "2")), b"[]")


def placed(probe: Probe) -> int:
    return sum(exchange.request.method == "POST" for exchange in probe.session.exchanges)


def fault(**answers: Response) -> Fault:
    """Serve like the sandbox, but for requests of some methods."""

    async def served(request: Request, serve: Serve) -> Response:
        return answers[request.method] if request.method in answers else await serve(request)

    return served


def test_a_call_that_nothing_was_done_to_is_used_again(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        call = probe.telephone.talking()
        assert probe.telephone.talking() == call
        assert (call.view, call.other_view, placed(probe)) == ("00", "01", 1)


@pytest.mark.parametrize("action", ["OnHold", "Park", "StartRecording"])
def test_a_call_that_something_was_done_to_is_replaced_and_hung_up(laboratory: Laboratory, action: str) -> None:
    with laboratory.probe(telephony=True) as probe:
        call = probe.telephone.talking()
        assert probe.telephone.act(call, action).status == 200
        assert probe.telephone.talking().id != call.id
        assert probe.telephone.has_ended(call)


def test_a_call_that_was_hung_up_is_replaced(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        call = probe.telephone.talking()
        probe.telephone.end(call)
        assert probe.telephone.talking().id != call.id


def test_a_call_that_nobody_answers_rings(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        call = probe.telephone.ringing()
        views = (probe.telephone.shown(call) or {})["phoneCallView"]
        assert {view["id"]: view["status"] for view in views}[call.view] == "3"


def test_who_does_not_answer_in_time_is_said(laboratory: Laboratory) -> None:
    numbers = ROLES.create.model_copy(update={"destination": "0003*217", "answer_timeout_seconds": 0.05})  # type: ignore[union-attr]
    with laboratory.probe(roles=ROLES.model_copy(update={"create": numbers}), telephony=True) as probe:
        with pytest.raises(NotExercised, match="was not answered by both parties"):
            probe.telephone.talking()
        probe.clean_up()
        assert probe.session.guard.placed == {}


def test_without_numbers_nothing_is_placed(laboratory: Laboratory) -> None:
    with laboratory.probe(roles=ROLES.model_copy(update={"create": None}), telephony=True) as probe:
        with pytest.raises(NotExercised, match=r"create\.source"):
            probe.telephone.talking()
        assert probe.session.exchanges == []


def test_what_the_target_does_not_offer_is_not_asked_for(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True, create=False) as probe:
        with pytest.raises(Excluded, match=r"features\.create"):
            probe.telephone.talking()
        assert probe.session.exchanges == []


def test_a_role_that_the_target_does_not_name_is_said(laboratory: Laboratory) -> None:
    with (
        laboratory.probe(roles=ROLES.model_copy(update={"unanswered": None}), telephony=True) as probe,
        pytest.raises(NotExercised, match=r"unanswered\.extension"),
    ):
        probe.telephone.ringing()


def test_all_calls_are_hung_up_at_the_end(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True) as probe:
        calls = [probe.telephone.place() for _ in range(3)]
        probe.clean_up()
        assert all(probe.telephone.shown(call) is None for call in calls)
        assert probe.session.warnings == []


def test_a_call_that_may_go_on_is_told(laboratory: Laboratory) -> None:
    with laboratory.probe(fault(DELETE=NOTHING), telephony=True) as probe:
        call = probe.telephone.place()
        probe.clean_up()
        assert probe.session.warnings == [f"the phone call {call.id}, which the kit placed, may go on: look at it"]


def test_where_nobody_hangs_up_a_call_that_may_go_on_is_told(laboratory: Laboratory) -> None:
    with laboratory.probe(telephony=True, hang_up=False) as probe:
        call = probe.telephone.place()
        probe.clean_up()
        assert any(call.id in warning for warning in probe.session.warnings)
        assert not any(exchange.request.method == "DELETE" for exchange in probe.session.exchanges)


@pytest.mark.parametrize("answer", [NO_CALL, NOTHING], ids=["200", "204"])
def test_a_call_whose_id_was_not_told_is_found_and_hung_up(laboratory: Laboratory, answer: Response) -> None:
    async def served(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        return answer if request.method == "POST" else response

    with laboratory.probe(served, telephony=True) as probe:
        before = probe.telephone.ids()
        probe.telephone.create(probe.telephone.order())
        assert len(probe.telephone.ids()) == len(before) + 1
        probe.clean_up()
        assert probe.telephone.ids() == before
        assert probe.session.warnings == []


def test_a_call_whose_id_nobody_knows_is_told(laboratory: Laboratory) -> None:
    async def served(request: Request, serve: Serve) -> Response:
        response = await serve(request)
        if request.method == "POST":
            return NOTHING
        return response.with_calls(lambda call: call.pop("nonce", None))

    with laboratory.probe(served, telephony=True) as probe:
        probe.telephone.create(probe.telephone.order())
        probe.clean_up()
        assert "no id is known: a phone call may go on" in probe.session.warnings[0]


def test_a_refused_request_loses_no_call(laboratory: Laboratory) -> None:
    with laboratory.probe(fault(POST=error(400, "request_invalid")), telephony=True) as probe:
        with pytest.raises(NotExercised, match="which is for MAKE-005 to say: 400 request_invalid"):
            probe.telephone.talking()
        probe.clean_up()
        assert probe.session.warnings == []


def test_the_recorded_call_can_be_one_that_is_placed(laboratory: Laboratory) -> None:
    roles = ROLES.model_copy(update={"phone_call": PhoneCall(source="create")})
    with laboratory.probe(roles=roles, telephony=True) as probe, phone_calls(probe.session, 2):
        call, other = probe.target.phone_call, probe.target.phone_call.further[0]
        assert call.view_id == "00"
        assert other.extension == CALLER.extension
        assert probe.start().status == 200
        assert list(probe.recordings()) == ["00", "01"]
        probe.clean_up()
        assert not {call.id, other.id} & probe.telephone.ids()


def test_a_call_that_cannot_be_placed_to_be_recorded_is_said(laboratory: Laboratory) -> None:
    roles = ROLES.model_copy(update={"phone_call": PhoneCall(source="create")})
    with (
        laboratory.probe(fault(POST=error(501, "request_not_implemented")), roles, telephony=True) as probe,
        pytest.raises(UnreachableError, match="501 request_not_implemented"),
        phone_calls(probe.session),
    ):
        pass


@pytest.mark.parametrize(("method", "asked"), [("POST", "POST http"), ("DELETE", "DELETE http")])
@pytest.mark.parametrize("requirement", ["AUTH-003", "AUTH-004", "AUTH-005"])
def test_who_needs_no_valid_token_to_place_or_hang_up_is_found(
    laboratory: Laboratory, requirement: str, method: str, asked: str
) -> None:
    async def served(request: Request, serve: Serve) -> Response:
        return await serve(request.with_token(CALLER.token) if request.method == method else request)  # type: ignore[arg-type]

    with laboratory.probe(served, telephony=True) as probe:
        result = decide(register()[requirement], probe)
        probe.clean_up()
    assert result.violated
    blamed = result.exchanges[-1].request
    assert f"{blamed.method} {blamed.url}".startswith(asked)


def test_a_call_that_was_asked_for_when_the_run_was_interrupted_is_hung_up(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with laboratory.probe(telephony=True) as probe:
        before = probe.telephone.ids()
        transport = probe.session._transport  # noqa: SLF001 - a signal comes between a request and its answer
        send = transport.send

        def interrupted(*given: Any, **options: Any) -> Any:
            send(*given, **options)
            raise Terminated

        with monkeypatch.context() as patch:
            patch.setattr(transport, "send", interrupted)
            with pytest.raises(Terminated):
                probe.telephone.create(probe.telephone.order())
        assert len(probe.telephone.ids()) == len(before) + 1
        probe.clean_up()
        assert probe.telephone.ids() == before
        assert probe.session.warnings == []


@pytest.mark.parametrize("requirement", sorted(BY_PHONE))
def test_without_numbers_no_check_asks_for_a_phone_call(laboratory: Laboratory, requirement: str) -> None:
    with laboratory.probe(roles=ROLES.model_copy(update={"create": None})) as probe:
        result = decide(register()[requirement], probe)
        assert result.outcome is Outcome.NOT_EXERCISED, result.message
        assert "create.source" in result.message
