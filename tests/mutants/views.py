"""Faults in how the fields of a view go together."""

from __future__ import annotations

from mutants.representation import in_views

in_views("VIEW-001", "views_have_no_flow", "A view has no `flow`.", lambda view: view.pop("flow", None))
in_views(
    "VIEW-001",
    "only_local_views_have_a_flow",
    "A view has a `flow` only where both parties are local.",
    lambda view: view.pop("flow", None) if str(view.get("flow")) != "2" else None,
)
in_views(
    "VIEW-002",
    "ringing_views_were_answered",
    "A view that rings carries `answered`, the time at which it began to ring.",
    lambda view: view.update(answered=view["ringing"]) if str(view.get("status")) == "3" else None,
)
in_views(
    "VIEW-004",
    "nobody_parked_the_call",
    "A parked view does not tell who parked the call.",
    lambda view: view.pop("parkedBy", None),
)
in_views(
    "VIEW-004",
    "parked_views_have_no_position",
    "A parked view has no `parkedPos`.",
    lambda view: view.pop("parkedPos", None),
)
in_views(
    "VIEW-004",
    "every_view_has_a_position",
    "A view that is not parked has a `parkedPos` of 0.",
    lambda view: view.setdefault("parkedPos", 0),
    also=("ACT-049",),
)
in_views("VIEW-005", "every_view_holds", "Every view has a `holder` of 1.", lambda view: view.update(holder="1"))
in_views(
    "VIEW-005",
    "holders_do_not_know_since_when",
    "A view with a `holder` of 1 has no `onHold`.",
    lambda view: view.pop("onHold", None),
    also=("ACT-021",),
)
