"""The code samples run as they stand: against a sandbox, in every language, with a token and with a wrong one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.desk import CONFERENCE, HELD_CALL, LOCAL_CALL, PAGE_CALL, RINGING_CALL, USER
from sandbox.process import ask, environment, running
from uapi.docs.errors import DocsError
from uapi.docs.samples import LANGUAGES, Sample, samples, variants
from uapi_phonecalls import load_contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "openapi" / "samples"
OPERATIONS = [
    node["operationId"] for item in load_contract()["paths"].values() for node in item.values() if "operationId" in node
]
ALL = {name: samples(name, SAMPLES) for name in OPERATIONS}
FURTHER = {name: sample for name, (sample, *_) in variants("updatePhoneCall", SAMPLES).items()}
EVERY = [*(sample for each in ALL.values() for sample in each), *FURTHER.values()]
ACTIONS = set(load_contract()["components"]["schemas"]["PhoneCallAction"]["discriminator"]["mapping"])
IDENTIFIER = re.compile(r"\b[0-9a-f]{20}\b")
HOST = re.compile(r"(?:https?:)?//([\w.-]+)|\b([\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|cloud))\b")
OURS = re.compile(r"(?:127\.0\.0\.1|localhost|(?:[\w-]+\.)*example\.(?:com|net|org))\Z")
CURL_EXTENSION = ("-r", "exit(extension_loaded('curl') ? 0 : 1);")
DEADLINE = 60


@dataclass(frozen=True)
class Lab:
    """A sandbox, and what it takes to run a program against it."""

    target: dict[str, Any]
    folder: Path

    def run(self, sample: Sample, token: str = USER) -> subprocess.CompletedProcess[str]:
        variables = {"UAPI_URL": self.target["base_url"], "UAPI_TOKEN": token}
        return subprocess.run(  # noqa: S603 - our own samples
            [*interpreter(sample.path), str(sample.path)],
            env=environment(self.folder) | variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE,
        )

    def calls(self, place: str = "@me/@self") -> dict[str, dict[str, Any]]:
        _, body = ask(self.target, "GET", f"/uapi/phoneCalls/{place}")
        return {call["id"]: call for call in (body["entry"] if body else [])}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("samples")
    with running(folder, "--control") as (_, target):
        yield Lab(target, folder / "temporary")


@pytest.fixture
def lab(started: Lab) -> Iterator[Lab]:
    """Return the sandbox in its first state; what a sample placed is hung up at the end."""
    yield started
    ask(started.target, "DELETE", "/uapi/phoneCalls/@me/@self")
    status, _ = ask(started.target, "POST", "/control/reset")
    assert status < 300


def interpreter(path: Path) -> list[str]:
    """Return what runs a program, by how its name ends; skip where that is not here."""
    name = {".sh": "sh", ".py": sys.executable, ".mjs": "node", ".php": "php"}[path.suffix]
    needed = "curl" if path.suffix == ".sh" else name
    if (found := shutil.which(name)) is None or shutil.which(needed) is None:
        pytest.skip(f"{needed} is not on PATH")
    if name == "php" and subprocess.run([found, *CURL_EXTENSION], check=False).returncode:  # noqa: S603 - our own
        pytest.skip("PHP is here without its extension curl")
    return [found]


def title(sample: Sample) -> str:
    return sample.path.relative_to(SAMPLES).as_posix()


def of(*operations: str) -> Callable[[Callable[..., None]], pytest.MarkDecorator]:
    """Run a test with every sample of the operations."""
    return pytest.mark.parametrize("sample", [sample for name in operations for sample in ALL[name]], ids=title)


def output(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a program printed that ended well."""
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout


def identifiers(text: str) -> list[str]:
    """Return the ids of phone calls in an output, JSON or not, each once."""
    return list(dict.fromkeys(IDENTIFIER.findall(text)))


def shown(sample: Sample, text: str, views: Callable[[Any], list[dict[str, Any]]]) -> list[str]:
    """Return the lines of a program; for curl, which prints the answer, one for each view of it as it stands."""
    if sample.path.suffix != ".sh":
        return text.splitlines()
    lines = []
    for view in views(json.loads(text)):
        told = f"recorded since {view['recording']}" if "recording" in view else f"status {view['status']}"
        lines.append(f"view {view['id']}: {told}")
    return lines


PLACED = {
    "createSimplePhoneCall": ("0003*210", "0003*210", "0003*211"),
    "createCallbackPhoneCall": ("0003*218", "3334444", "3235742879"),
    "createConferenceInvite": ("0003*219", "0003*219", "3235742879"),
}


@of(*PLACED)
def test_a_phone_call_is_placed(lab: Lab, sample: Sample) -> None:
    before = lab.calls()
    (placed,) = identifiers(output(lab.run(sample)))
    after = lab.calls()
    assert after.keys() - before.keys() == {placed}
    call, view = after[placed], after[placed]["phoneCallView"][0]
    parties = (call["extension"], *view["source"], *view["destination"])
    assert (parties, view["callerId"]) == (PLACED[sample.path.parent.name], "John Doe <4242425>")


