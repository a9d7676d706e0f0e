"""Who is who in the sandbox's default world, by the roles that its target names."""

from __future__ import annotations

from uapi.conformance.target import Target
from uapi.sandbox.world import load_world

WORLD = load_world()
ROLES = Target.model_validate({"base_url": "http://127.0.0.1/uapi", **WORLD.target.model_dump(exclude_none=True)})

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
