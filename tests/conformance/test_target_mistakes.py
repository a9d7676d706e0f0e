from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.targets import REQUIRED, TOKEN, mistake, refused, written
from uapi.conformance.errors import TargetError
from uapi.conformance.target import environment_name, load_target, option_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", [pytest.param(path, id=".".join(path)) for path in REQUIRED])
def test_a_missing_setting_is_named_with_each_way_to_set_it(path: tuple[str, ...]) -> None:
    with pytest.raises(TargetError) as caught:
        load_target(None, {}, {other: value for other, value in REQUIRED.items() if other != path})
    error = caught.value
    assert (error.where, error.message) == (".".join(path), "it is required")
    assert all(way in str(error.hint) for way in (option_name(path), environment_name(path), ".".join(path)))


def test_without_any_setting_the_first_one_is_named() -> None:
    with pytest.raises(TargetError, match="base_url: it is required"):
        load_target(None, {}, {})


def test_a_part_of_a_section_asks_for_the_rest() -> None:
    assert "--stranger-user-id" in str(refused(stranger__token="t").hint)


@pytest.mark.parametrize(
    ("text", "key", "neighbour"),
    [
        ("timeout = 3\n", "timeout", "timeout_seconds"),
        ('[caller]\nextention = "1"\n', "caller.extention", "caller.extension"),
        ("[features]\nstop = true\n", "features.stop", "features.stop_recording"),
        ('[strangr]\ntoken = "t"\n', "strangr", "stranger"),
    ],
)
def test_an_unknown_setting_is_named_with_its_neighbours(tmp_path: Path, text: str, key: str, neighbour: str) -> None:
    error = mistake(tmp_path, text)
    assert (error.where, error.message) == (f"{tmp_path / 'target.toml'}: {key}", "there is no such setting")
    assert neighbour in str(error.hint)


def test_a_misspelt_setting_is_named_rather_than_the_one_that_is_missing(tmp_path: Path) -> None:
    assert str(mistake(tmp_path, '[expired]\ntokn = "t"\n').where).endswith("expired.tokn")


@pytest.mark.parametrize(
    "value",
    [
        "ftp://h/uapi",
        "h/uapi",
        "/uapi",
        "http://",
        "http:///uapi",
        "https://",
        "http://[::1/uapi",
        "http://h/uapi?x=1",
        "http://h/uapi#x",
        "http://user@h/uapi",
        "http://user:password@h/uapi",
        "",
        "http://h:port/uapi",
        "http://h:99999/uapi",
        "http://h/uapi?",
        "http://h/uapi#",
        "http://:password@h/uapi",
        "http://h/ua pi",
        "http://h/uapi\n",
        "http://h/\x01",
    ],
)
def test_a_wrong_base_url_is_refused(value: str) -> None:
    error = refused(base_url=value)
    assert error.where == "base_url"
    assert ("?" in value or "#" in value or "@" in value) != (repr(value) in error.message)
    assert "--base-url" in str(error.hint)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("timeout_seconds", "soon"),
        ("timeout_seconds", "0"),
        ("timeout_seconds", "-1"),
        ("timeout_seconds", "601"),
        ("timeout_seconds", "nan"),
        ("timeout_seconds", "inf"),
        ("features__list", "perhaps"),
        ("features__get", "Unknown"),
        ("features__stop_recording", ""),
        ("caller__user_id", "a/b"),
        ("caller__user_id", "a b"),
        ("caller__extension", "1?x"),
        ("phone_call__id", ""),
        ("phone_call__id", "x" * 256),
        ("phone_call__view_id", "0#1"),
    ],
)
def test_a_wrong_value_is_named_with_its_setting(path: str, value: str) -> None:
    error = refused(**{path: value})
    assert error.where == path.replace("__", ".")
    assert repr(value[:80]) in error.message
    assert option_name(tuple(path.split("__"))) in str(error.hint)


