"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# A deadline measures the machine, not the code; and a run must not depend on one before it.
settings.register_profile("project", deadline=None, database=None)
settings.load_profile("project")
