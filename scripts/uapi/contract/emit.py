"""Write data as text that is the same bytes everywhere."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

if TYPE_CHECKING:
    from ruamel.yaml.nodes import ScalarNode

NEVER_WRAP: Final = 2**31
UNMISTAKABLE: Final = re.compile(r"(?!.*(?:: | #|[: ]\Z))[A-Za-z/$^(][^\x00-\x1f\x7f-\x9f\ufeff\u2028\u2029]*\Z")
"""Text that begins so is a string to every YAML reader without quotes, unless it is one of the words below."""
WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


class _Representer(SafeRepresenter):
    """Keeps the order of keys, and quotes what a reader of YAML 1.1 or 1.2 could take for something else."""

    def represent_str(self, data: str) -> ScalarNode:
        style: str | None = '"'
        if "\n" in data and all(line.isprintable() for line in data.split("\n")):
            style = "|"
        elif UNMISTAKABLE.match(data) and data.lower() not in WORDS:
            style = None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def represent_float(self, data: float) -> ScalarNode:
        text = repr(data)  # YAML 1.1 knows a number with an exponent by its point
        return self.represent_scalar("tag:yaml.org,2002:float", text if "." in text else text.replace("e", ".0e"))

    def represent_dict(self, data: dict[str, Any]) -> Any:  # noqa: ANN401 - a node of an untyped library
        return self.represent_mapping("tag:yaml.org,2002:map", data.items())

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - ruamel's signature
        return True


_Representer.add_representer(str, _Representer.represent_str)
_Representer.add_representer(float, _Representer.represent_float)
_Representer.add_representer(dict, _Representer.represent_dict)


def to_yaml(data: object, *, header: str = "") -> str:
    """Return YAML in block style, in the order of the data; each line of `header` becomes a comment."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Representer
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = NEVER_WRAP
    stream = io.StringIO()
    yaml.dump(data, stream)
    return "".join(f"# {line}\n" for line in header.splitlines()) + stream.getvalue()


def to_json(data: object) -> str:
    """Return JSON in the order of the data."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
