"""Compares who is let in, and where the servers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uapi.contract.diff.model import BOTH, CLIENTS, NOBODY, SERVERS
from uapi.contract.diff.names import quoted
from uapi.contract.diff.places import at
from uapi.contract.diff.view import canonical

if TYPE_CHECKING:
    from uapi.contract.diff.collector import Collector
    from uapi.contract.diff.model import Contract, Party
    from uapi.contract.diff.places import Operation
    from uapi.contract.location import Tokens

SCHEME: Final = ("type", "name", "in", "scheme", "bearerFormat", "openIdConnectUrl")
URLS: Final = ("authorizationUrl", "tokenUrl", "refreshUrl")


def compare(out: Collector, old: Operation, new: Operation, name: str) -> None:
    """Compare what one operation demands, and its servers."""
    (was, before), (now, after) = old.nearest("security"), new.nearest("security")
    _alternatives(out, _named(was), _named(now), before, after, name)
    (was, before), (now, after) = old.nearest("servers"), new.nearest("servers")
    _servers(out, _urls(was), _urls(now), before, after)


def _alternatives(
    out: Collector, old: dict[str, str], new: dict[str, str], before: Tokens, after: Tokens, name: str
) -> None:
    for key, text in old.items():
        if key not in new:
            message = f"{name} cannot be asked with {text} any more"
            out.keep("security-removed", message, CLIENTS, old=before, new=after, was=text)
    for key, text in new.items():
        if key not in old:
            out.keep("security-added", f"{name} can be asked with {text}", SERVERS, old=before, new=after, now=text)


def _named(security: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    """Return the alternatives by what they demand; none at all is one that demands nothing."""
    found = {}
    for alternative in security or [{}]:
        sorted_ = {scheme: sorted(scopes) for scheme, scopes in alternative.items()}
        words = [f"{scheme} {' '.join(scopes)}".strip() for scheme, scopes in sorted(sorted_.items())]
        found[canonical(sorted_)] = " and ".join(words) or "no credentials"
    return found


def _urls(servers: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - JSON
    return {server["url"]: server for server in servers or [{"url": "/"}]}


def _servers(
    out: Collector, old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]], before: Tokens, after: Tokens
) -> None:
    for url in [url for url in old if url not in new]:
        out.keep("server-removed", f"the server {quoted(url)} is gone", CLIENTS, old=before, new=after, was=url)
    for url, server in new.items():
        if url not in old:
            out.keep("server-added", f"the server {quoted(url)} is new", NOBODY, old=before, new=after, now=url)
            continue
        variables = (old[url].get("variables") or {}, server.get("variables") or {})
        for name in sorted(variables[0].keys() & variables[1].keys()):
            was, now = (side[name] for side in variables)
            if was.get("default") != now.get("default"):
                message = f"the variable `{name}` of {quoted(url)} is {quoted(now.get('default'))} by default"
                values = {"was": was.get("default"), "now": now.get("default")}
                out.keep("server-default-changed", message, CLIENTS, old=before, new=after, **values)
            if was.get("enum") != now.get("enum"):
                message = f"the variable `{name}` of {quoted(url)} has other values"
                narrower = "enum" in now and ("enum" not in was or not set(was["enum"]) <= set(now["enum"]))
                breaks = CLIENTS if narrower else NOBODY
                out.keep("server-values-changed", message, breaks, old=before, new=after, was=was.get("enum"))


def compare_schemes(out: Collector) -> None:
    """Compare the security schemes that both contracts name; whether they are used, the operations tell."""
    old, new = (_schemes(contract) for contract in (out.old, out.new))
    for name in sorted(old.keys() & new.keys()):
        before, after = at(out.old, old[name]), at(out.new, new[name])
        pairs: list[tuple[str, object, object, Tokens]] = [
            (key, before.value.get(key), after.value.get(key), (key,)) for key in SCHEME
        ]
        flows = [side.value.get("flows") or {} for side in (before, after)]
        for flow in sorted({*flows[0], *flows[1]}):
            was, now = (side.get(flow) for side in flows)
            if was is None or now is None:
                breaks = CLIENTS if now is None else SERVERS
                text = "is gone" if now is None else "is new"
                message = f"the flow {flow} of the security scheme {name} {text}"
                rule = "flow-removed" if now is None else "flow-added"
                out.keep(rule, message, breaks, old=before.tokens, new=after.tokens)
                continue
            pairs += [(url, was.get(url), now.get(url), ("flows", flow, url)) for url in URLS]
            _scopes(out, name, flow, was, now, before.tokens, after.tokens)
        for key, was, now, way in pairs:
            if was != now:
                message = f"the `{key}` of the security scheme {name} is {quoted(now)}, and was {quoted(was)}"
                old_at, new_at = (*before.tokens, *way), (*after.tokens, *way)
                out.keep("scheme-changed", message, BOTH, old=old_at, new=new_at, was=was, now=now)


def _scopes(out: Collector, name: str, flow: str, was: Any, now: Any, before: Tokens, after: Tokens) -> None:  # noqa: ANN401
    for scope in sorted(set(was.get("scopes") or {}) ^ set(now.get("scopes") or {})):
        gone = scope in (was.get("scopes") or {})
        breaks: frozenset[Party] = CLIENTS if gone else NOBODY
        message = f"the scope `{scope}` of {name} {flow} is {'gone' if gone else 'new'}"
        rule = "scope-removed" if gone else "scope-added"
        out.keep(rule, message, breaks, old=before, new=after)


def _schemes(contract: Contract) -> dict[str, Tokens]:
    schemes = contract.bundle.document.get("components", {}).get("securitySchemes") or {}
    return {name: ("components", "securitySchemes", name) for name in schemes}
