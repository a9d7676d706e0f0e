"""The pytest suite of the kit; `uapi.conformance.plugin` runs it."""
