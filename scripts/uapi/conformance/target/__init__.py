"""The target configuration: which server is tested, with whose tokens, on which phone call.

Every setting can stand in a TOML file, in an environment variable and on the command line; the command line is
stronger than the environment, the environment stronger than the file. `caller.token` is `UAPI_CALLER_TOKEN` in the
environment and `--caller-token` on the command line. In the file, `${NAME}` is replaced by an environment variable.
"""

from __future__ import annotations

from uapi.conformance.target.loading import load_target
from uapi.conformance.target.model import (
    OF_RECORDING,
    Create,
    OAuth,
    OtherPhoneCall,
    PhoneCall,
    Section,
    Target,
    Tls,
    User,
)
from uapi.conformance.target.schema import target_schema
from uapi.conformance.target.settings import Path_, environment_name, is_flag, option_name, settings
from uapi.conformance.target.template import SCHEMA_FILE, target_template

__all__ = [
    "OF_RECORDING",
    "SCHEMA_FILE",
    "Create",
    "OAuth",
    "OtherPhoneCall",
    "Path_",
    "PhoneCall",
    "Section",
    "Target",
    "Tls",
    "User",
    "environment_name",
    "is_flag",
    "load_target",
    "option_name",
    "settings",
    "target_schema",
    "target_template",
]
