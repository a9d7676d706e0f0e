"""Checks of REC: starting and stopping a recording."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.answers import moment, phone_calls_of, recordings_of, views_of
from uapi.conformance.checks import expect
from uapi.conformance.checks.registry import check, observe
from uapi.conformance.finding import Excluded, Failed, NotExercised
from uapi.conformance.place import Place
from uapi.conformance.probe import NO_SUCH_VIEW

if TYPE_CHECKING:
    from uapi.conformance.exchange import Exchange
    from uapi.conformance.probe import Probe

WRONG_FORMATS: Final = ("mp3", "WAV", "Wav49", "wav ", "wav-49", "")
WRONG_FORMAT_TYPES: Final[tuple[object, ...]] = (None, 49, True, ["wav"], {"format": "wav"})
WRONG_VIEW_TYPES: Final[tuple[object, ...]] = (None, 1, True, ["01"], {"id": "01"}, "")
WRONG_ACTIONS: Final[tuple[object, ...]] = ("NoSuchAction", "startrecording", "STARTRECORDING", "", None, 7)
MALFORMED: Final = (b"", b"{", b'{"action": "StartRecording",}', b"action=StartRecording", b'{"action": "\xff"}')


def body(probe: Probe, action: str = "StartRecording", **members: object) -> dict[str, object]:
    """Return the body of an action on the view under test, with members added or replaced."""
    return {"action": action, "phoneCallViewId": probe.view, **members}


def recorded(probe: Probe, exchange: Exchange, view: str) -> str:
    """Expect an updated phone call whose view is being recorded; return its `recording`."""
    value = recordings_of(expect.updated(probe, exchange)).get(view)
    if not isinstance(value, str):
        raise Failed(f"the view {view} of the answer carries no recording", exchange)
    return value


def started(probe: Probe, *views: str) -> list[str]:
    """Start the recordings of views from silence; return their `recording` values."""
    probe.quiet(*views)
    return [recorded(probe, probe.start(view=view), view) for view in views]


def no_such_views(probe: Probe) -> list[str]:
    """Return ids that no view of the phone call has, one of them a near miss of the view under test."""
    known = set(probe.recordings()) if probe.target.features.get else {probe.view}
    near = probe.view.lstrip("0") or "0"
    return [view for view in (NO_SUCH_VIEW, "99", near, f"{probe.view}0") if view not in known]


@check("REC-001")
def a_recording_is_started(probe: Probe) -> None:
    """The page's request is answered with 200."""
    probe.quiet()
    expect.carried_out(probe, probe.start(format="wav"))


@check("REC-002")
def the_answer_is_the_phone_call(probe: Probe) -> None:
    """The answer is one phone call; an array with it is tolerated with a warning (D-17)."""
    probe.quiet()
    expect.updated(probe, probe.start(), strict=True)


@check("REC-003")
def the_answer_has_the_id_of_the_request(probe: Probe) -> None:
    """The id is echoed, whether the extension is named or `@self`."""
    for place in (probe.place, Place("@me", "@self", probe.place.phone_call)):
        probe.quiet()
        exchange = probe.start(place)
        if (found := expect.updated(probe, exchange).get("id")) != place.phone_call:
            raise Failed(f"the answer is about the phone call {found!r}, not {place.phone_call}", exchange)


@check("REC-004")
def the_named_view_is_recorded(probe: Probe) -> None:
    """The view of the request carries `recording`."""
    started(probe, probe.view)


@check("REC-005")
def no_other_view_is_recorded(probe: Probe) -> None:
    """The other views have the `recording` that they had before, in the answer and afterwards."""
    others = {probe.other_view()}
    probe.quiet(probe.view, *others)
    before = probe.recordings()
    exchange = probe.start()
    answer = recordings_of(expect.updated(probe, exchange))
    for seen in (answer, probe.recordings()):
        changed = [view for view, value in seen.items() if view != probe.view and value != before.get(view)]
        if changed:
            raise Failed(f"the view {changed[0]} is recorded, though {probe.view} was named", exchange)


@observe("REC-006")
def recording_is_a_time(exchange: Exchange) -> bool:
    """Each `recording` is a dateTime with an offset."""
    values = [view["recording"] for call in phone_calls_of(exchange) for view in views_of(call) if "recording" in view]
    for value in values:
        if moment(value) is None:
            raise Failed(f"recording is {value!r}, which is no dateTime with an offset", exchange)
    return bool(values)


@observe("REC-007", otherwise="no recorded view of any answer tells when it was answered")
def recording_follows_the_answer(exchange: Exchange) -> bool:
    """No view is recorded from before it was answered."""
    applied = False
    for call in phone_calls_of(exchange):
        for view in views_of(call):
            answered, began = moment(view.get("answered")), moment(view.get("recording"))
            if answered is None or began is None:
                continue
            applied = True
            if began < answered:
                text = f"recording {view['recording']} is before answered {view['answered']}"
                raise Failed(text, exchange)
    return applied


@check("REC-008", once=True)
def a_call_that_ends_is_answered_with_204(probe: Probe) -> None:
    """The phone call that ends while it is updated is named by the target configuration."""
    expect.status(probe.ending(), 204)


