"""A line to place phone calls with, on a clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import ADMINISTRATOR

if TYPE_CHECKING:
    from httpx2 import Response

    from sandbox.conftest import Clock
    from sandbox.desk import Desk

SOURCE, DESTINATION, SECOND, SILENT = "0003*214", "0003*215", "0003*216", "0003*217"
"""Extensions of the user 12: three that answer after 5 milliseconds, and one that never does."""
BETWEEN = 0.0075
"""After how many seconds the first of the three has answered, and the second of them rings."""
COLLEAGUE, FOREIGN = "0003*220", "0004*210"
CALLBACK, CONFERENCE = "0003*218", "0003*219"
PUBLIC, BUSY, UNANSWERED, SLOW = "5550190", "5550191", "5550192", "5550193"
"""Public numbers; the last one answers after five seconds."""


@dataclass
class Line:
    """Places phone calls, looks at them and acts on them, as the user 12."""

    desk: Desk
    clock: Clock

    def dial(self, source: Any = SOURCE, destination: Any = DESTINATION, query: str = "", **members: Any) -> str:
        """Place a simple call and return its id."""
        view = {"source": source, "destination": destination, **members.pop("view", {})}
        body = {"extension": SOURCE, "phoneCallView": [view], **members}
        response = self.desk.post(f"@me/simple{query}", body)
        assert response.status_code == 200, response.text
        [call] = response.json()
        return str(call["id"])

    def talk(self, source: Any = SOURCE, destination: Any = DESTINATION, query: str = "", **members: Any) -> str:
        """Place a simple call, and wait until it was answered."""
        call_id = self.dial(source, destination, query, **members)
        self.wait(10)
        assert "answered" in self.call(call_id)
        return call_id

    def wait(self, seconds: float = 1) -> None:
        self.clock.advance(seconds)

    def find(self, call_id: str) -> dict[str, Any] | None:
        """Return a call, or None where it has ended."""
        found = self.desk.entries(f"@owner/@self/{call_id}", token=ADMINISTRATOR)
        return found[0] if found else None

    def call(self, call_id: str) -> dict[str, Any]:
        found = self.find(call_id)
        assert found is not None
        return found

    def views(self, call_id: str) -> dict[str, dict[str, Any]]:
        """Return the views of a call by the extensions that they are of."""
        return {view["extension"]: view for view in self.call(call_id)["phoneCallView"]}

    def states(self, call_id: str) -> dict[str, str]:
        """Return the status of each extension's view."""
        return {number: view["status"] for number, view in self.views(call_id).items()}

    def send(self, call_id: str, action: str, view_of: str | None = None, **members: Any) -> Response:
        """Send an action, on the view of an extension."""
        named = {} if view_of is None else {"phoneCallViewId": self.views(call_id)[view_of]["id"]}
        return self.desk.put(f"@me/@self/{call_id}", {"action": action, **named, **members})

    def act(self, call_id: str, action: str, view_of: str | None = None, **members: Any) -> dict[str, Any]:
        """Carry out an action, and return the answer."""
        response = self.send(call_id, action, view_of, **members)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        assert answer == self.desk.entries(f"@me/@self/{call_id}")[0]
        return answer

    def refused(self, call_id: str, action: str, view_of: str | None = None, **members: Any) -> str:
        """Have an action refused, which changes nothing, and return the message."""
        before = self.call(call_id)
        response = self.send(call_id, action, view_of, **members)
        assert response.status_code == 400, response.text
        assert self.call(call_id) == before
        message: str = response.json()["error"]["message"]
        return message


@pytest.fixture
def line(desk: Desk, clock: Clock) -> Line:
    return Line(desk, clock)
