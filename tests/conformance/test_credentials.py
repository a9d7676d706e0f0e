"""Tokens: from a program or a token endpoint, renewed in time, and shown to nobody."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

import pytest

from conformance.loopback import Line, Received, answering, recording, serving
from conformance.made import target, wire
from mutants.world import CALLER
from uapi.conformance.credentials import Credentials
from uapi.conformance.embedded import sandbox
from uapi.conformance.errors import ConformanceError, TargetError, UnreachableError
from uapi.conformance.probe import Probe
from uapi.conformance.session import Session, preflight
from uapi.conformance.target import OAuth, Target, User, load_target
from uapi.conformance.target.model import Expired
from uapi.conformance.transport import Answer, Fault, Kind, Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.loopback import Script

SECRET = "c1ient/s3cret&"
TOKEN = "g0tten+t0ken/1="
REFUSAL = wire(b'{"error": {"code": "access_denied", "message": "No."}}', status=401, WWW_Authenticate="Bearer")


def app(token_url: str, **settings: Any) -> OAuth:
    return OAuth(token_url=token_url, client_id="the-app", client_secret=SECRET, **settings)


def user(**credentials: Any) -> User:
    return User(user_id=CALLER.user_id, extension=CALLER.extension, **credentials)


def command(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def granting(token: str = TOKEN, **members: Any) -> bytes:
    return wire(json.dumps({"access_token": token, "token_type": "Bearer", **members}).encode())


class Endpoint:
    """A token endpoint that gives a new token each time, at a clock of its own."""

    def __init__(self, *answers: Answer | Fault, **settings: Any) -> None:
        self.sent: list[Outgoing] = []
        self.now = 0.0
        self.secrets: dict[str, str] = {}
        self._answers = list(answers)
        caller = user(oauth=app("https://pbx.example/oauth/token.php", **settings))
        chosen = target("https://pbx.example/uapi", caller=caller)
        self.credentials = Credentials(chosen, self.secrets, self.send, lambda: self.now)

    def send(self, outgoing: Outgoing) -> Answer:
        self.sent.append(outgoing)
        answer = self._answers.pop(0)
        if isinstance(answer, Fault):
            raise answer
        return answer

    def token(self) -> str:
        return self.credentials.token("caller")


def answer(value: Any, status: int = 200) -> Answer:
    return Answer(status, (("Content-Type", "application/json"),), json.dumps(value).encode())


def grant(number: int, seconds: object = 3600) -> Answer:
    return answer({"access_token": f"token-{number}", "token_type": "bearer", "expires_in": seconds})


def test_a_token_of_the_configuration_is_used_as_it_is() -> None:
    credentials = Credentials(target("http://127.0.0.1/uapi"), {}, Endpoint().send)
    assert credentials.token("caller") == CALLER.token
    assert credentials.after_refusal("caller", str(CALLER.token)) is None


def test_a_client_asks_for_a_token_with_its_own_credentials() -> None:
    endpoint = Endpoint(grant(1), redirect_uri="https://app.example/", scope="calls")
    assert endpoint.token() == "token-1"
    (sent,) = endpoint.sent
    assert (sent.method, sent.url) == ("POST", "https://pbx.example/oauth/token.php")
    assert ("Content-Type", "application/x-www-form-urlencoded") in sent.headers
    assert parse_qs(sent.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["the-app"],
        "client_secret": [SECRET],
        "type": ["unifiedapi"],
        "redirect_uri": ["https://app.example/"],
        "scope": ["calls"],
    }


def test_the_type_can_be_left_out() -> None:
    endpoint = Endpoint(grant(1), type="")
    endpoint.token()
    assert b"type=unifiedapi" not in endpoint.sent[0].body


@pytest.mark.parametrize(
    ("seconds", "kept", "renewed"),
    [(3600, 3539, 3541), ("3600", 3539, 3541), (600, 539, 541), (30, 26, 28), (7200.5, 7140, 7141)],
)
def test_a_token_is_renewed_before_it_expires(seconds: object, kept: float, renewed: float) -> None:
    endpoint = Endpoint(grant(1, seconds), grant(2, seconds))
    assert endpoint.token() == "token-1"
    endpoint.now = kept
    assert endpoint.token() == "token-1"
    endpoint.now = renewed
    assert endpoint.token() == "token-2"


@pytest.mark.parametrize("seconds", [None, "soon", 0, -1, True, [3600]])
def test_a_token_of_unknown_life_is_kept(seconds: object) -> None:
    endpoint = Endpoint(grant(1, seconds))
    endpoint.token()
    endpoint.now = 1e9
    assert endpoint.token() == "token-1"


def test_every_token_is_a_secret() -> None:
    endpoint = Endpoint(grant(1), grant(2))
    endpoint.token()
    endpoint.now = 3600
    endpoint.token()
    assert endpoint.secrets == {"token-1": "$UAPI_CALLER_TOKEN", "token-2": "$UAPI_CALLER_TOKEN"}


def test_a_refused_token_is_renewed_once() -> None:
    endpoint = Endpoint(grant(1), grant(2), grant(3))
    assert endpoint.credentials.after_refusal("caller", endpoint.token()) == "token-2"
    assert endpoint.credentials.after_refusal("caller", "token-1") == "token-2"
    assert endpoint.credentials.after_refusal("caller", "token-2") is None


@pytest.mark.parametrize(
    "failure", [answer({"error": "invalid_client"}, 401), Fault(Kind.REFUSED, "nothing listens"), answer([], 500)]
)
def test_a_renewal_that_fails_leaves_the_old_token_and_says_so(failure: Answer | Fault) -> None:
    endpoint = Endpoint(grant(1), failure)
    endpoint.token()
    endpoint.now = 3590
    assert endpoint.token() == "token-1"
    assert "the token of the caller could not be renewed" in str(endpoint.credentials.problem)


@pytest.mark.parametrize(
    ("failure", "kind", "said"),
    [
        (answer({"error": "invalid_client"}, 401), TargetError, "invalid_client"),
        (answer({"error": "invalid_client", "error_description": "No such App."}, 400), TargetError, "No such App."),
        (answer({"error": {"code": "access_denied"}}, 403), TargetError, "access_denied"),
        (answer({"error": "e", "error_description": f"wrong: {SECRET}"}, 400), TargetError, "$UAPI_"),
        (answer({"error": "e", "error_description": quote(SECRET, safe="")}, 400), TargetError, "$UAPI_"),
        (Answer(404, (), b"<html>"), UnreachableError, "answers 404"),
        (Answer(200, (), b"<html>"), UnreachableError, "answers 200"),
        (Answer(200, (), b"[" * 100_000), UnreachableError, "answers 200"),
        (Answer(302, (("Location", "https://sso.example/"),), b""), UnreachableError, "not followed"),
        (answer({"token_type": "Bearer"}), UnreachableError, "without an access_token"),
        (answer({"access_token": "two words"}), UnreachableError, "without an access_token"),
        (answer({"access_token": 7}), UnreachableError, "without an access_token"),
        (answer({"access_token": "t" * 1_000_000}), UnreachableError, "without an access_token"),
        (answer({"access_token": "a", "token_type": "mac"}), UnreachableError, "no Bearer tokens"),
        (Fault(Kind.TIMEOUT, "no answer in 10 seconds"), UnreachableError, "no answer in 10 seconds"),
    ],
)
def test_a_token_that_is_not_given_is_said(failure: Answer | Fault, kind: type[ConformanceError], said: str) -> None:
    endpoint = Endpoint(failure)
    endpoint.secrets[SECRET] = "$UAPI_CALLER_OAUTH_CLIENT_SECRET"
    with pytest.raises(kind) as caught:
        endpoint.token()
    assert said in str(caught.value)
    assert (caught.value.where, SECRET in str(caught.value)) == ("caller.oauth", False)
    assert caught.value.hint


def test_a_token_request_is_recorded_nowhere_and_its_secrets_are_hidden() -> None:
    echo = wire(json.dumps({"entry": [], "you": [TOKEN, SECRET, quote(TOKEN), quote(SECRET, safe="")]}).encode())
    received: list[Received] = []
    with serving(recording(granting(), received)) as endpoint, serving(answering(echo)) as server:
        chosen = target(server.base_url, caller=user(oauth=app(f"{endpoint.base_url}/token")))
        with Session(chosen) as session:
            preflight(session, Probe(session).first_request())
            exchanges = [*session.exchanges, Probe(session).get(query={"fields": TOKEN})]
    assert len(received) == 1
    shown = json.dumps([exchange.as_json() for exchange in exchanges])
    assert [text for text in (TOKEN, SECRET, quote(TOKEN, safe=""), quote(SECRET, safe="")) if text in shown] == []
    assert dict(exchanges[0].request.headers)["Authorization"] == f"Bearer {TOKEN}"


def test_nothing_shows_the_configured_secrets() -> None:
    chosen = target("http://127.0.0.1/uapi", caller=user(oauth=app("http://127.0.0.1/token")))
    assert SECRET not in repr(chosen)
    assert str(CALLER.token) not in repr(target("http://127.0.0.1/uapi"))


def test_further_headers_go_to_the_token_endpoint_of_the_target_only() -> None:
    headers = {"X-Gateway-Key": "k3y-of-the-gateway"}
    here: list[Received] = []
    there: list[Received] = []
    with serving(recording(granting(), here)) as own, serving(recording(granting(), there)) as other:
        for server in (own, other):
            caller = user(oauth=app(f"http://127.0.0.1:{server.port}/token"))
            with Session(target(own.base_url, caller=caller, headers=headers)) as session:
                session.credentials.get_all()
    assert [request.header("x-gateway-key") for request in (*here, *there)] == ["k3y-of-the-gateway", None]


def refusing(*refused: str) -> Callable[[Line], None]:
    """Answer 401 to some tokens."""

    def script(line: Line) -> None:
        while (request := line.receive()) is not None:
            line.send(REFUSAL if str(request.header("authorization")).removeprefix("Bearer ") in refused else wire())

    return script


def answered(script: Script, *grants: bytes) -> list[int | None]:
    """Return the statuses of three requests by an App's user."""
    with serving(answering(*grants)) as endpoint, serving(script) as server:
        caller = user(oauth=app(f"{endpoint.base_url}/token"))
        with Session(target(server.base_url, caller=caller)) as session:
            answers = [Probe(session).get() for _ in range(3)]
    assert all(exchange in session.exchanges for exchange in answers)
    return [exchange.status for exchange in answers]


