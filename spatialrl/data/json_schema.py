"""The JSON Schema of a task row, made from the dataclasses in `spatialrl.types`: one row of a .jsonl file, or of a
parquet file as its readers give it. `docs/task.schema.json` is what `task_schema` returns.
"""

import ast
import inspect
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from spatialrl.data.folders import write_whole
from spatialrl.types import Task

Schema = dict[str, Any]
PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def task_schema() -> Schema:
    definitions: Schema = {}
    _object(Task, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Task",
        **definitions.pop("Task"),
        "$defs": dict(sorted(definitions.items())),
    }


def write_task_schema(path: Path) -> None:
    write_whole(Path(path), json.dumps(task_schema(), indent=2) + "\n")


def _object(kind: type, definitions: Schema) -> None:
    """Adds a dataclass, and those it is made of, under their names."""
    told, hints = _field_docstrings(kind), get_type_hints(kind)
    properties = {}
    for entry in fields(kind):
        schema = _schema(hints[entry.name], definitions)
        properties[entry.name] = schema | _default(entry) | told.get(entry.name, {})
    definitions[kind.__name__] = {
        "description": inspect.getdoc(kind) if "__doc__" in vars(kind) and not _is_signature(kind) else kind.__name__,
        "type": "object",
        "properties": properties,
        "required": [entry.name for entry in fields(kind) if not _has_default(entry)],
        "additionalProperties": False,
    }


def _schema(hint: Any, definitions: Schema) -> Schema:
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            _object(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return _array(arguments, definitions)
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema(arguments[1], definitions)}
    assert origin in (types.UnionType, Union), f"{hint} has no form in JSON Schema yet"
    some = [argument for argument in arguments if argument is not type(None)]
    return {"anyOf": [*(_schema(argument, definitions) for argument in some), {"type": "null"}]}


def _array(arguments: tuple[Any, ...], definitions: Schema) -> Schema:
    items = _schema(arguments[0], definitions)
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": items}
    return {"type": "array", "items": items, "minItems": len(arguments), "maxItems": len(arguments)}


def _has_default(entry: Field) -> bool:
    return entry.default is not MISSING or entry.default_factory is not MISSING


def _default(entry: Field) -> Schema:
    if entry.default_factory is not MISSING:
        return {"default": entry.default_factory()}
    if entry.default is MISSING:
        return {}
    return {"default": [] if entry.default == () else entry.default}


def _field_docstrings(kind: type) -> dict[str, Schema]:
    """The texts that stand under the fields."""
    (body,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(body, ast.ClassDef)
    told = {}
    for entry, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(entry, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            assert isinstance(entry.target, ast.Name)
            told[entry.target.id] = {"description": inspect.cleandoc(str(below.value.value))}
    return told


def _is_signature(kind: type) -> bool:
    """A dataclass without a docstring is given its signature as one."""
    return str(kind.__doc__).startswith(f"{kind.__name__}(")
