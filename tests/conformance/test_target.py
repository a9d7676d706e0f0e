from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from uapi.conformance.errors import TargetError
from uapi.conformance.target import Target, environment_name, is_flag, load_target, option_name, settings

if TYPE_CHECKING:
    from collections.abc import Iterable

Setting = tuple[str, ...]

TOKEN = "s3cr3t-t0k3n"
SETTINGS = dict(settings())
REQUIRED: dict[Setting, str] = {
    ("base_url",): "http://127.0.0.1/uapi",
    ("caller", "token"): TOKEN,
    ("caller", "user_id"): "12",
    ("caller", "extension"): "0003*210",
    ("phone_call", "id"): "b817d2618fe6f1804333",
    ("phone_call", "view_id"): "01",
}
PATHS = [pytest.param(path, id=".".join(path)) for path in SETTINGS]
URLS = {
    "base_url": "http://{}.example/uapi",
    "token_url": "https://{}.example/token",
    "proxy": "http://{}.example:3128",
}
NUMBERS = {"minimum_views", "max_requests_per_second"}
FILES = {"a": str(Path(__file__)), "b": str(Path(__file__).with_name("conftest.py"))}
USERS = {"caller", "stranger"}
CALLS = {"unrecordable_call", "ending_call"}
SOURCES = {"discover": {"extension", "minimum_views"}, "command": {"place", "hang_up", "command_timeout_seconds"}}


def value(path: Setting, which: str = "a") -> str:
    """Return one of two values of a setting, as text."""
    name = path[-1]
    if is_flag(path):
        return {"a": "false", "b": "true"}[which]
    if name in URLS:
        return URLS[name].format(which)
    if name.endswith("_seconds") or name in NUMBERS:
        return {"a": "2", "b": "3"}[which]
    if path[0] == "tls":
        return FILES[which]
    others = {("headers",): f"X-Header: {which}", ("phone_call", "source"): "given"}
    return others.get(path, f"{which}-{name.replace('_', '')}")


def beside(path: Setting) -> dict[Setting, str]:
    """Return what has to be set for a setting to be of use, the setting itself left out."""
    found = dict(REQUIRED)
    principal, name = path[0], path[-1]
    section = {other[1] for other in SETTINGS if other[0] == principal and len(other) > 1}
    if "token" in section:
        own = {
            other for other in SETTINGS if other[0] == principal and other[1] not in {"token", "token_command", "oauth"}
        }
        if path[1] == "oauth":
            own |= {(principal, "oauth", part) for part in ("token_url", "client_id", "client_secret")}
            found.pop((principal, "token"), None)
        elif path[1] == "token_command":
            found.pop((principal, "token"), None)
        else:
            own |= {(principal, "token")}
        found |= {other: value(other) for other in own if other not in found}
    elif principal in CALLS:
        found |= {(principal, part): value((principal, part)) for part in ("id", "view_id", "extension")}
    elif principal == "phone_call" and name not in {"id", "view_id", "source"}:
        found = {other: text for other, text in found.items() if other[0] != "phone_call"}
        source = next(source for source, names in SOURCES.items() if name in names)
        found |= {("phone_call", "source"): source}
        if source == "command":
            found |= {("phone_call", "place"): "place"}
    elif path == ("tls", "client_key"):
        found |= {("tls", "client_certificate"): FILES["a"]}
    found.pop(path, None)
    return found


def toml(values: dict[Setting, str]) -> str:
    """Write settings as a target file, strings all of them."""
    return "".join(f'{".".join(path)} = "{text}"\n' for path, text in values.items())


def environment(values: dict[Setting, str]) -> dict[str, str]:
    return {environment_name(path): text for path, text in values.items()}


def read(target: Target, path: Setting) -> str:
    """Return a setting of a target as the text that sets it."""
    found = attrgetter(".".join(path))(target)
    match found:
        case bool():
            return str(found).lower()
        case float():
            return f"{found:g}"
        case tuple():
            return " ".join(found)
        case dict():
            return "\n".join(f"{name}: {text}" for name, text in found.items())
    return str(found)


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "target.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def without(*paths: Setting, values: dict[Setting, str] = REQUIRED) -> dict[Setting, str]:
    return {path: text for path, text in values.items() if path not in paths}


def mistake(folder: Path, text: str, variables: dict[str, str] | None = None) -> TargetError:
    """Load a target whose file adds to what is required; return the complaint."""
    with pytest.raises(TargetError) as caught:
        load_target(written(folder, text), variables or {}, REQUIRED)
    return caught.value


def refused(**options: str) -> TargetError:
    """Load a target of options alone; return the complaint. `__` stands between the parts of a path."""
    values = {**REQUIRED, **{tuple(name.split("__")): text for name, text in options.items()}}
    with pytest.raises(TargetError) as caught:
        load_target(None, {}, values)
    return caught.value


def ways(path: Setting) -> Iterable[str]:
    """Return the three ways to set a setting."""
    return option_name(path), environment_name(path), ".".join(path)


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