def test_a_401_before_its_time_renews_the_token_and_repeats_the_request() -> None:
    assert answered(refusing("one"), granting("one"), granting("two")) == [200] * 3


def test_a_401_to_the_new_token_is_reported() -> None:
    assert answered(refusing("one", "two", "three"), granting("one"), granting("two"), granting("three")) == [401] * 3


def test_a_refused_token_of_the_configuration_is_not_repeated() -> None:
    with serving(refusing(str(CALLER.token))) as server, Session(target(server.base_url)) as session:
        Probe(session).get()
    assert [exchange.status for exchange in session.exchanges] == [401]


def test_an_expired_token_from_a_program_is_not_renewed(tmp_path: Path) -> None:
    count = tmp_path / "count"
    code = f"open({str(count)!r}, 'a').write('x'); print('old')"
    expired = Expired(token_command=command(code))
    with serving(refusing("old")) as server, Session(target(server.base_url, expired=expired)) as session:
        Probe(session).get(principal="expired")
    assert (count.read_text("utf-8"), len(session.exchanges)) == ("x", 1)


def test_a_run_without_a_token_is_over() -> None:
    grants = answering(granting("one", expires_in=0.001), wire(b"", status=500))
    with serving(grants) as endpoint, serving(answering(wire())) as server:
        caller = user(oauth=app(f"{endpoint.base_url}/token"))
        with Session(target(server.base_url, caller=caller)) as session:
            probe = Probe(session)
            while session.gone is None and len(session.exchanges) < 1000:
                probe.get()
            assert "could not be renewed" in str(session.gone)
            assert str(probe.get().fault).startswith("not sent: ")


