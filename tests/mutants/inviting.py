"""Faults in callbacks and in invitations to conferences."""

from __future__ import annotations

from mutants.messages import Request, Response, error
from mutants.mutant import after, before
from mutants.ordering import MALFORMED, member
from mutants.placing import creates
from mutants.world import CALLER


@before("MAKE-040")
def no_callbacks_are_placed(request: Request) -> Response | None:
    """A callback is refused."""
    return error(400, MALFORMED) if creates(request, "callback") else None


@after("MAKE-040")
def callbacks_are_accepted(request: Request, response: Response) -> Response | None:
    """A callback that was placed is answered with 202."""
    return response.with_status(202) if creates(request, "callback") and response.status == 200 else None


@before("MAKE-041")
def callbacks_have_a_default_extension(request: Request) -> Request | None:
    """A callback without `extension` is placed with the Callback extension of the user."""
    missing = creates(request, "callback") and isinstance(request.json, dict) and "extension" not in request.json
    return request.with_members(extension="0003*218") if missing else None


@before("MAKE-041")
def self_has_a_callback_extension(request: Request) -> Request | None:
    """A callback with `@self` is placed with the Callback extension of the user of the path, given by identifier."""
    self = creates(request, "callback") and member(request, "extension") == "@self"
    named = self and not request.segments[0].startswith("@")
    return request.with_members(extension="0003*218") if named else None


@after("MAKE-041")
def callbacks_of_self_are_not_found(request: Request, response: Response) -> Response | None:
    """A callback with `@self` is refused with 404."""
    self = creates(request, "callback") and member(request, "extension") == "@self"
    return response.with_status(404) if self and response.status == 400 else None


@before("MAKE-042")
def any_extension_places_callbacks(request: Request) -> Request | None:
    """A callback is placed whatever the type of its extension is."""
    other = creates(request, "callback") and member(request, "extension") in {CALLER.extension, "0003*219"}
    return request.with_members(extension="0003*218") if other else None


@before("MAKE-042")
def conferences_place_callbacks(request: Request) -> Request | None:
    """A callback is placed with a Conference extension."""
    other = creates(request, "callback") and member(request, "extension") == "0003*219"
    return request.with_members(extension="0003*218") if other else None


@after("MAKE-042")
def wrong_extensions_are_a_failure_of_the_server(request: Request, response: Response) -> Response | None:
    """A callback with an extension of another type is answered with 500."""
    other = creates(request, "callback") and member(request, "extension") == CALLER.extension
    return response.with_status(500) if other else None


@before("MAKE-050")
def nobody_is_invited(request: Request) -> Response | None:
    """An invitation is refused."""
    return error(400, MALFORMED) if creates(request, "conferenceInvite") else None


@after("MAKE-050")
def invitations_are_created(request: Request, response: Response) -> Response | None:
    """An invitation is answered with 201."""
    return response.with_status(201) if creates(request, "conferenceInvite") and response.status == 200 else None


@before("MAKE-051")
def conferences_have_a_default_extension(request: Request) -> Request | None:
    """An invitation without `extension` is one to the conference of the user."""
    invites = creates(request, "conferenceInvite") and isinstance(request.json, dict)
    return request.with_members(extension="0003*219") if invites and "extension" not in request.json else None


@before("MAKE-051")
def terminals_have_conferences(request: Request) -> Request | None:
    """An invitation with a Phone Terminal extension is placed."""
    invites = creates(request, "conferenceInvite") and member(request, "extension") == CALLER.extension
    return request.with_members(extension="0003*219") if invites else None


@before("MAKE-052")
def conferences_have_no_number(request: Request) -> Response | None:
    """An invitation is refused that names a scheduled conference."""
    named = creates(request, "conferenceInvite") and "number" in request.parameters
    return error(400, MALFORMED) if named else None


@before("MAKE-052")
def conferences_have_no_pin(request: Request) -> Request | None:
    """The PIN of an invitation is not read, so that the conference is not found."""
    named = creates(request, "conferenceInvite") and "number" in request.parameters
    return request.with_parameters(pin="0") if named else None
