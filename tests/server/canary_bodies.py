"""Request bodies made from the API's own description: a text in every place that takes one."""

from __future__ import annotations

import re
from typing import Any

Schema = dict[str, Any]

_BY_FORMAT = {"date-time": "2027-03-02T08:00:00+08:00", "date": "2027-03-02"}
_CODES = ("low", "123456", "n1", "1.1", "a_code_of_it")
_DEEPEST = 6


class Bodies:
    def __init__(self, document: Schema, canary: str) -> None:
        self._document = document
        self._canary = canary

    def fitting(self, schema: Schema, depth: int = 0) -> Any:
        """A value that fits, with the canary wherever free text may stand."""
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.fitting(schema[several][0], depth)
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._object(schema, depth)
        if kind == "array":
            return [self.fitting(schema.get("items", {}), depth + 1)] if depth < _DEEPEST else []
        if kind in ("integer", "number"):
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        return False if kind == "boolean" else self._text(schema)

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        if depth >= _DEEPEST:
            return {}
        found = {name: self.fitting(each, depth + 1) for name, each in schema.get("properties", {}).items()}
        more = schema.get("additionalProperties")
        if isinstance(more, dict):
            found["a_field"] = self.fitting(more, depth + 1)
        return found

    def _text(self, schema: Schema) -> str:
        if schema.get("format") in _BY_FORMAT:
            return _BY_FORMAT[schema["format"]]
        pattern = schema.get("pattern")
        for text in (self._canary, *_CODES):
            if pattern is None or re.search(pattern, text):
                return text[: schema.get("maxLength", len(text))]
        return self._canary

    def broken(self, schema: Schema) -> Any:
        """The canary in every place where it does not fit."""
        fitting = self.fitting(schema)
        if not isinstance(fitting, dict):
            return self._canary
        return {name: self._wrong(value) for name, value in fitting.items()}

    def _wrong(self, value: Any) -> Any:
        if isinstance(value, str):
            return [self._canary * 200] if value == self._canary else self._canary
        return {"a_field": self._canary} if isinstance(value, list) else self._canary

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: Any = self._document
            for part in schema["$ref"].lstrip("#/").split("/"):
                found = found[part]
            schema = found
        return schema
