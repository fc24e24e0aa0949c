"""Whether a student's source uses what a task forbids, by whatever name it was imported.

What counts is what the answer refers to: its own code, and that of the functions, classes and names of the notebook
that it uses, as far as they go. A test beside the answer that compares with a library's function is no use of it, nor
is a method or an attribute of one's own that has the same name. Names are resolved, by the imports and assignments of
all cells in their order; what can't be resolved so (`z.logsumexp()` of an unknown z) is seen when it runs, by
`grader.cases.ask.guard`.
"""

import ast
import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_OWN = ""  # bound by the student to something that is no library's
_UFUNC_METHODS = ("reduce", "accumulate")


@dataclass(frozen=True)
class Use:
    """A forbidden name, and the line that uses it: its number in its cell, counted from 1, and its text; 0 and "" when
    the answer is that very thing."""

    name: str
    line: int
    code: str


@dataclass(frozen=True)
class _Defined:
    """A name of the notebook that is bound to code: a function, a class, or any expression; and its cell's lines."""

    node: ast.AST
    lines: Sequence[str]


_Scope = dict[str, str | _Defined]
"""What names are bound to: a library's dotted name, code of the notebook, or _OWN."""


def forbidden_in(
    source: str, names: Iterable[str], context: Sequence[str] = (), answer: str | None = None
) -> list[str]:
    """Return the forbidden names that an answer uses, in the order of `names`; as `uses_in`.

    >>> forbidden_in("from torch.nn.functional import cross_entropy as ce\\nce(z, y)",
    ...              ["torch.nn.functional.cross_entropy"])
    ['torch.nn.functional.cross_entropy']
    >>> forbidden_in("F.cross_entropy(z, y)", ["torch.nn.functional.cross_entropy"],
    ...              ["import torch.nn.functional as F"])
    ['torch.nn.functional.cross_entropy']
    """
    return [use.name for use in uses_in(source, names, context, answer)]


def uses_in(
    source: str, names: Iterable[str], context: Sequence[str] = (), answer: str | None = None
) -> list[Use]:
    """Return the first use of each forbidden name, in the order of `names`.

    source: the cell of the answer. context: the cells that ran before the check, in their order; `source` may be one.
    names: as `grader.cases.mark.doors` has them; a name without a dot is a builtin.
    answer: the expression that is checked, such as "kl": what it refers to counts. Without it, or when no cell binds
    it, all of `source` counts.

    Any use counts, called or not. What is hidden well enough is not found.
    """
    wanted = list(names)
    if not wanted:
        return []
    cells = list(context) if source in context else [*context, source]
    reader = _Reader(wanted)
    try:
        for text in cells:
            reader.read(text)
        reader.follow(answer, source)
    except RecursionError:
        return []
    return [reader.found[name] for name in wanted if name in reader.found]


def matches(name: str, dotted: str) -> bool:
    """Return whether a library's dotted name is the forbidden one: many paths lead to one function.

    >>> matches("torch.special.logsumexp", "torch.logsumexp"), matches("torch.logsumexp", "mine.logsumexp")
    (True, False)
    """
    parts, found = name.split("."), dotted.split(".")
    if name.endswith(".*"):
        return found[: len(parts) - 1] == parts[:-1]
    if name.startswith("."):
        return len(found) > 1 and found[-1] == parts[-1]
    if parts[-1] in _UFUNC_METHODS:  # of which every ufunc has its own
        return found[-2:] == parts[-2:]
    return len(found) > 1 and len(parts) > 1 and found[0] == parts[0] and found[-1] == parts[-1]


