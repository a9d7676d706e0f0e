"""The processes that share the tests of a run, by pytest-xdist: one that controls, and workers that test.

Each worker has a phone call of its own, for two workers on one would see each other's recordings. What can be had only
once, and what looks at the exchanges of all, is for the controller, once the workers are done.
"""

from __future__ import annotations

import os
import pickle
import signal
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pytest

from uapi.conformance.calls import of_worker
from uapi.conformance.checks.registry import ONCE
from uapi.conformance.course import opened
from uapi.conformance.errors import ConformanceError
from uapi.conformance.parts import Part, join, part_of
from uapi.conformance.plugin import SuitePlugin, is_ours, observes, parameter
from uapi.conformance.probe import Probe
from uapi.conformance.run import Exploration, Run
from uapi.conformance.session import Session
from uapi.conformance.transport.pace import Share

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from uapi.conformance.budget import Budget
    from uapi.conformance.credentials import Held
    from uapi.conformance.outcome import Result
    from uapi.conformance.register import Requirement
    from uapi.conformance.target import Target

KEY: Final = "uapi"
"""What the assignment and the part of a worker are called among its input and output."""
LONGEST: Final = ("stateful", "exploration", "coverage", "links")
"""The phases that generate requests, by how long they take."""
GRACE_SECONDS: Final = 1.0
"""How long workers may take to notice by themselves that a run is interrupted: a terminal tells them too."""
CLEAN_UP_SECONDS: Final = 60.0
"""How long workers may take to stop what they started."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a worker is told: its target, with a phone call of its own, and what all of them run together."""

    target: Target
    tokens: Mapping[str, Held]
    share: Share
    title: str
    requirements: Sequence[Requirement]
    seed: int
    budget: Budget


