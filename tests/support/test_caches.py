"""What is kept is what would be made anew."""

from __future__ import annotations

import gettext
import io
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import Translations
from flask import Flask, render_template
from jinja2 import DictLoader
from werkzeug.routing import Map, Rule


def catalogue(path: Path, words: str, age: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Catalog(locale="az")
    made.add("Sign", words)
    with path.open("wb") as file:
        write_mo(file, made)
    os.utime(path, ns=(age, age))
    return path


def test_a_template_of_one_name_and_other_words_is_another() -> None:
    found = []
    for words in ("one", "other", "one"):
        app = Flask("templates")
        app.jinja_loader = DictLoader({"page.html": words})
        with app.test_request_context():
            found.append(render_template("page.html"))
    assert found == ["one", "other", "one"]


def test_a_template_is_compiled_as_its_environment_wants_it() -> None:
    found = []
    for trims in (True, False):
        app = Flask("templates")
        app.jinja_loader = DictLoader({"page.html": "{% if true %}\nx{% endif %}"})
        app.jinja_env.trim_blocks = trims
        with app.test_request_context():
            found.append(render_template("page.html"))
    assert found == ["x", "\nx"]


def test_rules_written_alike_build_with_their_own_converters() -> None:
    plain = Map([Rule("/<int:number>", endpoint="x")]).bind("here")
    padded = Map([Rule("/<int(fixed_digits=4):number>", endpoint="x")]).bind("here")
    again = Map([Rule("/<int:number>", endpoint="x", defaults={"more": 1})]).bind("here")
    assert (plain.build("x", {"number": 7}), padded.build("x", {"number": 7})) == ("/7", "/0007")
    assert plain.build("x", {"number": 7, "q": "a b"}) == "/7?q=a+b"
    assert again.build("x", {"number": 7, "more": 1}) == "/7"


def test_rules_with_other_converters_of_one_name() -> None:
    from werkzeug.routing import BaseConverter

    class Loud(BaseConverter):
        def to_url(self, value: str) -> str:
            return value.upper()

    quiet = Map([Rule("/<word:word>", endpoint="x")], converters={"word": BaseConverter}).bind("here")
    loud = Map([Rule("/<word:word>", endpoint="x")], converters={"word": Loud}).bind("here")
    assert (quiet.build("x", {"word": "ab"}), loud.build("x", {"word": "ab"})) == ("/ab", "/AB")


def test_a_catalogue_that_was_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "az" / "LC_MESSAGES" / "messages.mo"
    catalogue(path, "İmzala", age=1)
    first = Translations.load(tmp_path, ["az"])
    catalogue(path, "Qol çək", age=2)
    assert (first.gettext("Sign"), Translations.load(tmp_path, ["az"]).gettext("Sign")) == ("İmzala", "Qol çək")


def test_what_is_added_to_a_catalogue_is_not_in_the_next_one(tmp_path: Path) -> None:
    catalogue(tmp_path / "az" / "LC_MESSAGES" / "messages.mo", "İmzala")
    other = catalogue(tmp_path / "other.mo", "Qol çək")
    first = Translations.load(tmp_path, ["az"])
    with other.open("rb") as file:
        first.merge(Translations(file))
    assert first.gettext("Sign") == "Qol çək"
    assert Translations.load(tmp_path, ["az"]).gettext("Sign") == "İmzala"


def test_a_catalogue_without_a_file_is_read(tmp_path: Path) -> None:
    content = catalogue(tmp_path / "x.mo", "İmzala").read_bytes()
    assert gettext.GNUTranslations(io.BytesIO(content)).gettext("Sign") == "İmzala"


def test_what_is_no_catalogue_is_refused_each_time(tmp_path: Path) -> None:
    path = tmp_path / "az" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\0" * 64)
    for _ in range(2):
        with pytest.raises(OSError, match="magic"):
            Translations.load(tmp_path, ["az"])
