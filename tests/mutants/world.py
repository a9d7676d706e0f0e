"""Who is who in the sandbox's default world, by the roles that its target names."""

from __future__ import annotations

import tomllib

from uapi.conformance.target import Target
from uapi.sandbox.target_file import target_text
from uapi.sandbox.world import load_world

WORLD = load_world()
_TOLD = Target.model_validate(tomllib.loads(target_text(WORLD.target, "http://127.0.0.1/uapi")))
# Terminals answer at once here: those of a mutant are not waited for as long as people are.
ROLES = _TOLD.model_copy(
    update={"create": _TOLD.create and _TOLD.create.model_copy(update={"answer_timeout_seconds": 2.0})}
)

CALLER = ROLES.caller
PHONE_CALL = ROLES.phone_call
STRANGER = ROLES.stranger
EXPIRED = ROLES.expired
ORGANIZATION = ROLES.organization
OTHER_ORGANIZATION = ROLES.other_organization
ADMINISTRATOR = ROLES.administrator
IDLE = ROLES.idle
UNRECORDABLE_CALL = ROLES.unrecordable_call
ENDING_CALL = ROLES.ending_call
OTHER_VIEW = "00"
