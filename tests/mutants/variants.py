"""All the correct servers that use their freedom in other ways: importing a module of them registers it."""

from __future__ import annotations

from mutants import arrangements, customs, dealings, manners, spellings, switching
from mutants.variant import VARIANTS

__all__ = ["VARIANTS", "arrangements", "customs", "dealings", "manners", "spellings", "switching"]