@pytest.mark.parametrize("value", ["", "s3cr3t t0k3n", "s3cr3t\nt0k3n", "s3cr3té", "s3cr3t\x7f"])
@pytest.mark.parametrize("principal", ["caller", "expired"])
def test_a_wrong_token_is_named_without_its_value(principal: str, value: str) -> None:
    error = refused(**{f"{principal}__token": value})
    assert error.where == f"{principal}.token"
    assert "s3cr3t" not in str(error)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("[base_url]\nx = 7\n", "base_url", "7"),
        ("[timeout_seconds]\nx = 7\n", "timeout_seconds", "7"),
        ("timeout_seconds = 1979-05-27\n", "timeout_seconds", "1979-05-27"),
        ("timeout_seconds = [7]\n", "timeout_seconds", "7"),
        ("features = 7\n", "features", "7"),
        ("features = [7]\n", "features", "7"),
        ("[[idle]]\nextension = '7'\n", "idle", "7"),
        ("[phone_call.id]\nx = 7\n", "phone_call.id", "7"),
        ("[phone_call]\nid = 444444\n", "phone_call.id", "444444"),
        ("[phone_call]\nid = true\n", "phone_call.id", "True"),
    ],
)
def test_a_value_of_another_kind_is_named(tmp_path: Path, text: str, key: str, value: str) -> None:
    file = written(tmp_path, text)
    options = {path: item for path, item in REQUIRED.items() if ".".join(path) != key}
    with pytest.raises(TargetError) as caught:
        load_target(file, {}, options)
    assert caught.value.where == f"{file}: {key}"
    assert value in caught.value.message


def test_a_value_where_options_need_a_table_is_named(tmp_path: Path) -> None:
    error = mistake(tmp_path, "phone_call = 7\n")
    assert "phone_call must be a table, not 7" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        f'expired = "{TOKEN}"\n',
        f'caller = "{TOKEN}"\n',
        f'[[stranger]]\ntoken = "{TOKEN}"\n',
        f'[expired]\ntoken = ["{TOKEN}"]\n',
        f'[expired]\ntoken = {{value = "{TOKEN}"}}\n',
        f'[expired]\ntokn = "{TOKEN}"\n',
        f'tokn = "{TOKEN}"\n',
    ],
)
def test_no_complaint_shows_a_token(tmp_path: Path, text: str) -> None:
    assert TOKEN not in str(mistake(tmp_path, text))


def test_no_complaint_shows_a_token_in_the_base_url() -> None:
    assert TOKEN not in str(refused(base_url=f"http://h/uapi?accessRequestToken={TOKEN}"))


def test_a_complaint_about_a_variable_does_not_blame_the_file(tmp_path: Path) -> None:
    error = mistake(tmp_path, "", {"UAPI_TIMEOUT_SECONDS": "soon"})
    assert "target.toml" not in str(error.where)


@pytest.mark.parametrize("text", ["base_url", "base_url = ", "[caller", 'a = "b', "a = 1\na = 2\n"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, text: str) -> None:
    error = mistake(tmp_path, text)
    assert error.where == str(tmp_path / "target.toml")
    assert "TOML" in str(error.hint)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="it is not UTF-8") as caught:
        load_target(written(tmp_path, 'caller.user_id = "é"'.encode("latin-1")), {}, REQUIRED)
    assert caught.value.where == str(tmp_path / "target.toml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="No such file") as caught:
        load_target(tmp_path / "none.toml", {}, REQUIRED)
    assert "--target" in str(caught.value.hint)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="Is a directory"):
        load_target(tmp_path, {}, REQUIRED)


def test_a_file_behind_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="Not a directory"):
        load_target(written(tmp_path, "") / "target.toml", {}, REQUIRED)


def test_a_mistake_ends_with_the_code_of_a_configuration_error() -> None:
    assert refused(base_url="ftp://h").exit_code == 2
