"""Where everything has to run, a test that skips is one that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py").read_text("utf-8")
SKIPS = """
import pytest
@pytest.mark.skipif(True, reason="no browser is here")
def test_mark(): ...
def test_call(): pytest.skip("no browser is here")
@pytest.fixture
def tool(): pytest.skip("no browser is here")
def test_fixture(tool): ...
"""
OTHERS = """
import pytest
@pytest.mark.machine
@pytest.mark.skipif(True, reason="root reads every file")
def test_machine(): ...
@pytest.mark.xfail(reason="not yet")
def test_xfail(): assert False
def test_pass(): ...
"""
MODULE = "import pytest\npytest.importorskip('no_such_module')\n"


@pytest.fixture
def tests(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\nmarkers = machine\n")
    pytester.makepyfile(test_skips=SKIPS, test_others=OTHERS, test_module=MODULE)
    return pytester


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", {"passed": 1, "skipped": 1, "failed": 1, "errors": 2, "xfailed": 1}),
        ("", {"passed": 1, "skipped": 4, "xfailed": 1}),
    ],
    ids=["set", "not set"],
)
def test_a_skip_fails_where_the_variable_is_set(
    tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, value: str, expected: dict[str, int]
) -> None:
    monkeypatch.setenv("UAPI_NO_SKIPS", value)
    tests.runpytest_inprocess("--disable-plugin-autoload", "test_skips.py", "test_others.py").assert_outcomes(
        **expected
    )


def test_a_module_that_is_skipped_fails_too(tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UAPI_NO_SKIPS", "1")
    done = tests.runpytest_inprocess("--disable-plugin-autoload", "test_module.py")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*no_such_module*UAPI_NO_SKIPS is set*"])
