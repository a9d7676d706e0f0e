"""No secret in any form of a report, whatever a target does with it."""

from __future__ import annotations

import copy
import html
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.made import exchange, response
from conformance.report.runs import report
from mutants.messages import Response, error
from uapi.conformance.checks.registry import ACTIONS
from uapi.conformance.exchange import SHOWN_BYTES, Request
from uapi.conformance.redaction import redact
from uapi.conformance.report.files import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mutants.laboratory import Laboratory
    from mutants.messages import Request as Asked
    from mutants.mutant import Serve
    from uapi.conformance.probe import Probe

VARIABLE = "$UAPI_CALLER_TOKEN"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent-encoded": lambda token: quote(token, safe=""),
    "percent-encoded in lower case": lambda token: "".join(f"%{byte:02x}" for byte in token.encode()),
    "form-encoded": quote_plus,
    "in JSON": lambda token: json.dumps(token)[1:-1],
    "in JSON, solidus escaped": lambda token: json.dumps(token)[1:-1].replace("/", "\\/"),
    "in JSON, all escaped": lambda token: "".join(f"\\u{ord(character):04X}" for character in token),
    "in HTML": html.escape,
    "in HTML, all escaped": lambda token: "".join(f"&#{ord(character)};" for character in token),
    "in HTML, all escaped in hex": lambda token: "".join(f"&#x{ord(character):X};" for character in token),
    "in upper case": str.upper,
}
TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=40).map("Zq9~{}".format)
"""Tokens that are no word of a report."""


@given(
    token=TOKENS, before=st.text(max_size=20), after=st.text(max_size=20), spelling=st.sampled_from(sorted(SPELLINGS))
)
def test_a_secret_is_found_in_every_spelling(token: str, before: str, after: str, spelling: str) -> None:
    spelled = SPELLINGS[spelling](token)
    assert spelled not in redact(f"{before}{spelled}{after}", {token: VARIABLE})


@given(token=TOKENS, text=st.text(alphabet="abc \n{}[]:,\"'\\%&#;$ü😀", max_size=60))
def test_everything_else_stays_as_it_was(token: str, text: str) -> None:
    assert redact(text, {f"{token}Z": VARIABLE}) == text


@given(token=TOKENS)
def test_redaction_is_done_once(token: str) -> None:
    once = redact(f"Bearer {token}", {token: VARIABLE, "UAPI": "$UAPI_STRANGER_TOKEN"})
    assert once == f"Bearer {VARIABLE}" == redact(once, {token: VARIABLE, "UAPI": "$UAPI_STRANGER_TOKEN"})


def test_the_longer_of_two_secrets_is_replaced_whole() -> None:
    secrets = {"sandbox-user-1": "$UAPI_STRANGER_TOKEN", "sandbox-user-12": VARIABLE}
    assert redact("sandbox-user-12 sandbox-user-1", secrets) == f"{VARIABLE} $UAPI_STRANGER_TOKEN"


def test_an_empty_secret_replaces_nothing() -> None:
    assert redact("text", {"": VARIABLE}) == "text"


@pytest.mark.parametrize("start", range(SHOWN_BYTES - 45, SHOWN_BYTES + 5, 7))
def test_a_cut_through_a_secret_shows_no_part_of_it(start: int) -> None:
    token = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    body = b"." * start + token.encode() + b"." * 40_000
    shown = exchange(response(body=body), secrets={token: VARIABLE}).as_json()["response"]["body"]
    assert "012345" not in shown
    assert shown.endswith(f"{len(body)} bytes in all")
    assert len(shown) > SHOWN_BYTES


def test_a_long_secret_does_not_hide_a_body_that_is_cut() -> None:
    token = "eyJhbGciOi" * 200
    body = token.encode() + b"." * 60_000
    shown = exchange(response(body=body), secrets={token: VARIABLE}).as_json()["response"]["body"]
    assert shown.startswith(f"{VARIABLE}..........")


def test_no_form_holds_a_secret(failing: dict[str, Any]) -> None:
    @settings(max_examples=25)
    @given(token=TOKENS, spelling=st.sampled_from(sorted(SPELLINGS)))
    def holds(token: str, spelling: str) -> None:
        spelled = SPELLINGS[spelling](token)
        answer = response(body=f'{{"seen": "{spelled}"}}'.encode(), X_Echo=spelled)
        url = f"http://host.invalid/uapi?accessRequestToken={spelled}"
        request = Request("GET", url, (("Authorization", token),))
        made = exchange(answer, request=request, secrets={token: VARIABLE}).as_json()
        whole = copy.deepcopy(failing)
        whole["exchanges"] = [made | {"number": kept["number"]} for kept in whole["exchanges"]]
        for name, render in FORMS.items():
            text = render(whole)
            for secret in {token, spelled, html.escape(token), json.dumps(token)[1:-1]}:
                assert secret not in text, name

    holds()


async def echoing(request: Asked, serve: Serve) -> Response | bytes:
    """Tell the token in a header's value, in a header's name, and in a body in many spellings."""
    token = request.token or ""
    if request.method == "GET" or not token:
        return await serve(request)
    told = " ".join(spell(token) for spell in SPELLINGS.values())
    return error(400, told).with_header("X-Token", token).with_header(f"X-{token}", quote(token, safe=""))


def test_a_target_that_tells_the_token_everywhere_is_not_repeated(laboratory: Laboratory) -> None:
    found = report(laboratory, echoing, only=("REC-001", "REC-013", "AUTH-009", "ERR-002"))
    with laboratory.probe() as probe:
        secrets = list(probe.target.secrets())
    assert found["counts"]["fail"]
    assert VARIABLE in json.dumps(found)
    for name, render in FORMS.items():
        text = render(found).lower()
        for secret in secrets:
            assert all(spell(secret).lower() not in text for spell in SPELLINGS.values()), name


def test_what_was_found_is_redacted_without_evidence_too(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defective(probe: Probe) -> None:
        raise RuntimeError(probe.token("caller"))

    monkeypatch.setitem(ACTIONS, "REC-001", defective)
    found = report(laboratory, only=("REC-001",))
    (row,) = found["results"]
    assert (row["outcome"], row["exchanges"]) == ("error", [])
    assert f"RuntimeError: {VARIABLE} " in row["message"]
    assert found["left_out"][0]["reason"] == row["message"]
