"""One principal never reaches another's phone calls: every kind of principal, through every form of the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from sandbox.desk import (
    ADMINISTRATOR,
    EXPIRED,
    FOREIGN_CALL,
    FOREIGNER,
    LOCAL_CALL,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    OWN_CALLS,
    START,
    STRANGER,
    STRANGERS_CALL,
    USER,
    Desk,
)
from uapi.sandbox.app import create_sandbox
from uapi.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from uapi.sandbox.store import Store

PLACES = {
    "12": ("0003*210", LOCAL_CALL, "01"),
    "33": ("0003*220", STRANGERS_CALL, "00"),
    "44": ("0004*210", FOREIGN_CALL, "00"),
}
REACHED = {
    USER: {"12"},
    STRANGER: {"33"},
    FOREIGNER: {"44"},
    ORGANIZATION: {"12", "33"},
    OTHER_ORGANIZATION: {"44"},
    ADMINISTRATOR: {"12", "33", "44"},
    EXPIRED: set(),
    "sandbox-nobody": set(),
}
ACCOUNTS = {USER: "12", STRANGER: "33", FOREIGNER: "44"}
FORMS = ("{user}/{extension}", "{user}/@self", "@owner/{extension}", "@owner/@self", "@me/@self", "@me/{extension}")
MATRIX = [(token, user) for token in REACHED for user in PLACES]


def start(view: str) -> dict[str, str]:
    return {**START, "phoneCallViewId": view}


@pytest.mark.parametrize(("token", "user"), MATRIX)
@pytest.mark.parametrize("form", FORMS)
def test_call_is_reached_by_its_own_only(desk: Desk, token: str, user: str, form: str) -> None:
    extension, call, view = PLACES[user]
    path = f"{form.format(user=user, extension=extension)}/{call}"
    reached = user in REACHED[token] and (not form.startswith("@me") or ACCOUNTS.get(token) == user)
    response = desk.get(path, token=token)
    assert (call in response.text and response.status_code == 200) == reached
    response = desk.put(path, start(view), token=token)
    assert (response.status_code == 200) == reached, response.text
    assert ((call, view) in desk.recordings()) == reached
    assert reached or response.status_code in {400, 401}


@pytest.mark.parametrize(("token", "user"), MATRIX)
def test_list_is_reached_by_its_own_only(desk: Desk, token: str, user: str) -> None:
    extension, call, _ = PLACES[user]
    reached = user in REACHED[token]
    for path in (f"{user}/{extension}", f"{user}/@self", f"@owner/{extension}"):
        for query in ("", f"?filterBy=id&filterValue={call}", "?filterBy=published&filterOp=present", "?count=5000"):
            response = desk.get(path + query, token=token)
            if reached:
                assert response.status_code == 200
                assert call in {entry["id"] for entry in response.json()["entry"]}
            else:
                desk.refused(response, 401, "access_denied")


@pytest.mark.parametrize("token", REACHED)
def test_own_list_has_nothing_of_others(desk: Desk, token: str) -> None:
    own = {"12": OWN_CALLS, "33": {STRANGERS_CALL}, "44": {FOREIGN_CALL}}
    for user in ("@me", "@viewer"):
        response = desk.get(f"{user}/@self?count=5000", token=token)
        if not REACHED[token]:
            assert response.status_code == 401
        elif token in ACCOUNTS:
            assert {entry["id"] for entry in response.json()["entry"]} == own[ACCOUNTS[token]]
        else:
            assert response.status_code == 204  # The account of an organization has no extension of its own.


@pytest.mark.parametrize("number", ["0003*220", "220", "0004*210"])
def test_extension_of_another_user_is_refused_like_one_that_is_not_there(desk: Desk, number: str) -> None:
    told = desk.refused(desk.get(f"12/{number}"), 400, "extension_invalid")
    unknown = desk.refused(desk.get("12/0003*999"), 400, "extension_invalid")
    assert told.replace(number, "") == unknown.replace("0003*999", "")


def test_call_of_another_user_is_refused_like_one_that_is_not_there(desk: Desk) -> None:
    for form in ("12/0003*210", "@me/@self", "@owner/0003*210", "@owner/@self"):
        foreign, unknown = desk.put(f"{form}/{STRANGERS_CALL}"), desk.put(f"{form}/68c5d1f7b0e2493ad700")
        assert foreign.text.replace(STRANGERS_CALL, "") == unknown.text.replace("68c5d1f7b0e2493ad700", "")
        foreign, unknown = desk.get(f"{form}/{STRANGERS_CALL}"), desk.get(f"{form}/68c5d1f7b0e2493ad700")
        assert foreign.text == unknown.text


def test_short_number_is_one_of_the_users_organization(desk: Desk) -> None:
    assert desk.ids("44/210", token=ADMINISTRATOR) == [FOREIGN_CALL]
    assert desk.ids("@owner/210", token=OTHER_ORGANIZATION) == [FOREIGN_CALL]
    assert LOCAL_CALL in desk.ids("@owner/210", token=ORGANIZATION)
    desk.refused(desk.get("@owner/210", token=ADMINISTRATOR), 400, "extension_invalid")


# A call between two users


@pytest.fixture
def shared(open_store: Callable[..., Store], world: World) -> Desk:
    """Return a desk in a world in which user 12 calls user 33."""
    call = world.phone_calls[1].call.model_dump(exclude_none=True)
    call |= {"id": "shared", "extension": "0003*210"}
    call["phoneCallView"][0]["extension"] = "0003*220"
    call["phoneCallView"] = list(call["phoneCallView"])
    document = world.model_dump(mode="json", exclude_none=True) | {"phone_calls": [call]}
    document.pop("target")
    other = World.model_validate(document, strict=False)
    return Desk(TestClient(create_sandbox(other, open_store(of=other))))


def test_call_of_two_users_is_reached_by_both_each_through_its_own_extension(shared: Desk) -> None:
    for token, user, extension in ((USER, "12", "0003*210"), (STRANGER, "33", "0003*220")):
        [call] = shared.entries("@me/@self", token=token)
        assert call["link"]["self"].endswith(f"/uapi/phoneCalls/{user}/{extension}/shared")
        assert shared.ids(call["link"]["self"].partition("/phoneCalls/")[2], token=token) == ["shared"]


def test_view_of_another_user_is_not_recorded(shared: Desk) -> None:
    shared.refused(shared.put("@me/@self/shared", start("00")), 400, "pc_phonecallview_invalid")
    assert shared.put("@me/@self/shared", start("01")).status_code == 200
    stop = {"action": "StopRecording", "phoneCallViewId": "01"}
    shared.refused(shared.put("@me/@self/shared", stop, token=STRANGER), 400, "pc_phonecallview_invalid")
    assert shared.put("33/0003*220/shared", start("00"), token=ORGANIZATION).status_code == 200
    assert all("recording" in view for view in shared.views("shared").values())
