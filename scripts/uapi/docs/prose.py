"""Markdown of the contract and of the guides as HTML, with what it names linked to where that is described."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

    Environment = MutableMapping[str, Any]

ID: Final = re.compile(r"\b(?:D-\d{2}|[A-Z]{2,6}-\d{3})\b")
SLUG: Final = re.compile(r"[^a-z0-9]+")


class Prose:
    """Renders Markdown. `targets` are the words that are links, each with its page relative to the site's root.

    Requirements and decisions are linked wherever their ids stand, everything else where it stands as `code`.
    HTML in the source is text.
    """

    def __init__(self, targets: Mapping[str, str]) -> None:
        """Prepare the parser."""
        self._targets = targets
        self._parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=Renderer).enable("table")

    def block(self, text: str, root: str) -> Markup:
        """Return paragraphs. `root` leads from the page to the root of the site."""
        html = self._parser.render(text, {"root": root, "targets": self._targets})
        return Markup(html)  # noqa: S704 - the parser escapes

    def inline(self, text: str, root: str) -> Markup:
        """Return a sentence without a paragraph around it."""
        html = self._parser.renderInline(text.strip(), {"root": root, "targets": self._targets})
        return Markup(html)  # noqa: S704 - the parser escapes

    def headings(self, text: str) -> list[tuple[str, str]]:
        """Return anchor and text of each heading."""
        tokens = self._parser.parse(text)
        titles = [inline.content for token, inline in pairwise(tokens) if token.type == "heading_open"]
        given: Counter[str] = Counter()
        return [(_anchor(title, given), title) for title in titles]


class Renderer(RendererHTML):
    """Writes tokens as HTML; the methods have the names of the tokens that they write."""

    def text(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Environment) -> str:
        """Link the ids of requirements and decisions."""
        escaped = escapeHtml(tokens[idx].content)
        return escaped if _in_link(tokens, idx) else ID.sub(lambda found: _linked(found[0], found[0], env), escaped)

    def code_inline(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Environment) -> str:
        """Link what is described somewhere."""
        content = tokens[idx].content
        code = f"<code>{escapeHtml(content)}</code>"
        return code if _in_link(tokens, idx) else _linked(content, code, env)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Give each heading an anchor."""
        tokens[idx].attrSet("id", _anchor(tokens[idx + 1].content, env.setdefault("given", Counter())))
        return self.renderToken(tokens, idx, options, env)

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Lead from one guide to the other by the page that it became."""
        target = str(tokens[idx].attrGet("href") or "")
        if "://" not in target:
            tokens[idx].attrSet("href", re.sub(r"\.md(?=$|#)", ".html", target))
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: Environment) -> str:
        """Open a table that scrolls by itself where the screen is narrow, by the keyboard too."""
        return '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>\n'

    def table_close(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: Environment) -> str:
        """Close such a table."""
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Environment) -> str:
        """Open a head of a column; an empty one heads nothing."""
        return "<th>" if tokens[idx + 1].content else "<td>"

    def th_close(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Environment) -> str:
        """Close what `th_open` opened."""
        return "</th>\n" if tokens[idx - 1].content else "</td>\n"

    def code_block(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Environment) -> str:
        """Let a block of code scroll by the keyboard too."""
        code = escapeHtml(tokens[idx].content)
        return f'<pre tabindex="0" role="group" aria-label="Code"><code>{code}</code></pre>\n'

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        """Do the same for one between fences, whatever its language."""
        return self.code_block(tokens, idx, options, env)


def _anchor(title: str, given: Counter[str]) -> str:
    """Return the anchor of a heading, another one where a heading before it has the same title."""
    anchor = SLUG.sub("-", title.lower()).strip("-")
    given[anchor] += 1
    return anchor if given[anchor] == 1 else f"{anchor}-{given[anchor]}"


def _in_link(tokens: Sequence[Token], index: int) -> bool:
    kinds = [token.type for token in tokens[:index]]
    return kinds.count("link_open") > kinds.count("link_close")


def _linked(word: str, html: str, env: Environment) -> str:
    target = env["targets"].get(word)
    return html if target is None else f'<a href="{escapeHtml(env["root"] + target)}">{html}</a>'
