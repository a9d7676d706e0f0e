"""The shell steps of the pipelines run as they stand: the GitHub action, the GitLab job, and what our own CI needs.

Programs that fetch something are replaced by stand-ins that ask the same of the files that they are given.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from ruamel.yaml import YAML

from conformance.loopback import recording, serving
from conformance.made import wire
from uapi.conformance.embedded import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.loopback import Received

Done = subprocess.CompletedProcess[str]

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = YAML(typ="safe").load(ROOT / ".github/actions/conformance/action.yml")
WORKFLOW: dict[str, Any] = YAML(typ="safe").load(ROOT / ".github/workflows/ci.yml")
SPEC, JOBS = YAML(typ="safe").load_all(ROOT / ".ci/gitlab-conformance.yml")
INPUTS: dict[str, dict[str, Any]] = SPEC["spec"]["inputs"]
JOB: dict[str, Any] = JOBS["conformance"]
NOTES_TOKEN = "a-token-for-notes"

PIP = """#!/bin/sh
for argument do
  if [ "$before" = --requirement ]; then grep -q -- --hash=sha256 "$argument" || exit 90; fi
  before=$argument
done
case "$*" in *--requirement*) ;; *) test -f "$argument/pyproject.toml" || exit 91 ;; esac
"""
PYTHON = """#!/bin/sh
test "$1 $2" = "-m venv" || exit 92
mkdir -p "$3/bin" && cp "$STANDINS/pip" "$STANDINS/uapi" "$3/bin"
"""
GIT = """#!/bin/sh
for argument do before=$last; last=$argument; done
test "$1 $before" = "clone https://git.example.com/kit.git" && ln -s "$SOURCE" "$last"
"""
REAL = f"""#!/bin/sh
exec "{sys.executable}" -m uapi.cli "$@" --only AUTH-001
"""
"""The kit, which looks at one requirement: what it does with the others is no matter of a pipeline."""
ENDING = """#!/bin/sh
while [ "$1" != --output ]; do shift; done
mkdir -p "$2" && echo "the summary" > "$2/report.md" && exit "$CODE"
"""


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    with sandbox() as file:
        yield str(file)


@pytest.fixture
def standins(tmp_path: Path) -> dict[str, str]:
    """Make programs that stand in for those that fetch something; return the environment that finds them first."""
    programs = {"pip": PIP, "python3": PYTHON, "git": GIT, "uapi": REAL}
    return found(tmp_path / "standins", programs) | {"STANDINS": str(tmp_path / "standins"), "SOURCE": str(ROOT)}


def found(folder: Path, programs: Mapping[str, str], path: str = "/usr/bin:/bin") -> dict[str, str]:
    """Write programs into a folder; return an environment that finds them before all others."""
    folder.mkdir(exist_ok=True)
    for name, text in programs.items():
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}:{path}".removesuffix(":")}


def bash(script: str, environment: dict[str, str], folder: Path) -> Done:
    command = ["/bin/bash", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own


def github(standins: dict[str, str], folder: Path, **inputs: str) -> Done:
    """Run the steps of the action as a runner does."""
    values = {name: field.get("default", "") for name, field in ACTION["inputs"].items()} | inputs
    environment = standins | {
        "RUNNER_TEMP": str(folder),
        "GITHUB_ACTION_PATH": str(ROOT / ".github/actions/conformance"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_OUTPUT": str(folder / "output"),
    }
    for step in ACTION["runs"]["steps"]:
        if "run" in step:
            passed = {name: _filled(text, "${{ inputs.%s }}", values) for name, text in step.get("env", {}).items()}
            done = bash(step["run"], environment | passed, folder)
            if done.returncode:
                break
    return done


def gitlab(standins: dict[str, str], folder: Path, **inputs: str) -> tuple[Done, Done]:
    """Run the job as a runner does: what comes before in one shell with the script, what comes after in another."""
    values = {name: field.get("default", "") for name, field in INPUTS.items()} | inputs
    values["kit"] = "https://git.example.com/kit.git"
    variables = {name: _filled(text, "$[[ inputs.%s ]]", values) for name, text in JOB["variables"].items()}
    environment = {**standins, **variables, "TMPDIR": str(folder)}
    script = bash("\n".join([*JOB["before_script"], *JOB["script"]]), environment, folder)
    return script, bash("\n".join(JOB["after_script"]), environment, folder)


def _filled(text: str, form: str, values: Mapping[str, str]) -> str:
    (name,) = [name for name in values if form % name == text]
    return values[name]


def test_the_action_tests_a_server(standins: dict[str, str], tmp_path: Path, target: str) -> None:
    done = github(standins, tmp_path, target=target, budget="quick")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output").read_text("utf-8") == "exit-code=0\n"
    assert "conformant" in (tmp_path / "summary").read_text("utf-8")


def test_the_job_tests_a_server(standins: dict[str, str], tmp_path: Path, target: str) -> None:
    script, after = gitlab(standins, tmp_path, target=target, budget="quick")
    assert (script.returncode, after.returncode) == (0, 0), script.stderr
    assert "conformant" in after.stdout
    kept = [JOB["artifacts"]["reports"]["junit"], *JOB["artifacts"]["paths"]]
    assert all((tmp_path / path).exists() for path in kept)


@pytest.mark.parametrize("code", [0, 1, 4])
def test_a_pipeline_ends_as_the_kit_does(standins: dict[str, str], tmp_path: Path, code: int) -> None:
    standins |= found(tmp_path / "standins", {"uapi": ENDING}) | {"CODE": str(code)}
    assert github(standins, tmp_path, target="target.toml").returncode == code
    assert (tmp_path / "output").read_text("utf-8") == f"exit-code={code}\n"
    assert (tmp_path / "summary").read_text("utf-8") == "the summary\n"
    script, after = gitlab(standins, tmp_path)
    assert (script.returncode, after.stdout) == (code, "the summary\n")


def test_a_target_that_cannot_be_tested_fails(standins: dict[str, str], tmp_path: Path) -> None:
    """Nothing was reported then, and nothing else goes wrong."""
    assert github(standins, tmp_path, target="no-such-file.toml").returncode == 2
    assert (tmp_path / "output").read_text("utf-8") == "exit-code=2\n"
    script, after = gitlab(standins, tmp_path, target="no-such-file.toml")
    assert script.returncode == 2
    assert (after.returncode, after.stdout, after.stderr) == (0, "", "")


@pytest.mark.parametrize(("number", "token"), [("7", NOTES_TOKEN), ("7", ""), ("", NOTES_TOKEN)])
def test_the_summary_is_a_note_on_a_merge_request_where_a_token_allows_it(
    standins: dict[str, str], tmp_path: Path, number: str, token: str
) -> None:
    received: list[Received] = []
    standins |= found(tmp_path / "standins", {"uapi": ENDING}) | {"CODE": "1"}
    with serving(recording(wire(), received)) as server:
        job = {"CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": number, "CONFORMANCE_NOTES_TOKEN": token}
        _, after = gitlab(standins | job | {"CI_API_V4_URL": server.base_url}, tmp_path)
    assert (after.returncode, after.stderr) == (0, "")
    assert NOTES_TOKEN not in after.stdout
    if not (number and token):
        assert received == []
        return
    (note,) = received
    assert (note.method, note.path) == ("POST", "/uapi/projects/3/merge_requests/7/notes")
    assert note.header("private-token") == NOTES_TOKEN
    assert parse_qs(note.body.decode()) == {"body": ["the summary\n"]}


def test_expected_failures_are_passed_on(standins: dict[str, str], tmp_path: Path) -> None:
    telling = '#!/bin/sh\nfor argument do echo "$argument"; done > arguments\n'
    standins |= found(tmp_path / "standins", {"uapi": telling})
    for run in (github, gitlab):
        run(standins, tmp_path, target="a b.toml", **{"expected-failures": "known ones.toml"})
        arguments = (tmp_path / "arguments").read_text("utf-8").splitlines()
        assert arguments[arguments.index("--expected-failures") + 1] == "known ones.toml"
        assert arguments[arguments.index("--target") + 1] == "a b.toml"


def test_each_input_is_passed_on() -> None:
    steps = str(ACTION["runs"]["steps"])
    assert all(f"${{{{ inputs.{name} }}}}" in steps for name in ACTION["inputs"])
    assert all(f"$[[ inputs.{name} ]]" in str(JOB) for name in INPUTS)


def test_the_workflow_runs_what_every_ci_runs() -> None:
    job = WORKFLOW["jobs"]["check"]
    assert "bash .ci/run" in [step.get("run") for step in job["steps"]]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    classifiers = [f"Programming Language :: Python :: {python}" for python in job["strategy"]["matrix"]["python"]]
    assert classifiers == [text for text in project["classifiers"] if text.startswith("Programming Language")]


PRESENT = "#!/bin/sh\n"
APT = '#!/bin/sh\necho "$@" >> asked\n'
INSTALLING = APT + 'case "$1" in install) cp present chromium; chmod +x chromium ;; esac\n'
PLAIN = "#!/bin/sh\necho 1000\n"
ROOT_USER = "#!/bin/sh\necho 0\n"
SUDO = '#!/bin/sh\nshift\nexec "$@"\n'
INSTALL = ["update -qq", "install -qq --yes --no-install-recommends chromium"]


@pytest.mark.parametrize(
    ("programs", "code", "asked", "told"),
    [
        ({"chromium": PRESENT}, 0, [], ""),
        ({"google-chrome": PRESENT}, 0, [], ""),
        ({"id": ROOT_USER, "apt-get": INSTALLING}, 0, INSTALL, ""),
        ({"id": PLAIN, "sudo": SUDO, "apt-get": INSTALLING}, 0, INSTALL, ""),
        ({"id": PLAIN, "apt-get": INSTALLING}, 2, [], "only root may install one"),
        ({"id": ROOT_USER}, 2, [], "apt-get is not here"),
        ({"id": ROOT_USER, "apt-get": APT + "exit 1\n"}, 2, INSTALL[:1], "could not be read"),
        ({"id": ROOT_USER, "apt-get": APT}, 2, INSTALL, "brought none"),
    ],
    ids=["there", "another", "root", "sudo", "nobody", "no apt-get", "no network", "an empty package"],
)
def test_a_browser_is_installed_where_there_is_none(
    tmp_path: Path, programs: dict[str, str], code: int, asked: list[str], told: str
) -> None:
    own = {name: f'#!/bin/sh\nexec /usr/bin/{name} "$@"\n' for name in ("env", "cp", "chmod", "true")}
    environment = found(tmp_path, {"present": PRESENT, **own, **programs}, path="")
    done = bash((ROOT / ".ci/browser").read_text("utf-8"), environment, tmp_path)
    asking = tmp_path / "asked"
    assert (done.returncode, asking.read_text("utf-8").splitlines() if asking.exists() else []) == (code, asked)
    assert told in done.stderr


def test_a_browser_may_be_named(tmp_path: Path) -> None:
    environment = found(tmp_path, {"mine": PRESENT}, path="") | {"CHROMIUM": str(tmp_path / "mine")}
    assert bash((ROOT / ".ci/browser").read_text("utf-8"), environment, tmp_path).returncode == 0


WITH_CURL = "#!/bin/sh\nexit 0\n"
WITHOUT_CURL = "#!/bin/sh\nexit 1\n"
INSTALLING_PHP = APT + 'case "$1" in install) cp present php; chmod +x php ;; esac\n'
PHP_INSTALL = ["update -qq", "install -qq --yes --no-install-recommends php-cli php-curl"]


@pytest.mark.parametrize(
    ("programs", "code", "asked", "told"),
    [
        ({"php": WITH_CURL}, 0, [], ""),
        ({"id": ROOT_USER, "apt-get": INSTALLING_PHP}, 0, PHP_INSTALL, ""),
        ({"php": WITHOUT_CURL, "id": ROOT_USER, "apt-get": INSTALLING_PHP}, 0, PHP_INSTALL, ""),
        ({"id": PLAIN, "sudo": SUDO, "apt-get": INSTALLING_PHP}, 0, PHP_INSTALL, ""),
        ({"id": PLAIN, "apt-get": INSTALLING_PHP}, 2, [], "only root may install it"),
        ({"id": ROOT_USER}, 2, [], "apt-get is not here"),
        ({"id": ROOT_USER, "apt-get": APT + "exit 1\n"}, 2, PHP_INSTALL[:1], "could not be read"),
        ({"id": ROOT_USER, "apt-get": APT}, 2, PHP_INSTALL, "brought none"),
    ],
    ids=["there", "root", "without curl", "sudo", "nobody", "no apt-get", "no network", "an empty package"],
)
def test_php_is_installed_where_there_is_none(
    tmp_path: Path, programs: dict[str, str], code: int, asked: list[str], told: str
) -> None:
    own = {name: f'#!/bin/sh\nexec /usr/bin/{name} "$@"\n' for name in ("env", "cp", "chmod", "true")}
    environment = found(tmp_path, {"present": PRESENT, **own, **programs}, path="")
    done = bash((ROOT / ".ci/php").read_text("utf-8"), environment, tmp_path)
    asking = tmp_path / "asked"
    assert (done.returncode, asking.read_text("utf-8").splitlines() if asking.exists() else []) == (code, asked)
    assert told in done.stderr
