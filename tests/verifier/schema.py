"""A JSON Schema validator for the few words that ``report.schema.json`` uses; it stops at a word that it does not know."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import declaration.verifier

SCHEMA = json.loads((Path(declaration.verifier.__file__).parent / "report.schema.json").read_bytes())
TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "null": type(None)}
SAID_ONLY = {"$schema", "$defs", "title", "description"}


def problems(value: Any, schema: Any = SCHEMA, where: str = "report") -> list[str]:
    """Everywhere that ``value`` is not what the schema says."""
    found: list[str] = []
    for word, rule in schema.items():
        if word not in SAID_ONLY:
            found += _RULES[word](value, rule, schema, where)
    return found


def _of_type(value: Any, rule: str, _schema: Any, where: str) -> list[str]:
    fits = type(value) is int if rule == "integer" else isinstance(value, TYPES[rule])
    return [] if fits else [f"{where} is no {rule}"]


def _one_of(value: Any, rule: Any, _schema: Any, where: str) -> list[str]:
    each = [problems(value, one, where) for one in rule]
    return [] if sum(not one for one in each) == 1 else [f"{where} is not one of {len(rule)}", *min(each, key=len)]


def _properties(value: Any, rule: Any, schema: Any, where: str) -> list[str]:
    return [problem for name, inner in rule.items() if name in value for problem in problems(value[name], inner, f"{where}.{name}")]


def _further(value: Any, rule: Any, schema: Any, where: str) -> list[str]:
    others = [name for name in value if name not in schema.get("properties", {})]
    if rule is False:
        return [f"{where} has {name}" for name in others]
    return [problem for name in others for problem in problems(value[name], rule, f"{where}.{name}")]


_RULES: dict[str, Any] = {
    "$ref": lambda value, rule, _, where: problems(value, SCHEMA["$defs"][rule.rsplit("/", 1)[1]], where),
    "oneOf": _one_of,
    "type": _of_type,
    "const": lambda value, rule, _, where: [] if value == rule else [f"{where} is not {rule}"],
    "enum": lambda value, rule, _, where: [] if value in rule else [f"{where} is none of {rule}"],
    "pattern": lambda value, rule, _, where: [] if isinstance(value, str) and re.search(rule, value) else [f"{where} does not match"],
    "minimum": lambda value, rule, _, where: [] if type(value) is int and value >= rule else [f"{where} is below {rule}"],
    "maximum": lambda value, rule, _, where: [] if type(value) is int and value <= rule else [f"{where} is above {rule}"],
    "minItems": lambda value, rule, _, where: [] if len(value) >= rule else [f"{where} is too short"],
    "maxItems": lambda value, rule, _, where: [] if len(value) <= rule else [f"{where} is too long"],
    "items": lambda value, rule, _, where: [p for n, item in enumerate(value) for p in problems(item, rule, f"{where}[{n}]")],
    "required": lambda value, rule, _, where: [f"{where} lacks {name}" for name in rule if name not in value],
    "properties": _properties,
    "additionalProperties": _further,
}