@check("REC-009")
def the_format_may_be_left_out(probe: Probe) -> None:
    """A request without `format` records."""
    started(probe, probe.view)


@check("REC-010")
def wav_is_accepted(probe: Probe) -> None:
    """A request with `wav` records."""
    probe.quiet()
    recorded(probe, probe.start(format="wav"), probe.view)


@check("REC-011")
def wav49_is_accepted(probe: Probe) -> None:
    """A request with `wav49` records."""
    probe.quiet()
    recorded(probe, probe.start(format="wav49"), probe.view)


@check("REC-013")
def another_format_is_refused(probe: Probe) -> None:
    """Strings that are not `wav` and `wav49`, spelled so (D-06)."""
    expect.refused_with((probe.start(format=value) for value in WRONG_FORMATS), "pc_recformat_invalid")


@check("REC-014")
def a_format_of_another_type_is_refused(probe: Probe) -> None:
    """Null and every other JSON type (D-06)."""
    expect.refused_with((probe.start(format=value) for value in WRONG_FORMAT_TYPES), "pc_recformat_invalid")


@check("REC-015")
def a_missing_view_is_refused(probe: Probe) -> None:
    """A body without `phoneCallViewId`, with and without a format."""
    bodies: tuple[dict[str, str], ...] = ({"action": "StartRecording"}, {"action": "StartRecording", "format": "wav"})
    expect.refused_with((probe.update(value) for value in bodies), "pc_phonecallview_invalid")


@check("REC-016")
def an_unknown_view_is_refused(probe: Probe) -> None:
    """Ids of views that the phone call does not have."""
    exchanges = (probe.start(view=view) for view in no_such_views(probe))
    expect.refused_with(exchanges, "pc_phonecallview_invalid")


@check("REC-017")
def a_view_of_another_type_is_refused(probe: Probe) -> None:
    """Null, every other JSON type, and the empty string."""
    bodies = [body(probe, phoneCallViewId=value) for value in WRONG_VIEW_TYPES]
    expect.refused_with((probe.update(value) for value in bodies), "pc_phonecallview_invalid")


@check("REC-018")
def undocumented_members_are_ignored(probe: Probe) -> None:
    """A body with two members more, one of them the misprint of `format` (D-05, D-37)."""
    probe.quiet()
    recorded(probe, probe.start(recFormat="mp3", colour="blue"), probe.view)


@check("REC-019")
def malformed_json_is_refused(probe: Probe) -> None:
    """Bodies that are no JSON, the empty one among them."""
    expect.refused_with((probe.update(value) for value in MALFORMED), None)


@check("REC-020")
def json_that_is_no_object_is_refused(probe: Probe) -> None:
    """Arrays, strings, numbers and null."""
    values: tuple[Any, ...] = ([], [body(probe)], "StartRecording", 7, None, True)
    expect.refused_with((probe.update(value) for value in values), None)


@check("REC-021")
def a_missing_action_is_refused(probe: Probe) -> None:
    """An empty object, and one with all but the action."""
    expect.refused_with((probe.update(value) for value in ({}, {"phoneCallViewId": probe.view})), None)


@check("REC-022")
def an_unknown_action_is_refused(probe: Probe) -> None:
    """Names that are no action, an action in another case, and other types."""
    for value in WRONG_ACTIONS:
        expect.refusal(probe.update(body(probe, action=value)), {400, 501})  # type: ignore[arg-type]


@check("REC-023")
def a_recording_is_seen_later(probe: Probe) -> None:
    """A later GET shows the recording of the answer, also on another connection, which may lead to another node."""
    (value,) = started(probe, probe.view)
    get = probe.request("GET", probe.place, operation="getPhoneCall")
    for later in (probe.session.send(get), probe.session.send_raw(get)):
        found = recordings_of(expect.only_entry(later, str(probe.place.phone_call))).get(probe.view)
        if found is None:
            raise Failed("a GET after the start shows no recording on the view", later)
        if moment(found) != moment(value):
            raise Failed(f"a GET after the start shows the recording {found}, the answer had {value}", later)


@check("REC-024")
def a_recording_begins_now(probe: Probe) -> None:
    """`recording` is the time of the server, measured by the `Date` of its answer."""
    probe.need("stop-recording")
    probe.quiet()
    exchange = probe.start()
    began = moment(recorded(probe, exchange, probe.view))
    if began is not None:
        expect.server_time(exchange, began, "the recording")


@check("REC-025")
def refused_requests_change_nothing(probe: Probe) -> None:
    """Refused requests neither start a recording nor end one."""
    attempts = [
        body(probe, format="mp3"),
        body(probe, format=None),
        body(probe, action="NoSuchAction"),
        body(probe, phoneCallViewId=NO_SUCH_VIEW),
        {"phoneCallViewId": probe.view},
        [body(probe)],
    ]
    probe.quiet()
    _unchanged_by(probe, attempts, "StartRecording")
    probe.start()
    attempts.append(body(probe, "StopRecording", phoneCallViewId=NO_SUCH_VIEW))
    _unchanged_by(probe, attempts, "StopRecording")


