"""A little server with a few phone calls, which a test may have fail: what it really records can be looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.made import wire
from mutants.world import CALLER, ENDING_CALL, PHONE_CALL, UNRECORDABLE_CALL

if TYPE_CHECKING:
    from conformance.loopback import Line, Received

NOW = "2026-01-01T00:00:00+00:00"
CALLS = {PHONE_CALL.id: ("00", "01"), UNRECORDABLE_CALL.id: ("00",), ENDING_CALL.id: ("00",)}  # type: ignore[union-attr]
REFUSED = b'{"error": {"code": "pc_phonecall_invalid", "message": "No."}}'


@dataclass
class Desk:
    """Serves GET, List, StartRecording and StopRecording; `recorded` holds pairs of a phone call and a view."""

    recorded: set[tuple[str, str]] = field(default_factory=set)
    requests: list[Received] = field(default_factory=list)
    records_other_views: bool = False
    refuses_all_the_same: bool = False
    """Whether a start is refused, and carried out."""
    refuses_stops: bool = False
    calls: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(CALLS))

    def __call__(self, line: Line) -> None:
        while (request := line.receive()) is not None:
            self.requests.append(request)
            line.send(self._answer(request))
            if request.is_last:
                return

    @property
    def updates(self) -> list[tuple[str, Any]]:
        """The updates so far, as pairs of a phone call and a body."""
        sent = [request for request in self.requests if request.method == "PUT"]
        return [(request.path.rpartition("/")[2], json.loads(request.body)) for request in sent]

    def _answer(self, request: Received) -> bytes:
        *_, extension, last = request.path.split("/")
        if extension in {"@me", CALLER.user_id}:
            return wire(json.dumps({"entry": [self._call(call) for call in self.calls]}).encode())
        if last not in self.calls:
            return wire(REFUSED, status=400)
        if request.method == "GET":
            return wire(json.dumps({"entry": [self._call(last)]}).encode())
        return self._update(last, json.loads(request.body))

    def _update(self, call: str, body: Any) -> bytes:
        view = body["phoneCallViewId"]
        if body["action"] == "StopRecording":
            if self.refuses_stops:
                return wire(REFUSED, status=400)
            self.recorded.discard((call, view))
        else:
            self.recorded |= {
                (call, other) for other in self.calls[call] if (other != view) == self.records_other_views
            }
            if self.refuses_all_the_same:
                return wire(REFUSED, status=400)
        return wire(json.dumps(self._call(call)).encode())

    def _call(self, call: str) -> dict[str, Any]:
        views = [{"id": view, "extension": CALLER.extension, "status": 5} for view in self.calls[call]]
        for view in views:
            if (call, view["id"]) in self.recorded:
                view["recording"] = NOW
        return {"id": call, "answered": NOW, "phoneCallView": views}