class Controller(SuitePlugin):
    """Tells the workers what to do, and puts together what they found."""

    def __init__(self, run: Run, listener: Callable[[str, list[Result]], None] | None = None) -> None:
        """Know of no worker yet. The run is open before workers are set up."""
        super().__init__(run, listener)
        self._nodes: Final[list[Any]] = []
        self._is_settled = False
        self.lost: Final[list[str]] = []
        """The workers that ended before their time."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Have tests handed out one by one, and have no worker replaced: its successor would need another call."""
        super().pytest_configure(config)
        config.option.maxworkerrestart = "0"
        if config.option.maxschedchunk is None:
            config.option.maxschedchunk = 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401 - xdist has no types
        """Give a worker its assignment."""
        run, index = self.run, len(self._nodes)
        self._nodes.append(node)
        target = of_worker(run.probe.target, index)
        share = Share(index, 1 + len(run.probe.target.phone_call.further))
        tokens = run.probe.session.credentials.held
        given = Assignment(target, tokens, share, run.profile, tuple(run.requirements), run.seed, run.budget)
        node.workerinput[KEY] = pickle.dumps(given)

    def arranged(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return what is for the controller; workers have the rest."""
        return super().arranged([item for item in items if _is_for_all(item)])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Let the workers run their tests, then run those that look at what all of them exchanged."""
        session.perform_collect()
        own = list(session.items)
        try:
            result = yield
        except BaseException:
            self._interrupt()
            raise
        session.testscollected += len(own)
        self.settle()
        for index, item in enumerate(own, 1):
            if session.shouldfail or session.shouldstop or self.error is not None:
                break
            following = own[index] if index < len(own) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return result

    def _interrupt(self) -> None:
        """Have the workers that are still at it stop what they started, and wait for them."""
        for node in self._busy(GRACE_SECONDS):
            with suppress(ProcessLookupError):
                os.kill(node.gateway._rinfo().pid, signal.SIGINT)  # noqa: SLF001 - xdist itself asks for it
        self._busy(CLEAN_UP_SECONDS)

    def _busy(self, seconds: float) -> list[Any]:
        """Wait for the workers; return those that are not done after a time."""
        deadline = time.monotonic() + seconds
        started = [node for node in self._nodes if hasattr(node, "channel") and not hasattr(node, "workeroutput")]
        for node in started:
            with suppress(node.channel.TimeoutError, node.channel.RemoteError, EOFError, OSError):
                node.channel.waitclose(max(0.0, deadline - time.monotonic()))
        return [node for node in started if not node.channel.isclosed()]

    def settle(self) -> None:
        """Put together what the workers did, once; what lost ones may have started is left to the end of the run."""
        if self._is_settled:
            return
        self._is_settled = True
        parts: list[Part] = []
        for index, node in enumerate(self._nodes):
            output = getattr(node, "workeroutput", {})
            if "error" in output:
                self.error = self.error or _error(output["error"])
            if KEY in output:
                parts.append(pickle.loads(output[KEY]))  # noqa: S301 - from a process of our own
            else:
                self._lose(index, node.gateway.id)
        join(self.run, parts)

    def _lose(self, index: int, name: str) -> None:
        self.lost.append(name)
        session = self.run.probe.session
        session.warn(f"the worker {name} ended before its time: what it looked at is not known")
        call = of_worker(session.target, index).phone_call
        session.guard.updated[call.id] = None
        session.guard.running[call.id, call.view_id] = None


class Worker(SuitePlugin):
    """Runs tests on a phone call of its own, and tells what it found at the end."""

    def __init__(self, given: bytes) -> None:
        """Read the assignment; ask nobody yet."""
        assignment: Assignment = pickle.loads(given)  # noqa: S301 - from the process that started this one
        self._stack: Final = ExitStack()
        session = self._stack.enter_context(Session(assignment.target, assignment.share))
        session.credentials.hold(assignment.tokens)
        rows = assignment.requirements
        super().__init__(Run(Probe(session), assignment.title, rows, assignment.seed, assignment.budget))
        self._workers: Final = assignment.share.of
        self._is_open = False

    def arranged(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Leave out what is for the controller, and keep all workers busy."""
        own = [item for item in items if is_ours(item) and not _is_for_all(item)]
        return [*(item for item in items if not is_ours(item)), *spread(own, self._workers)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Begin; where that cannot be, have the controller say why."""
        try:
            self._stack.enter_context(opened(self.run.probe))
        except ConformanceError as error:
            session.config.workeroutput["error"] = _packed(error)  # type: ignore[attr-defined]
            session.shouldfail = str(error)
            return True
        self._is_open = True
        return None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop what was started, and hand over what was found."""
        part = part_of(self.run) if self._is_open else None
        self._stack.close()
        if part is not None:
            session.config.workeroutput[KEY] = pickle.dumps(part)  # type: ignore[attr-defined]


def spread(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return tests in an order that keeps workers busy: checks, then what takes long, with some checks in between.

    xdist hands a worker its next test before it begins one, so that a long test must not be followed by another.
    """
    long = sorted((item for item in items if _phase(item) in LONGEST), key=lambda item: LONGEST.index(_phase(item)))
    short = [item for item in items if _phase(item) not in LONGEST]
    between = min(2 * workers, len(short) // max(1, len(long)))
    first = len(short) - between * len(long)
    rest = iter(short[first:])
    return [*short[:first], *(each for item in long for each in (item, *islice(rest, between)))]


def _phase(item: pytest.Item) -> str:
    exploration = parameter(item, "exploration")
    return exploration.phase if isinstance(exploration, Exploration) else ""


def _is_for_all(item: pytest.Item) -> bool:
    """Tell whether a test is for the controller: it looks at all exchanges, or uses up what there is one of."""
    requirement = parameter(item, "requirement")
    return observes(item) or _phase(item) == "life" or (requirement is not None and requirement.id in ONCE)


def _packed(error: ConformanceError) -> bytes:
    return pickle.dumps((type(error), error.message, error.where, error.hint))


def _error(packed: bytes) -> ConformanceError:
    kind, message, where, hint = pickle.loads(packed)  # noqa: S301 - from a process of our own
    found: ConformanceError = kind(message, where=where, hint=hint)
    return found
