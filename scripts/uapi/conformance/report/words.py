"""What the words of a report mean, in one sentence each, for every form of it that explains them."""

from __future__ import annotations

from typing import Final

OUTCOMES: Final = {
    "fail": "a MUST is violated",
    "error": "the kit failed on it, which is a defect of the kit",
    "warn": "a SHOULD is violated, or something is tolerated",
    "not-exercised": "the target gave no occasion to look; of a MUST this makes the run incomplete",
    "excluded": "HTTP cannot show it, or it does not apply to this target",
    "pass": "it holds, and an exchange shows it; a MAY passes either way",
}
"""The outcomes, the gravest first."""
VERDICTS: Final = {
    "conformant": "No requirement failed, and every MUST that applies was looked at.",
    "not conformant": "At least one MUST is violated.",
    "incomplete": "No requirement failed, but a MUST was not looked at: this is no pass.",
}
STATES: Final = {
    "returned": "an answer had this status",
    "provoked": "what would yield it was sent, and answered otherwise",
    "not-provokable": "no client can bring it about, or only with harm",
    "not-attempted": "nothing that would yield it was sent",
}
"""The states of the evidence matrix."""
FOUND: Final = ("fail", "error", "warn")
"""The outcomes that a reader has to act on."""
