"""All the mutants: importing a module of them registers it."""

from __future__ import annotations

from mutants import addressing, authentication, listing, protocol, recording, representation
from mutants.mutant import CATALOGUE

__all__ = ["CATALOGUE", "addressing", "authentication", "listing", "protocol", "recording", "representation"]
