"""A mutation that poodle does not bring: a bound is dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from poodle.data_types import FileMutation, Mutator


class BoundMutator(Mutator):
    """Puts one of the two arguments of ``min`` and ``max`` where the call was."""

    mutator_name = "Bound"

    def create_mutations(self, parsed_ast: ast.Module, *_, **__) -> list[FileMutation]:
        return [
            self.create_file_mutation(call, f"({ast.unparse(argument)})")
            for call in _bounds(parsed_ast)
            for argument in call.args
        ]


def _bounds(tree: ast.Module) -> Iterator[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in calls:
        if ast.unparse(call.func) in ("min", "max") and len(call.args) == 2 and not call.keywords:
            yield call
