"""The public clients of the service, and the sandbox as a server that they were told of: over HTTPS.

They are the vendor's four sets of samples (in PHP, Perl, Python and Ruby), its demonstration applications, its client
of today, and clients of three other makers, which talk to servers in the field. What they send is written down here and
in the tests anew, from what is known of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.desk import USER
from sandbox.process import connect


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    kind: str
    content: bytes

    def json(self) -> Any:
        """Return the body, which has to be JSON: the clients parse every one, and follow no redirect."""
        assert self.kind == "application/json"
        assert not 300 <= self.status < 400
        return json.loads(self.content)

    def done(self) -> Any:
        """Return the body of an answer to a request that was carried out."""
        assert self.status == 200, self.content
        return self.json()


@dataclass(frozen=True)
class Server:
    """The sandbox, as a server that a client was told of."""

    target: dict[str, Any]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.target["base_url"])
        return f"{parts.scheme}://{parts.netloc}"

    def follow(self, url: str, headers: dict[str, str]) -> Answer:
        """Get what a URL of an answer leads to."""
        assert url.startswith(f"{self.origin}/")
        return self.send("GET", url.removeprefix(self.origin), headers)

    def send(
        self, method: str, target: str, headers: dict[str, str], body: str | None = None, *, verify: bool = True
    ) -> Answer:
        """Send a request target as it is, and no header but `Host`, `Content-Length` and those given."""
        connection = connect(self.target, verify=verify)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            sent = {**headers, **({} if body is None else {"Content-Length": str(len(body))})}
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body.encode() if body is not None else None)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers.get_content_type(), answer.read())
        finally:
            connection.close()

    def sample(self, method: str, path: str, body: object = None, *, verify: bool = True) -> Answer:
        """Send a request as the samples and the applications do, with a body in JSON if there is one."""
        return self.send(method, path, usual(), None if body is None else json.dumps(body), verify=verify)

    def control(self, method: str, path: str, body: object = None) -> None:
        content = None if body is None else json.dumps(body)
        assert self.send(method, f"/control/{path}", usual(), content).status in {200, 204}

    def wait(self, seconds: float) -> None:
        """Let time pass for the telephones, and for nobody else."""
        self.control("POST", "clock", {"advance": seconds})

    def find(self, call_id: str) -> dict[str, Any] | None:
        """Return a phone call, or None where it is over."""
        entries = self.sample("GET", f"/uapi/phoneCalls/@owner/@self/{call_id}").done()["entry"]
        return entries[0] if entries else None

    def views(self, call_id: str) -> dict[str, dict[str, Any]]:
        """Return the views of a phone call that goes on, by the extensions that they are of."""
        call = self.find(call_id)
        assert call is not None
        return {view["extension"]: view for view in call["phoneCallView"]}

    def on_call(self, call_id: str) -> set[str]:
        """Return the extensions that talk in a phone call."""
        return {number for number, view in self.views(call_id).items() if int(view["status"]) == 5}


def usual(token: str = USER) -> dict[str, str]:
    """Return the headers that the clients send with every request, with GET and DELETE too."""
    return {"Content-type": "application/json", "Authorization": f"Bearer {token}"}


class ClientOfToday:
    """The vendor's client of today: each URL ends with a slash, and what it was not told it leaves out."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.headers = {
            "Content-Type": "application/json",
            "User-Agent": "VoipNow Calls",
            "Authorization": f"Bearer {USER}",
            "accept": "*/*",  # Node adds this and the next.
            "sec-fetch-mode": "cors",
        }

    def list(self, extension: str, call_id: str = "", **query: str) -> Answer:
        told = {"count": query.pop("count", "20"), "startIndex": query.pop("startIndex", "0"), **query}
        return self._send("GET", (extension, call_id), told)

    def update(self, extension: str, call_id: str, **payload: object) -> Answer:
        return self._send("PUT", (extension, call_id), {}, payload)

    def create(self, kind: str, view: dict[str, object], payload: dict[str, object], **query: str) -> Answer:
        return self._send("POST", (kind,), query, {"phoneCallView": [view], **payload})

    def hang_up(self, extension: str, call_id: str = "", **query: str) -> Answer:
        return self._send("DELETE", (extension, call_id), query)

    def _send(
        self, method: str, parts: tuple[str, ...], query: dict[str, str], payload: dict[str, object] | None = None
    ) -> Answer:
        path = "/".join(part for part in ("@me", *parts) if part)
        told = f"?{urlencode(query)}" if query else ""
        body = None if payload is None else json.dumps(payload, separators=(",", ":"))
        return self.server.send(method, f"/uapi/phoneCalls/{path}/{told}", self.headers, body)
