"""The README is true: its commands run, its files exist, and it opens with the two commands."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from ruamel.yaml import YAML

from sandbox.process import running
from uapi.cli import uapi
from uapi.conformance.baseline import load_expectations
from uapi.conformance.embedded import sandbox
from uapi.conformance.report.files import FORMS
from uapi.conformance.target import SCHEMA_FILE, load_target

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"(?:<!-- run: (?P<how>\w+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)
BLOCKS = [match.groupdict() for match in BLOCK.finditer(README)]
SANDBOX = "http://127.0.0.1:8080/uapi"
PROSE = BLOCK.sub("", README)
SPANS = [span.replace("\n", " ") for span in re.findall(r"`([^`]+)`", PROSE)]
KIND = re.compile(r"\.(?:html|json|lock|md|sarif|xml|ya?ml)$")
FILES = {word.rpartition("/")[2] for span in SPANS for word in span.split() if KIND.search(word)}
COMMANDS = sorted(
    {
        line.partition(" #")[0].strip()
        for text in [*SPANS, *(block["text"] for block in BLOCKS if block["language"] == "sh")]
        for line in text.splitlines()
        if line.startswith("uapi ")
    }
)
YAMLS: list[Any] = [YAML(typ="safe").load(block["text"]) for block in BLOCKS if block["language"] == "yaml"]


def blocks(how: str) -> list[dict[str, str]]:
    return [block for block in BLOCKS if block["how"] == how]


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with sandbox() as target_file:
        yield tomllib.loads(target_file.read_text("utf-8"))["base_url"]


def test_it_opens_with_the_two_commands() -> None:
    assert BLOCKS[0]["text"] == "make conformance\nmake test\n"


@pytest.mark.parametrize("block", blocks("sandbox"), ids=lambda block: block["language"])
def test_a_block_runs_against_the_sandbox(block: dict[str, str], base_url: str) -> None:
    text = block["text"].replace(SANDBOX, base_url).replace(SANDBOX.removesuffix("/uapi"), base_url[: -len("/uapi")])
    if block["language"] == "sh":
        if shutil.which("curl") is None:
            pytest.skip("curl is not on PATH")
        command = ["sh", "-ec", text.replace("curl ", "curl --silent --show-error --fail-with-body ")]
    else:
        command = [sys.executable, "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own README
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_sandbox_speaks_https(tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not on PATH")
    (block,) = blocks("tls")
    start, request = block["text"].replace("ca.pem", str(tmp_path / "ca.pem")).splitlines()
    with running(tmp_path, *shlex.split(start)[2:]) as (_, target):
        told = request.replace("https://127.0.0.1:8080/", f"{target['base_url'].removesuffix('uapi')}")
        command = ["sh", "-ec", told.replace("curl ", "curl --silent --show-error --fail-with-body ")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own README
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert '"entry"' in done.stdout


def test_the_server_is_built() -> None:
    (block,) = blocks("server")
    check = """
from fastapi.testclient import TestClient
headers = {"Authorization": "Bearer any"}
client = TestClient(app)
place = "/uapi/phoneCalls/@me/@self"
assert client.get(place, headers=headers).status_code == 204
assert client.get(place + "/1", headers=headers).json() == {"entry": [], "totalResults": 0}
body = {"action": "StartRecording", "phoneCallViewId": "01"}
assert client.put(place + "/1", json=body, headers=headers).json()["error"]["code"] == "pc_phonecall_invalid"
body["format"] = "mp3"
answer = client.put(place + "/1", json=body, headers=headers)
assert (answer.status_code, answer.json()["error"]["code"]) == (400, "pc_recformat_invalid")
body = {"action": "OnHold", "phoneCallViewId": "01"}
for answer in (client.put(place + "/1", json=body, headers=headers), client.delete(place, headers=headers)):
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "request_not_implemented")
assert client.get("/uapi/phoneCalls/@me/simple", headers=headers).status_code == 405
assert client.put(place + "/1", json=body).status_code == 401
"""
    command = [sys.executable, "-c", block["text"] + check]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own README
    assert (done.returncode, done.stderr) == (0, "")


def test_the_target_file_is_valid(tmp_path: Path) -> None:
    block, addition, _ = [block for block in BLOCKS if block["language"] == "toml"]
    file = tmp_path / "target.toml"
    environment = {"UAPI_TOKEN": "a", "UAPI_STRANGER": "b", "UAPI_EXPIRED": "c"}
    file.write_text(block["text"], "utf-8")
    assert load_target(file, environment, {}).caller.token == "a"
    top, roles = addition["text"].split("\n\n", 1)  # The settings of no table stand before all tables.
    file.write_text(f"{top}\n{block['text']}\n{roles}", "utf-8")
    created = load_target(file, environment, {}).create
    assert created is not None
    assert created.destination == "0003*215"


def test_the_expected_failures_are_valid(tmp_path: Path) -> None:
    *_, block = [block for block in BLOCKS if block["language"] == "toml"]
    file = tmp_path / "known.toml"
    file.write_text(block["text"], "utf-8")
    assert [entry.requirement for entry in load_expectations(file)] == ["REC-013"]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", README)) - {"an"}))
def test_a_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_the_reports_are_named_as_they_are_written() -> None:
    first, *others = FORMS
    (told,) = [block["text"] for block in BLOCKS if block["language"] == "text" and "verdict" in block["text"]]
    assert f"report: reports/{first}\nbeside it: {', '.join(others)}\n" in told


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_is_named_is_written_or_there(name: str) -> None:
    there = {file.name for folder in (".", ".ci", "openapi", "generated") for file in (ROOT / folder).iterdir()}
    assert name in {*FORMS, SCHEMA_FILE, *there}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_has_the_options_that_are_named(line: str) -> None:
    command: click.Command = uapi
    context = click.Context(command)
    for word in shlex.split(line)[1:]:
        if word.startswith("-"):
            options = {name for parameter in command.get_params(context) for name in parameter.opts}
            assert word in options | {"--help"}
        elif isinstance(command, click.Group) and (below := command.get_command(context, word)):
            command = below


def test_the_workflow_uses_the_action_as_it_is() -> None:
    (step,), _ = YAMLS
    folder = step["uses"].removeprefix("OWNER/REPOSITORY/").partition("@")[0]
    inputs = YAML(typ="safe").load(ROOT / folder / "action.yml")["inputs"]
    assert {name for name, field in inputs.items() if field.get("required")} <= step["with"].keys() <= inputs.keys()


def test_the_pipeline_includes_the_job_as_it_is() -> None:
    _, pipeline = YAMLS
    (included,) = pipeline["include"]
    spec, _ = YAML(typ="safe").load_all(ROOT / included["file"])
    inputs = spec["spec"]["inputs"]
    required = {name for name, field in inputs.items() if "default" not in field}
    assert required <= included["inputs"].keys() <= inputs.keys()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?://)([^)]+)\)", README))))
def test_a_linked_file_exists(link: str) -> None:
    assert (ROOT / link).exists()
