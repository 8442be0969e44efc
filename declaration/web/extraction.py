"""Where words for translators come from, beyond what Babel's own extractors find.

``babel.cfg`` names both functions. Refusals are raised in English by packages that know nothing of languages
(``raise Refused("this changes nothing", instead="Change the words as they should read.")``); the words themselves are the key
of their translation, so a new refusal shows up in the catalogues by itself. The words of the scripts stand in one object of
``static/js/strings.js``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import IO, Any, Final

from babel.messages.extract import extract_python

from declaration import errors
from declaration.web.script_words import PAIR

Found = tuple[int, Any, Any, Any]

_REFUSALS: Final = frozenset(
    name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.DeclarationError)
)
_TABLES: Final = ("_INSTEAD", "NOT_PROVED")


def python(fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Marked words, as Babel finds them, and the words of refusals: message and ``instead``, where they are plain.

    Tables of such words are known by their names (``_TABLES``).
    """
    yield from extract_python(fileobj, keywords, comment_tags, options)
    fileobj.seek(0)
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and _name(node.func) in _REFUSALS:
            said = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "instead")]
            yield from ((line, None, words, []) for each in said for line, words in _plain(each))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith(_TABLES):
            yield from ((line, None, words, []) for line, words in _plain(node.value))


def javascript(fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """The words of the scripts."""
    text = fileobj.read().decode()
    for found in PAIR.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, None, found["words"], []


def _name(func: ast.Name | ast.Attribute) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr


def _plain(node: ast.expr) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.lineno, node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_plain(node.body), *_plain(node.orelse))
    elif isinstance(node, ast.Tuple | ast.Dict):
        for each in node.values if isinstance(node, ast.Dict) else node.elts:
            yield from _plain(each)
