"""Settings that do not go together, files beside the target file, and which credentials are used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from conformance.test_target import REQUIRED, written
from uapi.conformance.errors import TargetError
from uapi.conformance.target import load_target

if TYPE_CHECKING:
    from pathlib import Path

    from uapi.conformance.target import Target

SECRET = "s3cr3t"
BASE = 'base_url = "http://127.0.0.1/uapi"\n'
CALLER = '[caller]\nuser_id = "12"\nextension = "210"\n'
CALL = '[phone_call]\nid = "a"\nview_id = "01"\n'
OAUTH = '[caller.oauth]\ntoken_url = "http://h/t"\nclient_id = "i"\nclient_secret = "s3cr3t"\n'
TOKEN = 'token = "s3cr3t"\n'
WHOLE = BASE + CALLER + TOKEN + CALL


def mistake(folder: Path, text: str) -> TargetError:
    with pytest.raises(TargetError) as caught:
        load_target(written(folder, text), {}, {})
    assert SECRET not in str(caught.value)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (BASE + CALLER + CALL, "caller.token", "it is required"),
        (BASE + CALLER + TOKEN + OAUTH + CALL, "caller.oauth", "token and oauth exclude each other"),
        (BASE + CALLER + TOKEN + 'token_command = "s3cr3t"\n' + CALL, "caller.token_command", "exclude each other"),
        (WHOLE + "[expired]\n", "expired.token", "it is required"),
        (WHOLE + OAUTH.replace("caller", "expired"), "expired.oauth", "no such setting"),
        (BASE + CALLER + OAUTH.replace("http://h/t", "h/t") + CALL, "caller.oauth.token_url", "absolute"),
        (BASE + CALLER + OAUTH.replace('"i"', '""') + CALL, "caller.oauth.client_id", "it is empty"),
        (BASE + CALLER + OAUTH.replace("client_id", "client") + CALL, "caller.oauth.client", "no such setting"),
        (BASE + CALLER + "token_command = []\n" + CALL, "caller.token_command", "it names no program"),
        (BASE + CALLER + 'token_command = "s3cr3t \'x"\n' + CALL, "caller.token_command", "quotation mark"),
        (BASE + CALLER + 'token_command = ["s3cr3t", 7]\n' + CALL, "caller.token_command.1", "it must be text"),
        (BASE + CALLER + "token_command = 7\n" + CALL, "caller.token_command", "a program with its arguments"),
        (WHOLE + "[tls]\nverify = 'perhaps'\n", "tls.verify", "true or false: 'perhaps'"),
        (WHOLE + "[tls]\nca_file = 'none.pem'\n", "tls.ca_file", "there is no such file"),
        (WHOLE + "[tls]\nca_file = 7\n", "tls.ca_file", "the name of a file"),
        (
            WHOLE + "[tls]\nclient_key = 'target.toml'\n",
            "tls.client_certificate",
            "tls.client_key is of no use without",
        ),
        (
            WHOLE + "[tls]\nca_file = 'target.toml'\nverify = false\n",
            "tls.ca_file",
            "of no use with tls.verify = false",
        ),
        ("proxy = 'socks5://h:1'\n" + WHOLE, "proxy", "the http URL of a proxy"),
        ("proxy = 'http://me:s3cr3t@h'\n" + WHOLE, "proxy", "the http URL of a proxy"),
        ("max_requests_per_second = 0\n" + WHOLE, "max_requests_per_second", "it must be more than 0: '0'"),
        ("max_requests_per_second = 'x'\n" + WHOLE, "max_requests_per_second", "it must be a number: 'x'"),
        ("connect_timeout_seconds = 601\n" + WHOLE, "connect_timeout_seconds", "it must be at most 600: '601'"),
        ("timeout = 3\n" + WHOLE, "timeout", "no such setting"),
        (WHOLE + "[headers]\n'X Y' = 's3cr3t'\n", "headers", "'X Y' is no name of a header"),
        (WHOLE + "[headers]\nX = 's3cr3t\\u000a'\n".replace("'", '"'), "headers", "the value of X must be ASCII"),
        (WHOLE + "[headers]\nX = 7\n", "headers.X", "it must be text, in quotation marks"),
        (WHOLE + "[headers]\nauthorization = 's3cr3t'\n", "headers", "the kit's own"),
        ("headers = 's3cr3t'\n" + WHOLE, "headers", "one 'Name: value' on each line"),
        (BASE + CALLER + TOKEN + "[phone_call]\nid = 'a'\n", "phone_call.view_id", "it is required"),
        (WHOLE + "source = 'list'\n", "phone_call.source", "it must be one of 'given', 'discover', 'command'"),
        (WHOLE + "source = 'create'\n", "phone_call.id", 'says nothing of a phone call whose source is "create"'),
        (WHOLE.replace(CALL, "[phone_call]\nsource = 'create'\n"), "create", "needs create.source"),
        (WHOLE + "source = 'discover'\n", "phone_call.id", 'says nothing of a phone call whose source is "discover"'),
        (WHOLE + "minimum_views = 3\n", "phone_call.minimum_views", "says nothing of"),
        (WHOLE.replace(CALL, "[phone_call]\nsource = 'command'\n"), "phone_call.place", "it is required"),
        (
            WHOLE.replace(CALL, "[phone_call]\nsource = 'command'\nplace = 'x'\nextension = '1'\n"),
            "phone_call.extension",
            "says nothing of",
        ),
        (
            WHOLE.replace(CALL, "[phone_call]\nsource = 'discover'\nminimum_views = 1.5\n"),
            "phone_call.minimum_views",
            "it must be a whole number: '1.5'",
        ),
        (
            WHOLE.replace(CALL, "[phone_call]\nsource = 'discover'\nminimum_views = 0\n"),
            "phone_call.minimum_views",
            "it must be at least 1: '0'",
        ),
    ],
)
def test_a_mistake_is_named_with_a_way_out(tmp_path: Path, text: str, key: str, said: str) -> None:
    error = mistake(tmp_path, text)
    assert error.where == f"{tmp_path / 'target.toml'}: {key}"
    assert said in error.message


def test_a_mistake_in_a_variable_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(TargetError) as caught:
        load_target(written(tmp_path, WHOLE), {"UAPI_TLS_VERIFY": "perhaps"}, {})
    assert caught.value.where == "UAPI_TLS_VERIFY: tls.verify"


def test_a_misspelt_setting_is_guessed(tmp_path: Path) -> None:
    assert "Did you mean phone_call.view_id?" in str(mistake(tmp_path, WHOLE + "viewid = 'x'\n").hint)


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("false", False), ("True", True), ("1", True), ("no", False)]
)
def test_text_may_stand_for_true_and_false(text: str, value: bool) -> None:
    options = {**REQUIRED, ("recording_is_permitted",): text, ("tls", "verify"): text}
    target = load_target(None, {}, options)
    assert (target.recording_is_permitted, target.tls.verify) == (value, value)


def test_a_variable_may_stand_for_any_value(tmp_path: Path) -> None:
    text = 'timeout_seconds = "${T}"\n[tls]\nverify = "${V}"\n[expired]\ntoken_command = ["get", "${X}"]\n'
    target = load_target(written(tmp_path, text), {"T": "2.5", "V": "false", "X": "x y"}, REQUIRED)
    assert (target.timeout_seconds, target.tls.verify) == (2.5, False)
    assert target.expired is not None
    assert target.expired.token_command == ("get", "x y")


def test_headers_of_an_option_are_lines() -> None:
    target = load_target(None, {}, {**REQUIRED, ("headers",): "X-One: 1\n\nX-Two:  a: b \n"})
    assert target.headers == {"X-One": "1", "X-Two": "a: b"}


def test_files_are_looked_for_beside_the_target_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "ca.pem").touch()
    (tmp_path / "own.pem").touch()
    monkeypatch.chdir(tmp_path)
    text = "[tls]\nca_file = 'ca.pem'\nclient_certificate = '../own.pem'\n"
    tls = load_target(written(folder, text), {}, REQUIRED).tls
    assert (tls.ca_file, tls.client_certificate) == (folder / "ca.pem", folder / "../own.pem")
    given = load_target(None, {"UAPI_TLS_CA_FILE": "own.pem"}, REQUIRED)
    assert str(given.tls.ca_file) == "own.pem"


def test_a_file_may_be_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ca.pem").touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    for source in ("[tls]\nca_file = '~/ca.pem'\n", ""):
        options = REQUIRED if source else {**REQUIRED, ("tls", "ca_file"): "~/ca.pem"}
        assert load_target(written(tmp_path, source), {}, options).tls.ca_file == tmp_path / "ca.pem"


@pytest.mark.machine
@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch(mode=0)
    assert "cannot be read" in mistake(tmp_path, WHOLE + "[tls]\nca_file = 'ca.pem'\n").message


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("'./get-token 12'", ("{folder}/get-token", "12")),
        ("['bin/get', './x']", ("{folder}/bin/get", "./x")),
        ("'pass show \"a b\"'", ("pass", "show", "a b")),
        ("['/usr/bin/pass', '$HOME']", ("/usr/bin/pass", "$HOME")),
    ],
)
def test_programs_are_looked_for_beside_the_target_file(tmp_path: Path, command: str, words: tuple[str, ...]) -> None:
    text = BASE + CALLER + f"token_command = {command}\n" + CALL
    found = load_target(written(tmp_path, text), {}, {}).caller.token_command
    assert found == tuple(word.format(folder=tmp_path) for word in words)


def credentials(target: Target) -> tuple[object, ...]:
    oauth = target.caller.oauth
    return target.caller.token, target.caller.token_command, oauth and oauth.client_id


def test_a_stronger_source_chooses_the_kind_of_credentials(tmp_path: Path) -> None:
    file = written(tmp_path, BASE + CALLER + OAUTH + CALL)
    assert credentials(load_target(file, {}, {})) == (None, None, "i")
    assert credentials(load_target(file, {"UAPI_CALLER_TOKEN": "t"}, {})) == ("t", None, None)
    options = {("caller", "token_command"): "get it"}
    assert credentials(load_target(file, {"UAPI_CALLER_TOKEN": "t"}, options)) == (None, ("get", "it"), None)
    assert credentials(load_target(file, {}, {("caller", "oauth", "client_id"): "j"})) == (None, None, "j")


def test_a_target_warns_of_what_a_reader_has_to_know() -> None:
    options = {**REQUIRED, ("base_url",): "http://pbx.example/uapi", ("features", "stop_recording"): "false"}
    options[("tls", "verify")] = "false"
    warnings = load_target(None, {}, options).warnings()
    assert [next(word for word in ("tls.verify", "unencrypted", "goes on") if word in text) for text in warnings] == [
        "tls.verify",
        "unencrypted",
        "goes on",
    ]
    assert load_target(None, {}, REQUIRED).warnings() == []
