"""Whether a student's source uses what a task forbids, by whatever name it was imported."""

import ast
from collections.abc import Iterable, Sequence


def forbidden_in(source: str, names: Iterable[str], context: Sequence[str] = ()) -> list[str]:
    """Return the forbidden names that `source` uses, in the order of `names`.

    names: "torch.nn.functional.cross_entropy" (that object, under any alias), ".logsumexp" (any attribute or
    method of that name, or anything imported under it), "sum" (the builtin, unless the source defines the
    name itself).
    context: the notebook's other cells; their imports and aliases hold, what they use doesn't count.

    Any use counts, called or not. This reads the source only: what is hidden well enough is not found.

    >>> forbidden_in("from torch.nn.functional import cross_entropy as ce\\nce(z, y)",
    ...              ["torch.nn.functional.cross_entropy"])
    ['torch.nn.functional.cross_entropy']
    >>> forbidden_in("F.cross_entropy(z, y)", ["torch.nn.functional.cross_entropy"],
    ...              ["import torch.nn.functional as F"])
    ['torch.nn.functional.cross_entropy']
    """
    wanted = list(names)
    if not wanted:
        return []
    tree = _parsed(source)
    if tree is None:
        return []
    aliases: dict[str, str] = {}
    stars: set[str] = set()
    try:
        for piece in map(_parsed, context):
            if piece is not None:
                _read_aliases(piece, aliases, stars)
        # What the source defines itself is no longer what another cell imported under that name.
        own = _own_names(tree)
        aliases = {name: dotted for name, dotted in aliases.items() if name not in own}
        _read_aliases(tree, aliases, stars)
        used, attributes = _uses(tree, own - set(aliases), aliases, stars)
    except RecursionError:
        return []
    return [n for n in wanted if (n[1:] in attributes if n.startswith(".") else n in used)]


def _parsed(source: str) -> ast.Module | None:
    # IPython's own lines are no Python; `_parsed` needs the rest.
    lines = ("pass" if line.startswith(("%", "!", "?")) else line for line in source.splitlines())
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _read_aliases(tree: ast.Module, aliases: dict[str, str], stars: set[str]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                # `import a.b` binds a, `import a.b as c` binds c to a.b.
                aliases[name.asname or name.name.split(".")[0]] = (
                    name.name if name.asname else name.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                if name.name == "*":
                    stars.add(node.module)
                else:
                    aliases[name.asname or name.name] = f"{node.module}.{name.name}"
        elif (
            isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        ):
            dotted = _dotted(node.value, aliases)
            if dotted and dotted.split(".")[0] in {a.split(".")[0] for a in aliases.values()}:
                aliases[node.targets[0].id] = dotted


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str:
    """The full dotted name that an expression stands for, or "" when it is no name."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, aliases)
        return f"{base}.{node.attr}" if base else ""
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        argument = node.args[0].value
        if isinstance(argument, str) and _dotted(node.func, aliases) in (
            "importlib.import_module",
            "__import__",
        ):
            return argument
    if isinstance(node, ast.Call) and len(node.args) >= 2 and isinstance(node.args[1], ast.Constant):
        if (
            isinstance(node.func, ast.Name)
            and node.func.id == "getattr"
            and isinstance(node.args[1].value, str)
        ):
            base = _dotted(node.args[0], aliases)
            return f"{base}.{node.args[1].value}" if base else ""
    return ""


def _own_names(tree: ast.Module) -> set[str]:
    own = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    own |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return own | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def _uses(
    tree: ast.Module, own: set[str], aliases: dict[str, str], stars: set[str]
) -> tuple[set[str], set[str]]:
    used: set[str] = set()
    attributes: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            used |= {f"{node.module}.{name.name}" for name in node.names}
            attributes |= {name.name for name in node.names}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            dotted = aliases.get(node.id, node.id)
            used |= {dotted, *(f"{module}.{node.id}" for module in stars)}
            if stars or "." in dotted:
                attributes.add(dotted.rsplit(".", 1)[-1])
        if isinstance(node, ast.Attribute):
            attributes.add(node.attr)
        if isinstance(node, ast.Attribute | ast.Call):
            dotted = _dotted(node, aliases)
            used.add(dotted)
            if isinstance(node, ast.Call) and dotted:
                attributes.add(dotted.rsplit(".", 1)[-1])
    return used, attributes
