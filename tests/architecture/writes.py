"""Find where a module writes to the store's models."""

import ast
from collections.abc import Iterator

MODELS = "tapal.store.models"
# Calls that write, whatever they are called on, in a module that knows the store's models.
ALWAYS = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "save_base"}
# Words that dictionaries, sets and files have too: they count on a model or its query set.
ON_MODELS = {"create", "update", "delete"}
# A query that comes from a model's manager goes through one of these.
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def imported(module: ast.Module) -> set[str]:
    """The local names that a module gives to the store's models and their modules."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == MODELS or node.module.startswith(f"{MODELS}."):
                names |= {alias.asname or alias.name for alias in node.names}
            elif node.module == "tapal.store":
                names |= {a.asname or a.name for a in node.names if a.name == "models"}
        elif isinstance(node, ast.Import):
            names |= {
                (alias.asname or alias.name).split(".")[0]
                for alias in node.names
                if alias.name.startswith(MODELS)
            }
    return names


def root(node: ast.expr) -> tuple[str, set[str]]:
    """The name an expression's chain of calls and attributes begins with, and its attributes."""
    attributes: set[str] = set()
    while True:
        match node:
            case ast.Attribute():
                attributes.add(node.attr)
                node = node.value
            case ast.Call():
                node = node.func
            case ast.Subscript() | ast.Await():
                node = node.value
            case ast.Name():
                return node.id, attributes
            case _:
                return "", attributes


def assigned(module: ast.Module, models: set[str]) -> set[str]:
    """Names bound to something made from a model: a row, a query set, a loop's variable."""
    known = set(models)
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for node in ast.walk(module):
        match node:
            case ast.Assign():
                pairs += [(target, node.value) for target in node.targets]
            case ast.AnnAssign(value=ast.expr() as value):
                pairs.append((node.target, value))
            case ast.NamedExpr() | ast.For() | ast.comprehension():
                source = node.value if isinstance(node, ast.NamedExpr) else node.iter
                pairs.append((node.target, source))
    for _ in range(3):  # names given on from one variable to the next
        for target, value in pairs:
            name, attributes = root(value)
            if isinstance(target, ast.Name) and (name in known or attributes & MANAGERS):
                known.add(target.id)
    return known


def annotated(module: ast.Module, models: set[str]) -> set[str]:
    """Parameters whose annotation names a model."""
    return {
        argument.arg
        for argument in ast.walk(module)
        if isinstance(argument, ast.arg) and argument.annotation is not None
        for part in ast.walk(argument.annotation)
        if isinstance(part, ast.Name) and part.id in models
    }


def writes(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Each line of a module that writes to a store model, with the call's name."""
    models = imported(module)
    if not models:
        return
    rows = assigned(module, models | annotated(module, models))
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        call = node.func.attr
        word = call[1:] if call.startswith("a") and call[1:] in ALWAYS | ON_MODELS else call
        name, attributes = root(node.func.value)
        if word in ALWAYS or (word in ON_MODELS and (name in rows or attributes & MANAGERS)):
            yield node.lineno, call