@of("listPhoneCalls")
def test_phone_calls_are_listed(lab: Lab, sample: Sample) -> None:
    listed = lab.calls("12/0003*210")
    text = output(lab.run(sample))
    assert identifiers(text) == list(listed)
    if sample.path.suffix != ".sh":
        views = {name: [view["id"] for view in call["phoneCallView"]] for name, call in listed.items()}
        assert text.splitlines() == [" ".join([name, *ids]) for name, ids in views.items()]


@of("getPhoneCall")
def test_the_state_of_a_phone_call_is_shown(lab: Lab, sample: Sample) -> None:
    text = output(lab.run(sample))
    assert shown(sample, text, lambda page: page["entry"][0]["phoneCallView"]) == ["view 01: status 5"]


@of("updatePhoneCall")
def test_a_view_is_recorded(lab: Lab, sample: Sample) -> None:
    text = output(lab.run(sample))
    (view,) = lab.calls("12/0003*210")[PAGE_CALL]["phoneCallView"]
    assert shown(sample, text, lambda call: call["phoneCallView"]) == [f"view 01: recorded since {view['recording']}"]


@of("hangUpPhoneCall")
def test_one_phone_call_is_hung_up(lab: Lab, sample: Sample) -> None:
    before = lab.calls()
    assert identifiers(output(lab.run(sample))) == [PAGE_CALL]
    assert before.keys() - lab.calls().keys() == {PAGE_CALL}


@of("hangUpPhoneCalls")
def test_the_phone_calls_of_an_extension_are_hung_up(lab: Lab, sample: Sample) -> None:
    before = lab.calls()
    told = identifiers(output(lab.run(sample)))
    assert set(told) == {PAGE_CALL, LOCAL_CALL, CONFERENCE, HELD_CALL, RINGING_CALL}
    assert before.keys() - lab.calls().keys() == set(told)


@pytest.mark.parametrize("name", sorted(ACTIONS - {"StartRecording"}))
def test_a_further_action_is_carried_out(lab: Lab, name: str) -> None:
    sample = FURTHER[name]
    assert f'"action": "{name}"' in sample.source
    before = lab.calls()
    call = json.loads(output(lab.run(sample)))["id"]
    # Whom the action calls has picked up by then.
    status, _ = ask(lab.target, "POST", "/control/clock", {"advance": 5})
    assert status == 200
    assert lab.calls()[call]["phoneCallView"] != before[call]["phoneCallView"]


@pytest.mark.parametrize("sample", [sample for each in ALL.values() for sample in each], ids=title)
def test_a_wrong_token_is_told_and_the_program_ends_with_1(lab: Lab, sample: Sample) -> None:
    done = lab.run(sample, "no-such-token")
    told = done.stdout + done.stderr
    assert done.returncode == 1, told
    assert re.search(r"\baccess_denied\b.*\w", told)
    assert not re.search(r"Traceback|\bat file:|\n\s+at |PHP (?:Warning|Notice|Fatal)|no-such-token", told)


def test_every_operation_has_every_language() -> None:
    assert {folder.name for folder in SAMPLES.iterdir()} == set(OPERATIONS)
    names = [name for name, _, _ in LANGUAGES]
    assert {name: [sample.path.name for sample in each] for name, each in ALL.items()} == dict.fromkeys(
        OPERATIONS, names
    )


def test_every_action_has_a_sample() -> None:
    assert {"StartRecording", *FURTHER} == ACTIONS
    assert all('"action": "StartRecording"' in ALL["updatePhoneCall"][turn].source for turn in (0, 2))


def test_no_file_is_left_out() -> None:
    assert {sample.path for sample in EVERY} == {path for path in SAMPLES.rglob("*") if path.is_file()}


@pytest.mark.parametrize("sample", EVERY, ids=title)
def test_no_other_host_is_named(sample: Sample) -> None:
    hosts = [host for pair in HOST.findall(sample.source) for host in pair if host]
    assert [host for host in hosts if not OURS.match(host)] == []


def test_the_python_samples_are_typed() -> None:
    """Told by mypy with the settings of the project."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "openapi/samples"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_a_sample_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocsError) as caught:
        samples("getPhoneCall", tmp_path)
    assert caught.value.where == str(tmp_path / "getPhoneCall" / "curl.sh")


def test_a_sample_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "getPhoneCall").mkdir()
    file = tmp_path / "getPhoneCall" / "curl.sh"
    file.write_bytes(b"\xff")
    with pytest.raises(DocsError, match="it is not UTF-8"):
        samples("getPhoneCall", tmp_path)


def test_an_operation_may_have_no_variants(tmp_path: Path) -> None:
    assert variants("getPhoneCall", tmp_path) == {}


def test_samples_are_labelled_in_the_order_of_the_languages() -> None:
    labels = [(sample.language, sample.label) for sample in ALL["getPhoneCall"]]
    assert labels == [(language, label) for _, label, language in LANGUAGES]
    assert {sample.highlighting for sample in EVERY} == {"shell", "python", "javascript", "php"}