def _unchanged_by(probe: Probe, attempts: list[Any], action: str) -> None:
    """Expect that wrong bodies, and an action of a user who does not exist, change nothing where they are refused."""
    nobody = replace(probe.place, user="nosuchuser")
    before = probe.recordings()
    for attempt, place in [*((attempt, probe.place) for attempt in attempts), (body(probe, action), nobody)]:
        exchange = probe.update(attempt, place)
        after = probe.recordings()
        if exchange.status in range(400, 600) and after != before:
            raise Failed("a refused request changed a recording", exchange, probe.session.exchanges[-1])
        before = after  # what was not refused is the business of others


@check("REC-026")
def a_second_start_is_not_prescribed(probe: Probe) -> None:
    """Recording what is recorded already (D-24)."""
    started(probe, probe.view)
    expect.status(probe.start(), 200, 204, 400)


@check("REC-027")
def a_terminal_that_is_not_set_up_is_refused(probe: Probe) -> None:
    """The phone call on such a terminal is named by the target configuration (D-25)."""
    call = probe.target.unrecordable_call
    if call is None:
        raise NotExercised("the target names no unrecordable_call")
    place = Place("@me", call.extension, call.id)
    exchange = probe.start(place, view=call.view_id)
    expect.documented_refusal(exchange)
    if probe.target.features.get and probe.recordings(place).get(call.view_id) is not None:
        raise Failed("the view is recorded although its terminal is not set up for it", exchange)


@check("REC-030")
def a_recording_is_stopped(probe: Probe) -> None:
    """The answer to a StopRecording is the phone call."""
    started(probe, probe.view)
    exchange = probe.stop()
    if expect.updated(probe, exchange).get("id") != probe.place.phone_call:
        raise Failed("the answer is about another phone call", exchange)


@check("REC-031")
def a_stopped_recording_is_gone(probe: Probe) -> None:
    """Neither the answer nor a later GET shows the recording."""
    started(probe, probe.view)
    exchange = probe.stop()
    if recordings_of(expect.updated(probe, exchange)).get(probe.view) is not None:
        raise Failed("the answer to the stop shows the recording still", exchange)
    if probe.target.features.get and probe.recordings().get(probe.view) is not None:
        raise Failed("a GET after the stop shows the recording still", exchange, probe.session.exchanges[-1])


@check("REC-032")
def stopping_one_view_leaves_the_other(probe: Probe) -> None:
    """Two views are recorded, one is stopped, the other goes on with the time it had."""
    other = probe.other_view()
    probe.quiet(probe.view, other)
    exchange = probe.start(view=other)
    if exchange.status in range(400, 500):
        raise NotExercised(f"the other view, {other}, cannot be recorded on this target")
    value = recorded(probe, exchange, other)
    recorded(probe, probe.start(), probe.view)
    stop = probe.stop()
    found = probe.recordings().get(other)
    probe.quiet(other)
    if found != value:
        raise Failed(f"the recording of the view {other} was {value} and became {found}", stop)


@check("REC-033")
def stopping_silence_is_not_prescribed(probe: Probe) -> None:
    """Stopping what is not recorded (D-39)."""
    probe.quiet()
    expect.status(probe.stop(), 200, 204, 400)


@check("REC-034")
def a_stop_without_a_view_is_refused(probe: Probe) -> None:
    """A StopRecording without `phoneCallViewId`."""
    probe.need("stop-recording")
    expect.refusal(probe.update({"action": "StopRecording"}), {400})


@check("REC-035")
def a_stop_of_an_unknown_view_has_the_code(probe: Probe) -> None:
    """A StopRecording with a missing or unknown view, by analogy with StartRecording (D-39)."""
    probe.need("stop-recording")
    bodies: list[dict[str, str]] = [{"action": "StopRecording"}]
    bodies += [{"action": "StopRecording", "phoneCallViewId": view} for view in no_such_views(probe)]
    expect.refused_with((probe.update(value) for value in bodies), "pc_phonecallview_invalid")


@check("HTTP-003", once=True)
def a_204_has_no_body(probe: Probe) -> None:
    """A 204 is provoked with an idle extension and with a phone call that ends, and read from the connection itself."""
    exchanges = []
    if probe.target.idle is not None and probe.target.features.list:
        idle = Place("@me", probe.target.idle.extension)
        exchanges.append(probe.session.send_raw(probe.request("GET", idle, operation="listPhoneCalls")))
    if probe.target.ending_call is not None:
        exchanges.append(probe.ending())
    if not exchanges:
        raise NotExercised("the target names neither an idle extension nor an ending_call to provoke a 204 with")
    empty = [exchange for exchange in exchanges if exchange.status == 204]  # noqa: PLR2004 - HTTP status
    for exchange in empty:
        if exchange.response and exchange.response.body:
            raise Failed(f"the 204 answer has a body of {len(exchange.response.body)} bytes", exchange)
    if not empty:
        seen = ", ".join(str(exchange.status) for exchange in exchanges)
        raise Excluded(f"the target does not answer 204 where it may: it answered {seen}")
