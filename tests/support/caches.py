"""What every application makes anew, though it is the same for all of them, is made once by each worker.

Thousands of tests make an application of their own. Nearly all of that time goes into what follows from the source alone: werkzeug
compiles a function for each rule that puts an address together, Jinja compiles each template that a page uses, gettext reads each
catalogue. All of it is kept from the first application on. The applications themselves share nothing.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import IO

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class Compiled(BytecodeCache):
    """Compiled templates in memory, by name, source, and what environments compile differently."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[self._key(bucket)] = bucket.code

    @staticmethod
    def _key(bucket: Bucket) -> tuple[object, ...]:
        one = bucket.environment
        escapes = "asked for each" if callable(one.autoescape) else one.autoescape
        return bucket.key, bucket.checksum, one.trim_blocks, one.lstrip_blocks, escapes, *sorted(one.extensions)


def keep_templates() -> None:
    """Every application takes its compiled templates from one place."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


def keep_builders() -> None:
    """Rules that are written alike put addresses together with one function; it is given the rule, and asks that for its converters."""
    compile_builder = Rule._compile_builder
    kept: dict[tuple[object, ...], Builder] = {}

    def once(self: Rule, append_unknown: bool = True) -> Builder:
        if self.defaults:  # a default is written into the function by a converter
            return compile_builder(self, append_unknown)
        key = self.rule, tuple(self._trace), append_unknown
        if key not in kept:
            kept[key] = compile_builder(self, append_unknown)
        return kept[key]

    Rule._compile_builder = once


_PARSED = ("_catalog", "_info", "_charset", "plural")


def keep_catalogues() -> None:
    """What stands in a catalogue is read from its file once, and again when the file is another one."""
    parse = gettext.GNUTranslations._parse
    kept: dict[tuple[object, ...], dict[str, object]] = {}

    def once(self: gettext.GNUTranslations, file: IO[bytes]) -> None:
        if not isinstance(getattr(file, "name", None), str):
            parse(self, file)
            return
        found = Path(file.name).stat()
        key = file.name, found.st_ino, found.st_mtime_ns, found.st_size
        if key not in kept:
            parse(self, file)
            kept[key] = {name: getattr(self, name) for name in _PARSED}
        for name, value in kept[key].items():  # whoever adds to a catalogue adds to its own
            setattr(self, name, value.copy() if isinstance(value, dict) else value)

    gettext.GNUTranslations._parse = once
