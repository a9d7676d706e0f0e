"""Bad targets, end to end: the kit is a process of its own, and the server does its worst to it.

It does so from the first request, or after it was healthy for a while. In either case the run ends by itself, its
reports are written, nobody passes who was not looked at, and no credentials leave for another host.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from conformance.hostile import (
    HEAD,
    Turncoat,
    bomb,
    closing,
    crowded,
    dense,
    dripping,
    flooding,
    leaving,
    repeating,
    resetting,
    silent,
)
from conformance.kit import run_kit
from conformance.loopback import recording, serving
from conformance.made import wire
from mutants.world import PHONE_CALL, ROLES, WORLD
from sandbox.live import serving as serving_app
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.store import Store
from uapi.sandbox.target_file import target_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conformance.kit import Ended
    from conformance.loopback import Received, Script

SCHEMA = json.loads(files("uapi.conformance.report").joinpath("report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
REPORTS = {"report.html", "report.json", "report.schema.json", "junit.xml", "report.md", "report.sarif", "badge.json"}
TOKENS = list(ROLES.secrets())
MOST_MIB = 400
SOON = "timeout_seconds = 0.5\n"
PATIENT = "timeout_seconds = 10\n"
"""How long the kit waits for an answer: what hangs or drips costs little."""
HEALTHY = 40
"""After how many requests a server turns bad: in the midst of the checks."""


@dataclass(frozen=True)
class Bad:
    """What a server does, and what becomes of it."""

    script: Script
    said: str
    """What is said of it from the first request on."""
    fails: str | None = None
    """The requirement that fails where it turns bad later; where None, it is taken for gone."""
    settings: str = PATIENT
    """How long an answer may take: long where it comes at all, also from a busy machine."""


def told(body: str) -> Callable[[str], bytes]:
    """Return an answer that repeats the credentials of the request in a header and in its body."""
    return lambda credentials: wire(body.replace("CREDENTIALS", credentials).encode(), X_Told=credentials)


TARGETS = {
    "hangs": Bad(silent, "no answer in 0.5 seconds", settings=SOON),
    "drips a byte a second": Bad(
        dripping(bytes(100), HEAD, seconds=100.0), "no whole answer in 0.5 seconds", settings=SOON
    ),
    "resets": Bad(resetting, "the connection was reset"),
    "closes in the middle": Bad(closing(HEAD + b"Content-Length: 9\r\n\r\n{"), "closed in the middle of the answer"),
    "sends a gigabyte": Bad(flooding, "the answer is larger than"),
    "goes away": Bad(leaving, "the connection was closed before an answer came"),
    "sends a bomb": Bad(repeating(lambda _: bomb()), "a compressed body (gzip)", "HTTP-013"),
    "redirects to itself": Bad(closing(wire(status=302, Location="/uapi")), "the target redirects (302)", "REC-001"),
    "sends broken JSON": Bad(repeating(told('{"entry": ["CREDENTIALS"')), "the body is not JSON", "HTTP-002"),
    "nests JSON deeply": Bad(closing(wire(b"[" * 100_000 + b"]" * 100_000)), "nested too deep", "HTTP-002"),
    "sends a thousand headers": Bad(repeating(crowded), "the answer is no envelope", "CALL-020"),
    "sends HTML": Bad(
        repeating(lambda credentials: wire(f"<script>{credentials}".encode(), content_type="text/html")),
        "the target answers 200 with HTML",
        "HTTP-002",
    ),
}
BY_NAME = [pytest.param(bad, id=name) for name, bad in TARGETS.items()]


@contextmanager
def sandbox(folder: Path) -> Iterator[str]:
    """Serve a sandbox that is as it should be; yield its base URL."""
    with (
        Store(folder / "sandbox.sqlite3", WORLD, lambda: datetime.now(UTC)) as store,
        serving_app(create_sandbox(WORLD, store)) as url,
    ):
        yield url


@pytest.fixture
def kit(tmp_path: Path) -> Callable[..., Ended]:
    """Return a function that runs the kit against a script, and looks at what holds however a run ends."""

    def run(script: Script, *arguments: str, settings: str = SOON) -> Ended:
        folder = tmp_path / "run"
        folder.mkdir()
        file = tmp_path / "target.toml"
        with serving(script) as server:
            file.write_text(settings + target_text(WORLD.target, server.base_url), "utf-8")  # type: ignore[arg-type]
            ended = run_kit(folder, "--target", file, "--budget", "quick", *arguments)
        holds_always(ended)
        return ended

    return run


def holds_always(ended: Ended) -> None:
    assert "Traceback" not in ended.err
    assert [token for token in TOKENS if token in ended.written] == []
    assert [line for line in (ended.out + ended.err).splitlines() if not line.isprintable()] == []
    assert ended.peak < MOST_MIB
    assert ended.files.keys() == REPORTS
    assert [error.message for error in VALIDATOR.iter_errors(ended.report)] == []
    assert ET.fromstring(ended.files["junit.xml"]).tag == "testsuites"  # noqa: S314 - our own
    assert json.loads(ended.files["report.sarif"])["version"] == "2.1.0"
    answers = {exchange["number"]: exchange["response"] for exchange in ended.report["exchanges"]}
    assert [row["id"] for row in passed(ended) if not all(answers[number] for number in row["exchanges"])] == []


def passed(ended: Ended) -> list[dict[str, Any]]:
    """Return the rows that pass because they hold: a MAY passes also where it does not."""
    return [row for row in ended.report["results"] if row["outcome"] == "pass" and not row["violated"]]


def outcomes(ended: Ended) -> dict[str, str]:
    return {row["id"]: row["outcome"] for row in ended.report["results"]}


@pytest.mark.parametrize("bad", BY_NAME)
def test_a_target_that_is_bad_from_the_first_request_is_not_tested(kit: Callable[..., Ended], bad: Bad) -> None:
    ended = kit(bad.script, settings=bad.settings)
    assert (ended.code, bad.said in ended.err) == (3, True), ended.err
    assert (ended.report["verdict"], set(outcomes(ended).values())) == ("incomplete", {"not-exercised"})
    assert bad.said in ended.report["warnings"][-1]


@pytest.mark.parametrize("bad", BY_NAME)
def test_a_target_that_turns_bad_does_not_pass(kit: Callable[..., Ended], tmp_path: Path, bad: Bad) -> None:
    with sandbox(tmp_path) as healthy:
        turncoat = Turncoat(healthy, bad.script, HEALTHY)
        ended = kit(turncoat, settings=bad.settings)
    assert len(turncoat.requests) == HEALTHY
    assert ended.report["exchanges_in_all"] > HEALTHY
    if bad.fails is None:
        assert ended.code in {1, 4}
        assert [row["id"] for row in passed(ended) if max(row["exchanges"], default=0) > HEALTHY] == []
        assert any("stopped answering" in warning for warning in ended.report["warnings"])
    else:
        assert (ended.code, outcomes(ended)[bad.fails]) == (1, "fail")


@pytest.mark.parametrize("healthy_for", [0, HEALTHY])
@pytest.mark.parametrize("status", [302, 308])
def test_nothing_is_sent_to_another_host(
    kit: Callable[..., Ended], tmp_path: Path, status: int, healthy_for: int
) -> None:
    received: list[Received] = []
    with sandbox(tmp_path) as healthy, serving(recording(wire(), received), "127.0.0.2") as other:
        redirecting = closing(wire(status=status, Location=f"{other.base_url}/phoneCalls/@me/@self"))
        ended = kit(Turncoat(healthy, redirecting, healthy_for))
    assert (ended.code, received) == (1 if healthy_for else 3, [])
    assert (other.base_url in ended.err) is not bool(healthy_for)


def views(*ids: str) -> bytes:
    """Return a phone call that has other views than the target names."""
    call = {"id": PHONE_CALL.id, "phoneCallView": [{"id": view} for view in ids]}
    return wire(json.dumps({"entry": [call]}).encode())


UNTRUE = {
    "a header that is none": (lambda told: HEAD + f"X: {told}\r\x1b[31m\r\n\r\n".encode(), 3),
    "a status line that is none": (lambda told: f"HTTP/7 {told}\x1b[31m\r\n\r\n".encode(), 3),
    "the place of a redirect": (lambda told: wire(status=302, Location=f"/\x1b]0;{told}\x9b1m"), 3),
    "the media type": (lambda told: wire(b"x", content_type=f"text/\x07{told}"), 3),
    "the ids of views": (lambda told: views("\x07", "\ud800", "\x85\n", told), 2),
}


@pytest.mark.parametrize(("answer", "code"), UNTRUE.values(), ids=UNTRUE)
def test_what_a_message_quotes_is_no_secret_and_controls_no_terminal(
    kit: Callable[..., Ended], answer: Callable[[str], bytes], code: int
) -> None:
    ended = kit(repeating(answer))
    assert (ended.code, "$UAPI_CALLER_TOKEN" in ended.err) == (code, True), ended.err


MARKUP = "</script><img src=x onerror=alert(1)> ]]> | `` \x00\x1b[31m\x85\u202e\ufffe\ud800 @all\n\n# owned"


def test_what_a_target_says_breaks_out_of_no_report(kit: Callable[..., Ended], tmp_path: Path) -> None:
    error = wire(json.dumps({"error": {"code": MARKUP, "message": MARKUP}}).encode(), status=500, X_Told="</td><b>")
    with sandbox(tmp_path) as healthy:
        ended = kit(Turncoat(healthy, closing(error), HEALTHY))
    assert ended.code == 1
    assert "onerror" in ended.files["report.json"]
    assert "<img" not in ended.files["report.html"]
    outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", ended.files["report.md"], flags=re.DOTALL | re.MULTILINE)
    assert ("<img" in outside, "\n# owned" in outside) == (False, False)


@pytest.mark.thorough
def test_json_that_takes_much_memory_is_borne(kit: Callable[..., Ended], tmp_path: Path) -> None:
    with sandbox(tmp_path) as healthy:
        ended = kit(Turncoat(healthy, closing(dense(100_000)), HEALTHY), settings="timeout_seconds = 5\n")
    assert ended.code == 1
    assert "the answers of the run are more than can be kept in memory" in " ".join(ended.report["warnings"])


def test_large_heads_are_borne(kit: Callable[..., Ended], tmp_path: Path) -> None:
    with sandbox(tmp_path) as healthy:
        ended = kit(Turncoat(healthy, closing(wire(X_Long="x" * 120_000)), HEALTHY))
    assert ended.code == 1
    assert max(map(len, ended.files.values())) < 5_000_000


def test_a_replay_shows_what_a_target_says_without_obeying_it(kit: Callable[..., Ended], tmp_path: Path) -> None:
    with sandbox(tmp_path) as healthy:
        kept = kit(Turncoat(healthy, silent, 1000), "--only", "REC-001")
    said = repeating(lambda credentials: wire(f"\x07\x9b1m\ttab {credentials}".encode(), status=500))
    with serving(said) as server:
        report, file = kept.folder / "reports" / "report.json", tmp_path / "again.toml"
        report.write_text(re.sub(r"http://127\.0\.0\.1:\d+/uapi", server.base_url, report.read_text("utf-8")), "utf-8")
        file.write_text(target_text(WORLD.target, server.base_url), "utf-8")  # type: ignore[arg-type]
        ended = run_kit(kept.folder, "replay", report, "REC-001", "--target", file)
    assert (ended.code, ended.err) == (0, "")
    assert "\\x07\\x9b1m\ttab Bearer $UAPI_CALLER_TOKEN" in ended.out
    assert [token for token in TOKENS if token in ended.out] == []
