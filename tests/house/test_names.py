"""The size of modules and functions, and names: one meaning for each in the whole package."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src/hkresearch"
MOST_MODULE_LINES, MOST_FUNCTION_LINES = 300, 40
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def read_trees():
    """Return module -> its syntax tree."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def list_names(statement):
    """Return the names that a statement at the top of a module defines; imports define none."""
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        targets = [node for target in statement.targets for node in ast.walk(target)]
        return [node.id for node in targets if isinstance(node, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def test_a_public_name_has_one_meaning_in_the_whole_package():
    modules = defaultdict(set)
    for module, tree in read_trees().items():
        for statement in tree.body:
            for name in list_names(statement):
                if not name.startswith("_"):
                    modules[name].add(module)
    doubles = {name: sorted(places) for name, places in modules.items() if len(places) > 1}
    listed = "\n".join(f"{name}: {', '.join(v)}" for name, v in doubles.items())
    assert not doubles, listed


def test_a_module_has_at_most_300_lines():
    paths = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in paths.items()}
    long = {name: length for name, length in lengths.items() if length > MOST_MODULE_LINES}
    assert not long


def test_a_function_has_at_most_40_lines():
    long = [
        f"{module}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for module, tree in read_trees().items()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS) and node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_no_text_is_joined_by_characters_that_cannot_be_seen():
    """A NUL between two texts that a function returns as one was undone two modules away."""
    found = [
        f"{module}:{node.lineno}"
        for module, tree in read_trees().items()
        if module.startswith("structure/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\x00" in node.value
    ]
    assert not found
