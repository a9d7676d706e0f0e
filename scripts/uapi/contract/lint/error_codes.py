"""The codes of the errors: what input yields them, and what the answer looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uapi.contract.lint.api import responses
from uapi.contract.lint.rule import Context, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uapi.contract.location import Tokens

KEYWORD: Final = "x-error-code"
INVALID: Final = "_invalid"
INPUTS: Final = frozenset({"parameter", "schema", "requestBody"})


@rule("error-code-place", hint="Write it on a parameter, a property or a request body, in lower snake case.")
def error_code_place(context: Context) -> Iterator[Problem]:
    """Demand that a code is given to an input, as a string."""
    for item in context.bundle.items:
        code = item.value.get(KEYWORD)
        if code is None:
            continue
        if item.kind not in INPUTS:
            yield Problem((*item.tokens, KEYWORD), f"a {item.kind} is no input")
        elif not isinstance(code, str) or not code.isidentifier() or code != code.lower():
            yield Problem((*item.tokens, KEYWORD), f"{code!r} is no code")


@rule("error-code-example", hint="Add an example with this code to a response of 4xx.")
def error_code_example(context: Context) -> Iterator[Problem]:
    """Demand that every code that an input yields is shown in an answer."""
    shown = {code for code, _ in _shown(context)}
    for code, tokens in _given(context):
        if code not in shown:
            yield Problem(tokens, f"no response has an example with the code {code}")


@rule("error-code-input", hint=f"Write {KEYWORD} on the parameter or property whose invalid value yields the code.")
def error_code_input(context: Context) -> Iterator[Problem]:
    """Demand that every code of an invalid input that is shown in an answer belongs to an input."""
    known = {code for code, _ in _given(context)}
    for code, tokens in _shown(context):
        if code.endswith(INVALID) and code not in known:
            yield Problem(tokens, f"no input has the code {code}")


def _given(context: Context) -> Iterator[tuple[str, Tokens]]:
    """Yield the codes that inputs have, and where they stand."""
    for item in context.bundle.items:
        code = item.value.get(KEYWORD)
        if isinstance(code, str):
            yield code, (*item.tokens, KEYWORD)


def _shown(context: Context) -> Iterator[tuple[str, Tokens]]:
    """Yield the codes in the examples of the responses of 4xx and 5xx, and where they stand."""
    bundle = context.bundle
    errors = {
        response.tokens
        for operation in bundle.operations
        for status, response in responses(bundle, operation).items()
        if status.startswith(("4", "5"))
    }
    for item in bundle.items:
        if item.kind != "example" or not any(item.tokens[: len(tokens)] == tokens for tokens in errors):
            continue
        example = bundle.follow(item)
        value = example.value.get("value")
        error = value.get("error") if isinstance(value, dict) else None
        code = error.get("code") if isinstance(error, dict) else None
        if isinstance(code, str):
            yield code, (*example.tokens, "value", "error", "code")
