"""The front end's committed types are those of the server as it is now."""

from __future__ import annotations

import re
from pathlib import Path

from web_console import wire_types

GENERATED = Path(wire_types.__file__).parent / "frontend" / "src" / "wire" / "schema.gen.ts"


def test_the_committed_types_are_those_of_the_server() -> None:
    first = GENERATED.read_text().partition("\n")[0]
    found = re.match(r"// Schemas ([0-9a-f]{16}),", first)
    assert found, "schema.gen.ts has no digest in its first line: run ./scripts/wire-types"
    assert found[1] == wire_types.digest(), "the server's schemas have changed: run ./scripts/wire-types"


def test_every_schema_has_its_type() -> None:
    """A digest alone could stand above the wrong file."""
    named = set(re.findall(r'^        "?([\w-]+)"?: ', GENERATED.read_text(), re.MULTILINE))
    assert set(wire_types.wire_schemas()["components"]["schemas"]) <= named


def test_prose_makes_no_difference() -> None:
    schema = {"title": "A", "properties": {"title": {"type": "string", "description": "words"}}}
    assert wire_types.form_of(schema) == {"properties": {"title": {"type": "string"}}}