@pytest.mark.parametrize(
    "code",
    ["print('t0ken')", "print('t0ken\\nmore')", "print(' t0ken ')", "import sys; sys.stdout.write('t0ken')"],
)
def test_a_program_prints_a_token(code: str) -> None:
    with Session(target("http://127.0.0.1/uapi", caller=user(token_command=command(code)))) as session:
        assert Probe(session).token("caller") == "t0ken"
    assert session.secrets["t0ken"] == "$UAPI_CALLER_TOKEN"


def test_a_program_is_run_once(tmp_path: Path) -> None:
    code = f"open({str(tmp_path / 'count')!r}, 'a').write('x'); print('t')"
    with Session(target("http://127.0.0.1/uapi", caller=user(token_command=command(code)))) as session:
        tokens = [Probe(session).token("caller") for _ in range(3)]
    assert (tokens, (tmp_path / "count").read_text("utf-8")) == (["t"] * 3, "x")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (command("print('s3cr3t with spaces')"), "has a space"),
        (command("pass"), "is empty"),
        (command("print('s3cr3t' * 2000)"), "has more than 8192 characters"),
        (command("import sys; [sys.stdout.write('s3cr3t' * 9999) for _ in iter(int, 1)]"), "wrote more than"),
        (command("import sys; [sys.stderr.write('s3cr3t' * 9999) for _ in iter(int, 1)]"), "wrote more than"),
        (command("print('\\ns3cr3t')"), "is empty"),
        (command("import sys; print('s3cr3t', file=sys.stderr); sys.exit(3)"), "ended with 3"),
        (command("import os; print('s3cr3t', flush=True); os.kill(os.getpid(), 9)"), "by the signal 9"),
        (("/no/such/program", "s3cr3t"), "cannot be run"),
        (command("import sys; sys.stdout.buffer.write(b's3cr3t\\xff')"), "has a space or another character"),
    ],
)
def test_a_program_that_prints_no_token_is_said_without_secrets(words: tuple[str, ...], said: str) -> None:
    chosen = target("http://127.0.0.1/uapi", caller=user(token_command=words))
    with Session(chosen) as session, pytest.raises(TargetError, match=said) as caught:
        Probe(session).token("caller")
    assert (caught.value.where, "s3cr3t" in str(caught.value)) == ("caller.token_command", False)


