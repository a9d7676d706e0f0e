"""The report as Markdown, for a comment on a pull request: no more than a comment can hold, what was found first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from uapi.conformance.report.evidence import evidence_of, transcript
from uapi.conformance.report.words import FOUND, OUTCOMES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BYTES: Final = 60_000
"""GitHub refuses a comment of more than 65,536 characters."""
MAX_FOUND_BYTES: Final = 25_000
MAX_TABLE_BYTES: Final = 10_000
MAX_DETAIL: Final = 6_000
MAX_CELL: Final = 400
"""How much of a text is shown, in characters, before it is escaped."""
MARKS: Final = {"conformant": "✅", "not conformant": "❌", "incomplete": "⚠️"}
SPACE: Final = re.compile(r"\s+")
CODE: Final = re.compile(r"`([^`]+)`")
ACTIVE: Final = re.compile(r"""[^\w\s.:,;?!'"()/=+-]|(?<![^\W_])_|_(?![^\W_])|[.:](?=\S)""")
"""What may start markup somewhere; written as an entity it never does."""
BACKTICKS: Final = re.compile(r"`+")


def render(report: dict[str, Any]) -> str:
    """Return the Markdown of a report, shorter than a comment may be; what does not fit is named as left out."""
    text = "\n".join(_head(report)) + "\n"
    omitted = 0
    for row in (row for row in report["results"] if row["outcome"] in FOUND):
        detail = "\n".join(_detail(report, row)) + "\n"
        if len((text + detail).encode()) > MAX_BYTES - 200:
            omitted += 1
        else:
            text += detail
    return text + (f"\n{omitted} more are in `report.html`, with their evidence.\n" if omitted else "")


def escape(text: str) -> str:
    """Return a text as one line without any markup, mention or link in it."""
    line = SPACE.sub(" ", text)
    line = line if len(line) <= MAX_CELL else f"{line[:MAX_CELL]} …"
    # A word joiner after an at sign keeps a name behind it from being notified.
    return ACTIVE.sub(lambda match: f"&#{ord(match[0])};" + ("&#8288;" if match[0] == "@" else ""), line)


def prose(text: str) -> str:
    """Return a sentence of the contract, what stands in backticks as code."""
    parts = CODE.split(text)
    return "".join(f"<code>{escape(part)}</code>" if index % 2 else escape(part) for index, part in enumerate(parts))


def fenced(text: str) -> str:
    """Return a text as a block of code that its own backticks cannot end."""
    fence = "`" * max(3, 1 + max(map(len, BACKTICKS.findall(text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _head(report: dict[str, Any]) -> Iterator[str]:
    verdict, contract = report["verdict"], report["contract"]
    yield f"## {MARKS[verdict]} {escape(contract['title'])} {escape(contract['version'])}: {verdict}\n"
    yield f"{VERDICTS[verdict]}\n"
    asked = f"{report['exchanges_in_all']} requests in {report['seconds']:.1f} s, seed {report['seed']}"
    yield f"Target <code>{escape(report['target']['base_url'])}</code>, profile {escape(report['profile'])}, {asked}.\n"
    yield from _table(
        ("outcome", "requirements", "meaning"),
        ((name, str(report["counts"][name]), OUTCOMES[name]) for name in OUTCOMES if report["counts"][name]),
    )
    found = [row for outcome in FOUND for row in report["results"] if row["outcome"] == outcome]
    if found:
        yield "### Found\n"
        yield from _table(
            ("outcome", "requirement", "level", "what it says", "what was seen"),
            ((row["outcome"], row["id"], row["level"], prose(row["text"]), escape(row["message"])) for row in found),
            MAX_FOUND_BYTES,
        )
    if report["left_out"]:
        yield f"<details><summary>Left out of the verdict: {len(report['left_out'])}</summary>\n"
        yield from _table(
            ("requirement", "outcome", "why"),
            ((row["id"], row["outcome"], escape(row["reason"])) for row in report["left_out"]),
        )
        yield "</details>\n"
    if report["dropped"]:
        yield f"<details><summary>Not sent, or ended early: {len(report['dropped'])}</summary>\n"
        rows = ((escape(row["reason"]), str(row["count"])) for row in report["dropped"])
        yield from _table(("why", "number"), rows, MAX_TABLE_BYTES // 2)
        yield "</details>\n"
    yield "<details><summary>Evidence: which documented statuses were seen</summary>\n"
    yield from _table(
        ("operation", "status", "state", "requests", "why"),
        (
            (cell["operation"], str(cell["status"]), cell["state"], str(cell["count"]), escape(cell["why"]))
            for cell in report["matrix"]["cells"]
        ),
    )
    for answer in report["matrix"]["undocumented"]:
        yield f"- {answer['operation']} answered {answer['count']} times with {answer['status']}, which is undocumented"
    yield "\n</details>\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], budget: int = MAX_TABLE_BYTES) -> Iterator[str]:
    """Yield a table of what fits into a number of bytes, with a row that says how much does not."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    omitted = 0
    for row in rows:
        line = f"| {' | '.join(row)} |"
        budget -= len(line.encode())
        if budget < 0:
            omitted += 1
        else:
            yield line
    if omitted:
        yield f"| {omitted} more |{' |' * (len(head) - 1)}"
    yield ""


def _detail(report: dict[str, Any], row: dict[str, Any]) -> Iterator[str]:
    yield f"<details><summary>{row['id']} {row['outcome']}: {escape(row['message'])}</summary>\n"
    place = f"<code>{escape(row['file'])}:{row['line']}</code>"
    yield f"{row['level']}: {prose(row['text'])} {escape(row['source'])}, {place}\n"
    evidence = "\n\n".join(transcript(exchange) for exchange in evidence_of(report, row))
    if len(evidence) > MAX_DETAIL:
        evidence = f"{evidence[:MAX_DETAIL]}\n…"
    yield fenced(evidence) + "\n"
    yield "</details>\n"
