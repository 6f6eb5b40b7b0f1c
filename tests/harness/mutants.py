"""Mutants of a module: one token changed each, made in memory, to see whether the tests notice."""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
CALCULATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any", "sum": "max"}

Change = tuple[str, Callable[[ast.AST], None]]


def mutants(source: Path, name: str) -> Iterator[tuple[str, ModuleType | None]]:
    """(what was changed, the changed module); the module is None when it cannot be imported."""
    text = source.read_text(encoding="utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    # What nobody computes with: docstrings.
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in said:
            continue
        for told, change in _changes(node):
            changed = copy.deepcopy(tree)
            change(list(ast.walk(changed))[place])
            line = lines[getattr(node, "lineno", 1) - 1].strip()
            yield f"{line} | {told}", module_of(changed, name)


def module_of(tree: ast.Module, name: str) -> ModuleType | None:
    """A module made of a syntax tree."""
    module = ModuleType(name)
    # Dataclasses look up the module they were written in.
    sys.modules[name] = module
    try:
        exec(compile(ast.fix_missing_locations(tree), name, "exec"), module.__dict__)  # noqa: S102  # our own source
    except Exception:  # such a mutant is dead before any test
        return None
    finally:
        del sys.modules[name]
    return module


def _changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for operator in COMPARISONS.get(type(node.ops[0]), ()):
            yield f"{_short(node)} with {operator.__name__}", _set("ops", [operator()])
    elif isinstance(node, ast.BinOp) and type(node.op) in CALCULATIONS:
        other = CALCULATIONS[type(node.op)]
        yield f"{_short(node)} with {other.__name__}", _set("op", other())
    elif isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{_short(node)} and/or", _set("op", other_op)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for by in (1, -1):
            yield f"{node.value!r} by {by}", _set("value", node.value + by)  # type: ignore[operator]  # a number
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
        yield f"{node.value!r} otherwise", _set("value", f"{node.value}x")
    elif isinstance(node, ast.Name) and node.id in OPPOSITES:
        yield f"{node.id} → {OPPOSITES[node.id]}", _set("id", OPPOSITES[node.id])
    elif isinstance(node, ast.If | ast.IfExp):
        yield f"if not {_short(node.test)}", _set("test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"{_short(node)} without not", _set("op", ast.UAdd())


def _set(field: str, value: object) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, field, copy.deepcopy(value))


def _short(node: ast.AST) -> str:
    return ast.unparse(node)[:60]