def test_a_program_that_does_not_end_is_ended_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uapi.conformance.credentials.COMMAND_SECONDS", 0.2)
    grandchild = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    chosen = target("http://127.0.0.1/uapi", caller=user(token_command=command(grandchild)))
    with Session(chosen) as session, pytest.raises(TargetError, match="did not end in"):
        Probe(session).token("caller")


def test_the_preflight_gets_every_token() -> None:
    with serving(answering(wire())) as server:
        chosen = target(server.base_url, expired=Expired(token_command=("/no/such/program",)))
        with Session(chosen) as session, pytest.raises(TargetError, match="cannot be run") as caught:
            preflight(session, Probe(session).first_request())
    assert caught.value.where == "expired.token_command"


@pytest.fixture(scope="module")
def sandbox_file() -> Any:
    with sandbox() as file:
        yield file


def test_the_sandbox_gives_tokens(sandbox_file: Path) -> None:
    origin = load_target(sandbox_file, {}, {}).base_url.removesuffix("/uapi")
    oauth = {
        "token_url": f"{origin}/oauth/token.php",
        "client_id": "sandbox-app-user-12",
        "client_secret": "sandbox-secret-user-12",
    }
    chosen: Target = load_target(sandbox_file, {}, {("caller", "oauth", key): value for key, value in oauth.items()})
    with Session(chosen) as session:
        preflight(session, Probe(session).first_request())
        assert [exchange.status for exchange in session.exchanges] == [200]
