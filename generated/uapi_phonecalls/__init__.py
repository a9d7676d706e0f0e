# Generated from openapi/ by `uapi contract generate`: change the contract, not this file.
"""The VoipNow UnifiedAPI PhoneCalls contract: its models, server, client and requirements."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

__all__ = ["__version__", "load_contract", "load_requirements"]

__version__ = "0.2.0"


def load_contract() -> dict[str, Any]:
    """Return the contract, one OpenAPI 3.1 document."""
    return _load("openapi.json")


def load_requirements() -> dict[str, Any]:
    """Return the register of the contract's requirements."""
    return _load("requirements.json")


def _load(name: str) -> dict[str, Any]:
    text = (files(__name__) / "data" / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
