"""Follow a guide as a reader does: write its files, run its commands in their order, and compare what they print.

A block of `sh` is run by a shell that keeps what earlier ones exported. One that starts a server goes on beside the
others, which see it at a port of the test's own. `# ends with 1` in a block is the exit code that is expected of it. A
block of `text` is what the block before it prints: all its lines, in this order, where `…` stands for anything. Any
other block begins with a comment that names the file to write it to, or it is a Python program to run.

The folder is the project as after `make setup`: its contract, its generated files, and an environment in `.venv`.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.process import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"\A(?:#|//) (?P<name>[\w./-]+\.\w+)\n")
ENDS = re.compile(r"# ends with (\d+)")
PORTS = re.compile(r"\b(8000|8080)\b")
SERVERS = ("uapi sandbox", "uvicorn ", "python -m http.server ")
PROJECT = ("openapi", "generated", "Makefile", "pyproject.toml", "requirements.lock")
PYTHON = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
UAPI = f'#!/bin/sh\nexec "{sys.executable}" -m uapi.cli "$@"\n'
UVICORN = f'#!/bin/sh\nexec "{sys.executable}" -m uvicorn "$@"\n'
DEADLINE = 300


@dataclass(frozen=True)
class Block:
    """A fenced block of a guide. `line` is that of its fence, counted from 1."""

    language: str
    text: str
    line: int

    @property
    def file(self) -> str | None:
        """The file that the block is the content of."""
        named = FILE.match(self.text)
        return named["name"] if named and self.language != "sh" else None


def blocks(markdown: str) -> list[Block]:
    """Return the fenced blocks of a guide."""
    return [
        Block(found["language"], found["text"], markdown.count("\n", 0, found.start()) + 1)
        for found in BLOCK.finditer(markdown)
    ]


def free_port() -> int:
    """Return a port that nobody listens at, below those that the system hands out by itself to others meanwhile."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


def project(folder: Path) -> Path:
    """Make the project anew in a folder, with an environment that has the commands of this one."""
    folder.mkdir()
    for name in PROJECT:
        source = ROOT / name
        shutil.copytree(source, folder / name) if source.is_dir() else shutil.copy(source, folder / name)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, text in {"python": PYTHON, "uapi": UAPI, "uvicorn": UVICORN}.items():
        (programs / name).write_text(text, "utf-8")
        (programs / name).chmod(0o755)
    (programs / "activate").write_text(f'export PATH="{programs}:$PATH"\n', "utf-8")
    for stamp in (".installed", ".ready"):
        (folder / ".venv" / stamp).touch()
    return folder


@dataclass
class Reader:
    """Somebody who follows a guide, in a folder."""

    folder: Path
    stack: ExitStack
    output: str = ""
    ports: dict[str, str] = field(default_factory=dict)

    def follow(self, block: Block) -> None:
        """Do what a block says; fail, naming its line, where something else happens."""
        text = PORTS.sub(lambda found: self.ports.setdefault(found[0], str(free_port())), block.text)
        if block.language == "text":
            self._compare(text, block)
        elif block.file is not None:
            file = self.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        elif block.language == "python":
            self._run([sys.executable, "-c", text], block)
        elif text.startswith(SERVERS):
            self.stack.enter_context(self._serving(text, block))
        else:
            assert block.language == "sh", f"line {block.line}: nothing is known of {block.language} without a file"
            state = self.folder / ".exported"
            script = f"if [ -f '{state}' ]; then . '{state}'; fi\ntrap \"export -p > '{state}'\" EXIT\n{text}"
            self._run(["sh", "-ec", script], block)

    def _run(self, command: list[str], block: Block) -> None:
        ends = ENDS.search(block.text)
        done = subprocess.run(  # noqa: S603 - our own guides
            command,
            cwd=self.folder,
            env=self._variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=DEADLINE,
        )
        self.output = done.stdout
        assert done.returncode == int(ends[1] if ends else 0), f"line {block.line}: {done.stdout}"

    @contextmanager
    def _serving(self, text: str, block: Block) -> Iterator[None]:
        log = self.folder / f"line-{block.line}.log"
        port = int(self.ports["8080" if text.startswith(SERVERS[0]) else "8000"])
        with log.open("w") as file:
            process = subprocess.Popen(  # noqa: S603 - our own guides
                ["sh", "-ec", f"exec {text}"],  # noqa: S607 - any shell
                cwd=self.folder,
                env=self._variables(),
                stdout=file,
                stderr=file,
            )
        try:
            deadline = time.monotonic() + DEADLINE
            while not answers(port):
                assert process.poll() is None, f"line {block.line}: {log.read_text('utf-8')}"
                assert time.monotonic() < deadline, f"line {block.line}: nothing listens at {port}"
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            process.wait(DEADLINE)

    def _compare(self, text: str, block: Block) -> None:
        rest = self.output
        for line in text.splitlines():
            pattern = ".*".join(map(re.escape, line.split("…")))
            found = re.search(pattern, rest)
            assert found, f"line {block.line}: {line!r} is not in:\n{rest}"
            rest = rest[found.end() :]

    def _variables(self) -> dict[str, str]:
        programs = self.folder / ".venv" / "bin"
        temporary = self.folder / ".temporary"
        temporary.mkdir(exist_ok=True)
        found = environment(temporary)
        return found | {"PATH": f"{programs}{os.pathsep}{found['PATH']}", "NO_COLOR": "1"}


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def walk(guide: Path, folder: Path) -> None:
    """Follow a guide from its beginning to its end; servers that it starts are ended."""
    with ExitStack() as stack:
        reader = Reader(project(folder), stack)
        for block in blocks(guide.read_text("utf-8")):
            reader.follow(block)
