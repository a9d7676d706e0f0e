from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.targets import (
    PATHS,
    REQUIRED,
    SETTINGS,
    TOKEN,
    Setting,
    beside,
    environment,
    mistake,
    read,
    toml,
    value,
    written,
)
from uapi.conformance.target import environment_name, load_target, option_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", PATHS)
def test_a_setting_can_stand_in_the_file(tmp_path: Path, path: Setting) -> None:
    # Beside a file are its own files, so that a relative name would not do here.
    target = load_target(written(tmp_path, toml({**beside(path), path: value(path)})), {}, {})
    assert read(target, path) == value(path)


@pytest.mark.parametrize("path", PATHS)
def test_a_setting_can_stand_in_the_environment(path: Setting) -> None:
    target = load_target(None, environment({**beside(path), path: value(path)}), {})
    assert read(target, path) == value(path)


@pytest.mark.parametrize("path", PATHS)
def test_a_setting_can_be_an_option(path: Setting) -> None:
    assert read(load_target(None, {}, {**beside(path), path: value(path)}), path) == value(path)


@pytest.mark.parametrize("path", PATHS)
def test_the_environment_is_stronger_than_the_file(tmp_path: Path, path: Setting) -> None:
    file = written(tmp_path, toml({**beside(path), path: value(path)}))
    assert read(load_target(file, {environment_name(path): value(path, "b")}, {}), path) == value(path, "b")


@pytest.mark.parametrize("path", PATHS)
def test_an_option_is_stronger_than_the_environment(path: Setting) -> None:
    variables = environment({**beside(path), path: value(path)})
    assert read(load_target(None, variables, {path: value(path, "b")}), path) == value(path, "b")


@pytest.mark.parametrize("path", PATHS)
def test_an_option_is_stronger_than_the_file(tmp_path: Path, path: Setting) -> None:
    file = written(tmp_path, toml({**beside(path), path: value(path)}))
    assert read(load_target(file, {}, {path: value(path, "b")}), path) == value(path, "b")


def test_a_section_may_come_from_three_sources(tmp_path: Path) -> None:
    file = written(tmp_path, toml({**REQUIRED, ("stranger", "token"): "t"}))
    target = load_target(file, {"UAPI_STRANGER_USER_ID": "33"}, {("stranger", "extension"): "0003*220"})
    assert target.stranger is not None
    assert target.stranger.model_dump(exclude_none=True) == {"token": "t", "user_id": "33", "extension": "0003*220"}


def test_no_two_settings_share_a_variable() -> None:
    assert len({environment_name(path) for path in SETTINGS}) == len(SETTINGS)


def test_no_two_settings_share_an_option() -> None:
    assert len({option_name(path) for path in SETTINGS}) == len(SETTINGS)


def test_every_setting_is_described() -> None:
    assert [path for path, text in SETTINGS.items() if not text.rpartition(": ")[2]] == []


def test_numbers_and_truth_values_of_the_file_are_taken(tmp_path: Path) -> None:
    text = "timeout_seconds = 3\n[features]\nlist = false\n"
    target = load_target(written(tmp_path, text), {}, REQUIRED)
    assert (target.timeout_seconds, target.features.list) == (3.0, False)


@pytest.mark.parametrize("name", ["list", "get", "stop_recording"])
@pytest.mark.parametrize(("word", "means"), [("true", True), ("false", False), ("unknown", "unknown")])
def test_a_feature_is_there_or_not_or_unknown(tmp_path: Path, name: str, word: str, means: object) -> None:
    path = ("features", name)
    quoted = f'"{word}"' if word == "unknown" else word
    targets = [
        load_target(written(tmp_path, f"[features]\n{name} = {quoted}\n"), {}, REQUIRED),
        load_target(None, {environment_name(path): word}, REQUIRED),
        load_target(None, {}, {**REQUIRED, path: word}),
    ]
    assert [getattr(target.features, name) for target in targets] == [means] * 3
    assert {target.features.offers(name.replace("_", "-")) for target in targets} == {means is not False}
    assert targets[0].features.unknown(telephony=True) == ((name,) if means == "unknown" else ())
    assert targets[0].features.lacking(telephony=True) == ((name,) if means is False else ())


def test_every_feature_is_there_unless_something_else_is_said() -> None:
    features = load_target(None, {}, REQUIRED).features
    assert (features.unknown(telephony=True), features.lacking(telephony=True)) == ((), ())


@pytest.mark.parametrize("value", ["http://h/uapi", "http://h/uapi/", "http://h/uapi//"])
def test_a_slash_at_the_end_of_the_base_url_is_left_out(value: str) -> None:
    assert load_target(None, {}, {**REQUIRED, ("base_url",): value}).base_url == "http://h/uapi"


@pytest.mark.parametrize("text", ['"${NAME}"', '"a${NAME}"', '"${NAME}${NAME}"', "'${NAME}'"])
def test_a_variable_is_replaced(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, f"caller.user_id = {text}\n")
    target = load_target(file, {"NAME": "x"}, {path: REQUIRED[path] for path in REQUIRED if path[-1] != "user_id"})
    assert target.caller.user_id == text[1:-1].replace("${NAME}", "x")


@pytest.mark.parametrize("text", ["$NAME", "${}", "${1}", "$(NAME)", "{NAME}"])
def test_what_is_no_variable_stays(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, f'caller.user_id = "{text}"\n')
    target = load_target(file, {"NAME": "x"}, {path: REQUIRED[path] for path in REQUIRED if path[-1] != "user_id"})
    assert target.caller.user_id == text


def test_the_value_of_a_variable_is_not_substituted_again(tmp_path: Path) -> None:
    file = written(tmp_path, 'expired.token = "${NAME}"\n')
    target = load_target(file, {"NAME": "${OTHER}", "OTHER": "x"}, REQUIRED)
    assert target.expired is not None
    assert target.expired.token == "${OTHER}"


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    error = mistake(tmp_path, 'expired.token = "${NO_SUCH}"\n')
    assert (error.where, error.hint) == (f"{tmp_path / 'target.toml'}: expired.token", "Set it: export NO_SUCH=…")
    assert "NO_SUCH is not set" in error.message


@pytest.mark.parametrize("path", [pytest.param(path, id=".".join(path)) for path in SETTINGS if path[-1] == "token"])
def test_a_token_has_the_variable_that_sets_it(path: Setting) -> None:
    target = load_target(None, {}, {**beside(path), path: "t0k3n"})
    assert target.secrets()["t0k3n"] == f"${environment_name(path)}"


def test_an_app_secret_has_a_variable() -> None:
    path = ("caller", "oauth", "client_secret")
    assert "UAPI_CALLER" in load_target(None, {}, {**beside(path), path: "s3cr3t"}).secrets()["s3cr3t"]


def test_the_value_of_a_further_header_is_a_secret() -> None:
    assert "v4lu3" in load_target(None, {}, {**REQUIRED, ("headers",): "X-Key: v4lu3"}).secrets()


def test_the_password_of_a_proxy_is_a_secret() -> None:
    assert "p4ss" in load_target(None, {}, {**REQUIRED, ("proxy",): "http://user:p4ss@127.0.0.1:3128"}).secrets()


def test_a_token_of_two_principals_has_one_variable() -> None:
    target = load_target(None, {}, {**REQUIRED, ("expired", "token"): TOKEN})
    assert target.secrets() == {TOKEN: "$UAPI_CALLER_TOKEN"}


def test_a_principal_that_is_not_named_has_no_secret() -> None:
    assert list(load_target(None, {}, REQUIRED).secrets()) == [TOKEN]
