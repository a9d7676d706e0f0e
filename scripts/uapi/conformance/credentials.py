"""The tokens of a target's principals: as they are configured, from a program, or from a token endpoint."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from uapi.conformance.errors import ConformanceError, TargetError
from uapi.conformance.oauth import LONGEST_TOKEN, Grant, request_token
from uapi.conformance.program import run_program
from uapi.conformance.target.values import TOKEN
from uapi.conformance.transport.answer import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from uapi.conformance.target import OAuth, Target
    from uapi.conformance.transport import Answer, Outgoing

COMMAND_SECONDS: Final = 30.0
"""How long a token command may take: some of them ask a person's agent."""
RENEW_SECONDS: Final = 60.0
RENEW_SHARE: Final = 0.1
"""A token is renewed when less than a minute, or less than a tenth of its life, is left: whichever is later."""


@dataclass(frozen=True, slots=True)
class Held:
    """A token, and when to renew it by the monotonic clock, which is the same for all processes of a machine."""

    token: str
    renew_at: float | None = None


class Credentials:
    """Hands out the token of a principal, and renews it."""

    def __init__(
        self,
        target: Target,
        secrets: dict[str, str],
        send: Callable[[Outgoing], Answer],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Get no token yet. `secrets` learns every token, `send` sends requests that are not recorded."""
        self._principals: Final = target.principals()
        self._base_url: Final = target.base_url
        self._headers: Final = tuple(target.headers.items())
        self._secrets: Final = secrets
        self._send: Final = send
        self._clock: Final = clock
        self._lock: Final = threading.RLock()
        self._held: Final[dict[str, Held]] = {}
        self._refused: Final[set[str]] = set()
        self.problem: str | None = None
        """Why a token could not be renewed, where that happened in the course of a run."""

    def __contains__(self, principal: object) -> bool:
        """Tell whether a principal has a token."""
        return principal in self._principals

    def __iter__(self) -> Iterator[str]:
        """Yield the principals that have a token."""
        return iter(self._principals)

    @property
    def held(self) -> Mapping[str, Held]:
        """The tokens so far, by principal."""
        return dict(self._held)

    def hold(self, tokens: Mapping[str, Held]) -> None:
        """Take tokens that another process got: to get them anew could revoke its own, or ask a person once more."""
        for principal, held in tokens.items():
            self._held[principal] = held
            self._secrets.setdefault(held.token, f"$UAPI_{principal.upper()}_TOKEN")

    def token(self, principal: str) -> str:
        """Return a principal's token, got or renewed where it has to be.

        Raises KeyError for a principal that the target does not name, and ConformanceError where its first token
        cannot be got. Where a later one cannot, the old one is returned as long as it lasts, and `problem` tells.
        """
        with self._lock:
            held = self._held.get(principal)
            if held is None:
                return self._got(principal).token
            if held.renew_at is None or self._clock() < held.renew_at:
                return held.token
            return self._renewed(principal, held)

    def get_all(self) -> None:
        """Get every principal's token; raise ConformanceError for the first that cannot be got."""
        for principal in self:
            self.token(principal)

    def after_refusal(self, principal: str, refused: str) -> str | None:
        """Return a new token in the place of one that the target refused before its time, None where there is none.

        This happens once for each principal: a target that refuses the next one too is to be reported, not indulged.
        """
        with self._lock:
            held = self._held.get(principal)
            section = self._principals.get(principal)
            if held is None or section is None or section.token is not None or principal == "expired":
                return None
            if held.token != refused:
                return held.token  # another thread was faster
            if principal in self._refused:
                return None
            self._refused.add(principal)
            renewed = self._renewed(principal, held)
            return renewed if renewed != refused else None

    def _renewed(self, principal: str, held: Held) -> str:
        try:
            return self._got(principal).token
        except ConformanceError as error:
            self.problem = f"the token of the {principal} could not be renewed: {error.message}"
            return held.token

    def _got(self, principal: str) -> Held:
        section = self._principals[principal]
        where = f"{principal}.token_command"
        oauth: OAuth | None = getattr(section, "oauth", None)
        if section.token is not None:
            grant = Grant(section.token, None)
        elif section.token_command is not None:
            grant = Grant(_first_line(section.token_command, where), None)
        else:
            assert oauth is not None  # noqa: S101 - a principal has one of the three
            grant = self._requested(oauth, f"{principal}.oauth")
        self._secrets.setdefault(grant.token, f"$UAPI_{principal.upper()}_TOKEN")
        renew_at = None
        if grant.seconds is not None:
            renew_at = self._clock() + grant.seconds - min(RENEW_SECONDS, RENEW_SHARE * grant.seconds)
        self._held[principal] = Held(grant.token, renew_at)
        return self._held[principal]

    def _requested(self, oauth: OAuth, where: str) -> Grant:
        # The further headers are for the target; they are not given to another server.
        own = Origin.of(oauth.token_url) == Origin.of(self._base_url)
        known: Mapping[str, str] = dict(self._secrets)
        return request_token(oauth, self._send, where=where, secrets=known, headers=self._headers if own else ())


def _first_line(command: tuple[str, ...], where: str) -> str:
    lines = run_program(command, COMMAND_SECONDS, where).text.splitlines()
    token = lines[0].strip() if lines else ""
    if len(token) > LONGEST_TOKEN or not TOKEN.fullmatch(token):
        long = f"has more than {LONGEST_TOKEN} characters" if len(token) > LONGEST_TOKEN else ""
        what = long or ("has a space or another character that no token has" if token else "is empty")
        hint = "It must print the token, and nothing before it, on standard output."
        raise TargetError(f"the first line of the output of {command[0]} {what}", where=where, hint=hint)
    return token
