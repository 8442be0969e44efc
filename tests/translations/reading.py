"""What of a page is said in the page's own language."""

from __future__ import annotations

from html.parser import HTMLParser

_SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-head")
_SILENT = ("script", "style", "textarea", "pre", "code")
_EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Reading(HTMLParser):
    """Words and spoken attributes whose nearest ``lang`` is the page's; texts of the declaration have their own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = ""
        self.words: list[str] = []
        self._open: list[tuple[str, str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        lang, silent = (self._open[-1][1], self._open[-1][2]) if self._open else ("", False)
        lang = given.get("lang") or lang
        if tag == "html":
            self.language = lang
        if lang == self.language:
            self.words += [value for name in _SPOKEN if (value := given.get(name))]
        if tag not in _EMPTY:
            self._open.append((tag, lang, silent or tag in _SILENT))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1] == self.language and not self._open[-1][2]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())
