"""Correct servers with other manners of HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from mutants.asked import several
from mutants.messages import Request, Response, error
from mutants.recording import later
from mutants.variant import answering, variant

if TYPE_CHECKING:
    from mutants.mutant import Fault, Serve

SLOW_SECONDS = 0.003


@answering()
def media_types_have_a_charset(_: Request, response: Response) -> Response | None:
    """The media type of every answer has a `charset`."""
    return response.with_header("Content-Type", "application/json; charset=UTF-8") if response.body else None


@answering()
def media_types_are_in_capital_letters(_: Request, response: Response) -> Response | None:
    """The media type of every answer is in capital letters, with two parameters and little space."""
    media_type = 'APPLICATION/JSON;CHARSET="utf-8";profile="x;y"'
    return response.with_header("Content-Type", media_type) if response.body else None


@answering()
def header_names_are_in_capital_letters(_: Request, response: Response) -> Response:
    """The names of all headers are in capital letters."""
    return replace(response, headers=tuple((name.upper(), value) for name, value in response.headers))


@answering()
def header_names_are_in_small_letters(_: Request, response: Response) -> Response:
    """The names of all headers are in small letters."""
    dated = response.with_header("date", format_datetime(datetime.now(UTC), usegmt=True))
    return replace(dated, headers=tuple((name.lower(), value) for name, value in dated.headers))


@answering()
def there_are_many_headers(_: Request, response: Response) -> Response:
    """Every answer has a hundred headers more, cookies among them."""
    more = [("Set-Cookie", f"session{number}=1; HttpOnly; SameSite=Lax") for number in range(50)]
    more += [(f"X-Header-{number}", 'a, b; c="d"') for number in range(50)]
    return replace(response, headers=(*response.headers, *more))


@answering()
def answers_are_chunked(_: Request, response: Response) -> Response | None:
    """Every body comes in chunks of one byte, with an extension, and a trailer at its end."""
    if not response.body:
        return None
    chunks = b"".join(b"1;x=y\r\n%s\r\n" % response.body[i : i + 1] for i in range(len(response.body)))
    plain = response.with_header("content-length", None).with_header("transfer-encoding", "chunked")
    return replace(plain, body=chunks + b"0\r\nX-Checksum: 0\r\n\r\n")


@answering()
def connections_are_closed(_: Request, response: Response) -> Response:
    """The connection is closed after each answer, as announced."""
    return replace(response.with_header("Connection", "close"), closes=True)


@answering()
def connections_are_closed_unannounced(request: Request, response: Response) -> Response:
    """Every seventh answer is the last of its connection, without a word."""
    return replace(response, closes=request.turn % 7 == 0)


@answering()
def answers_are_of_http_1_0(_: Request, response: Response) -> bytes:
    """Every answer is of HTTP/1.0, and ends with the connection."""
    kept = [item for item in response.headers if item[0].lower() not in {"content-length", "transfer-encoding"}]
    head = [f"HTTP/1.0 {response.status} X", f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}"]
    head += [f"{name}: {value}" for name, value in kept]
    return "\r\n".join([*head, "", ""]).encode() + response.body


@answering(remarks=("REC-024",))
def answers_have_no_date(_: Request, response: Response) -> bytes:
    """A server without a clock of its own sends no `Date`."""
    length = () if response.status == 204 else (("Content-Length", str(len(response.body))),)
    kept = [item for item in response.headers if item[0].lower() not in {"content-length", "date"}]
    head = [f"HTTP/1.1 {response.status} X", *(f"{name}: {value}" for name, value in (*kept, *length))]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + response.body


@answering()
def the_clock_is_three_hours_slow(_: Request, response: Response) -> Response:
    """The server's clock is three hours slow, in `Date` and in every recording."""
    now = datetime.now(UTC)

    def slow(view: dict[str, Any]) -> None:
        if "recording" in view and datetime.fromisoformat(view["recording"]) > now - timedelta(hours=1):
            later(hours=-3)(view)

    return response.with_views(slow).with_header("Date", format_datetime(now - timedelta(hours=3), usegmt=True))


@variant()
def answers_are_slow() -> Fault:
    """Every answer takes a while."""

    async def served(request: Request, serve: Serve) -> Response:
        await asyncio.sleep(SLOW_SECONDS)
        return await serve(request)

    return served


@answering()
def an_unknown_method_is_not_implemented(_: Request, response: Response) -> Response | None:
    """A method that no resource has is answered with 501."""
    return error(501, "request_not_implemented") if response.status == 405 else None


@answering()
def more_methods_are_allowed(request: Request, response: Response) -> Response | None:
    """HEAD and OPTIONS are served, and the answer to an unknown method lists them."""
    allow = "GET, HEAD, OPTIONS, POST, PUT, DELETE"
    if request.method == "OPTIONS":
        return Response(204, (("Allow", allow),), b"")
    if request.method == "HEAD":
        return Response(200, (("Content-Type", "application/json"), ("Content-Length", "0")), b"")
    return response.with_header("Allow", allow) if response.status == 405 else None


@answering()
def unknown_media_types_are_400(_: Request, response: Response) -> Response | None:
    """A body that is not declared as JSON is refused with 400."""
    return error(400, "media_type") if response.status == 415 else None


@answering(remarks=("AUTH-003", "AUTH-004", "AUTH-005"))
def denials_are_403(_: Request, response: Response) -> Response | None:
    """Whoever has no valid token is refused with 403, which is tolerated with a warning."""
    return response.with_status(403) if response.status == 401 else None


@answering()
def denials_offer_two_schemes(_: Request, response: Response) -> Response | None:
    """A 401 answer offers Basic and Bearer, each in a header of its own."""
    if response.status != 401:
        return None
    plain = response.with_header("www-authenticate", None)
    challenges = (
        ("WWW-Authenticate", 'Basic realm="uapi, for people", charset="UTF-8"'),
        ("WWW-Authenticate", 'bearer realm="uapi", error="invalid_token"'),
    )
    return replace(plain, headers=(*plain.headers, *challenges))


@answering()
def denials_offer_two_schemes_in_one_header(_: Request, response: Response) -> Response | None:
    """A 401 answer offers Basic and Bearer in one header."""
    both = 'Basic realm="uapi", Bearer realm="uapi",error="invalid_token"'
    return response.with_header("www-authenticate", both) if response.status == 401 else None


@answering()
def an_empty_list_is_an_empty_envelope(request: Request, response: Response) -> Response | None:
    """A list without phone calls is answered with 200 and an empty envelope."""
    empty = several(request) and response.status == 204
    return Response(200, (("content-type", "application/json"),), b"").with_json({"entry": []}) if empty else None


@answering()
def empty_answers_have_a_media_type(_: Request, response: Response) -> Response | None:
    """A 204 answer has a `Content-Type` all the same."""
    return response.with_header("Content-Type", "application/json") if response.status == 204 else None