class _Reader:
    """Reads the cells of a notebook, then follows what an answer refers to."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.wanted = wanted
        self.found: dict[str, Use] = {}
        self._scope: _Scope = {}
        self._stars: list[str] = []
        self._seen: set[int] = set()
        self._kept: list[ast.AST] = []  # so that no id is given twice

    def read(self, text: str) -> None:
        """Read a cell's bindings into the notebook's scope."""
        tree = _parsed(text)
        if tree is not None:
            self._kept.append(tree)
            self._bind(tree.body, self._scope, [self._scope], text.splitlines())

    def follow(self, answer: str | None, source: str) -> None:
        """Look at all that the answer refers to."""
        tree = _parsed(answer) if answer else None
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} if tree is not None else set()
        lines: Sequence[str] = ()  # of the check itself, which is no line of the student's
        if tree is None or not names & set(self._scope):
            tree, lines = _parsed(source), source.splitlines()
        if tree is not None:
            self._kept.append(tree)
            self._visit(tree, [self._scope], lines)

    def _bind(
        self, body: Sequence[ast.AST], scope: _Scope, scopes: Sequence[_Scope], lines: Sequence[str]
    ) -> None:
        """Put what the statements of one scope bind into it, in their order."""
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                scope[node.name] = _Defined(node, lines)
                continue
            if isinstance(node, ast.Import):
                for alias in node.names:
                    # `import a.b` binds a, `import a.b as c` binds c to a.b.
                    first = alias.name.split(".")[0]
                    scope[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    if alias.name == "*":
                        self._stars.append(node.module)
                    else:
                        scope[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets):
                bound = _dotted(node.value, scopes) or _Defined(node.value, lines)
                scope |= {t.id: bound for t in node.targets if isinstance(t, ast.Name)}
            elif isinstance(node, ast.NamedExpr):
                scope[node.target.id] = _dotted(node.value, scopes) or _Defined(node.value, lines)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                scope[node.id] = _OWN
            if not isinstance(node, ast.Lambda):
                self._bind(list(ast.iter_child_nodes(node)), _bound_already(node, scope), scopes, lines)

    def _visit(self, node: ast.AST, scopes: Sequence[_Scope], lines: Sequence[str]) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return self._visit_function(node, scopes, lines)
        if isinstance(node, ast.Name | ast.Attribute | ast.Call):
            dotted = _dotted(node, scopes)
            if dotted:
                self._use(dotted, node, lines)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._visit_name(node, scopes, lines)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                self._use(f"{node.module}.{alias.name}", node, lines)
        for child in ast.iter_child_nodes(node):
            self._visit(child, scopes, lines)

    def _visit_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scopes: Sequence[_Scope],
        lines: Sequence[str],
    ) -> None:  # fmt: skip
        arguments = node.args
        each = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        scope: _Scope = {argument.arg: _OWN for argument in each if argument is not None}
        inner = [*scopes, scope]
        body: Sequence[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
        self._bind(body, scope, inner, lines)
        outside = [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
        outside += [] if isinstance(node, ast.Lambda) else node.decorator_list
        for default in outside:
            self._visit(default, scopes, lines)
        for part in body:
            self._visit(part, inner, lines)

    def _visit_name(self, node: ast.Name, scopes: Sequence[_Scope], lines: Sequence[str]) -> None:
        for scope in reversed(scopes):
            if node.id in scope:
                bound = scope[node.id]
                # What a function binds itself is visited where it stands.
                if isinstance(bound, _Defined) and scope is scopes[0] and id(bound.node) not in self._seen:
                    self._seen.add(id(bound.node))
                    self._visit(bound.node, scopes[:1], bound.lines)
                return
        for module in self._stars:
            self._use(f"{module}.{node.id}", node, lines)
        if hasattr(builtins, node.id):
            self._use(node.id, node, lines)

    def _use(self, dotted: str, node: ast.AST, lines: Sequence[str]) -> None:
        for name in self.wanted:
            if name not in self.found and (name == dotted or matches(name, dotted)):
                line = getattr(node, "lineno", 0)
                code = lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""
                self.found[name] = Use(name, line if code else 0, code)


def _bound_already(node: ast.AST, scope: _Scope) -> _Scope:
    """The scope for what is inside a node: a comprehension's names are its own; an assignment's targets are bound."""
    inner = isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
    plain = isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets)
    return dict(scope) if inner or plain or isinstance(node, ast.NamedExpr) else scope


def _parsed(source: str) -> ast.Module | None:
    # IPython's own lines are no Python; the parser needs the rest.
    lines = ("pass" if line.startswith(("%", "!", "?")) else line for line in source.splitlines())
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _dotted(node: ast.AST, scopes: Sequence[Mapping[str, str | _Defined]]) -> str:
    """The full dotted name of a library's thing that an expression stands for, or "" when it is none."""
    if isinstance(node, ast.Name):
        bound = next((scope[node.id] for scope in reversed(scopes) if node.id in scope), _OWN)
        return bound if isinstance(bound, str) else ""
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, scopes)
        return f"{base}.{node.attr}" if base else ""
    if not isinstance(node, ast.Call):
        return ""
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) >= 2 and texts:
        base = _dotted(node.args[0], scopes)
        return f"{base}.{texts[0]}" if base else ""
    imports = _dotted(node.func, scopes) == "importlib.import_module" or (
        isinstance(node.func, ast.Name) and node.func.id in ("__import__", "import_module")
    )
    return texts[0] if imports and texts else ""
