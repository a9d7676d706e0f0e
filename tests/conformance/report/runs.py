"""Real runs against the sandbox behind a fault, as small as a test of the reports needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.laboratory import faultless
from mutants.messages import Response, error
from uapi.conformance.budget import Budget
from uapi.conformance.probe import Probe
from uapi.conformance.register import register
from uapi.conformance.report.document import document
from uapi.conformance.run import Run
from uapi.conformance.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mutants.laboratory import Laboratory
    from mutants.messages import Request
    from mutants.mutant import Fault, Serve

REQUIREMENTS = ("ADDR-010", "AUTH-001", "AUTH-003", "AUTH-005", "REC-001", "REC-008", "REC-012", "REC-013", "HTTP-005")
OBSERVED = ("CALL-001", "CALL-015", "ERR-001", "HTTP-003")
TEAPOT = b"<img src=http://example.invalid/x><script>document.title='owned'</script> ``` | \x01\x1b \xff @everyone"


async def lenient(request: Request, serve: Serve) -> Response | bytes:
    """Accept a wrong format, answer an unknown method with nonsense, double a slash of links."""
    if request.method == "PATCH":
        return Response(418, (("content-type", "text/html"), ("x-mark", "<b>&amp;")), TEAPOT)
    response = await serve(request)
    if b"mp3" in request.body:
        return response.with_status(200)

    def doubled(call: dict[str, Any]) -> None:
        for name in ("link", "links"):
            call[name]["self"] = call[name]["self"].replace("/uapi/", "//uapi/")

    return response.with_calls(doubled)


async def forbidding(request: Request, serve: Serve) -> Response:
    """Answer 403 in the place of 401, which is tolerated."""
    response = await serve(request)
    return error(403, "access_denied") if response.status == 401 else response


async def undocumented(request: Request, serve: Serve) -> Response:
    """Answer 409 in the place of 400."""
    response = await serve(request)
    return response.with_status(409) if response.status == 400 else response


def report(
    laboratory: Laboratory,
    fault: Fault = faultless,
    *,
    only: tuple[str, ...] = REQUIREMENTS + OBSERVED,
    dropped: Mapping[str, int] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Return the report of a run of a few requirements; `settings` are of the target, None where it lacks one."""
    with laboratory.probe(fault) as served, Session(served.target.model_copy(update=settings)) as session:
        rows = [register()[requirement] for requirement in only]
        run = Run(Probe(session), "recording", rows, seed=1, budget=Budget())
        for row in rows:
            run.decide(row)
        run.dropped.update(dropped or {})
        return document(run, run.finish())
