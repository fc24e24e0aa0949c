"""Whether a cell leaves alone what stood before it, as far as its text tells.

An answer counts as it was at its check. Where only such cells follow, it is at the end what it was there, and no
process need be forked to keep it (`grader.judge.kept`). Nothing rests on this but honest marks: who makes a cell look
as if it did nothing changes their own answers.
"""

import ast
import symtable
from collections.abc import Iterator

from grader.judge.step import Step

_LIBRARIES = {"grader", "math", "numpy", "sympy", "torch", "fractions", "decimal", "itertools", "typing"}
_BUILTINS = set(
    "abs bool complex dict enumerate float int len list max min print range repr round sorted str sum tuple zip".split()
)
# Of a library: what keeps a state of the library's own, or writes into what it is given.
_CHANGES = {
    "random",
    "seed",
    "put",
    "copyto",
    "fill",
    "sort",
    "shuffle",
    "place",
    "putmask",
    "resize",
    "update",
    "out",
}
_OPAQUE = {"eval", "exec", "globals", "locals", "vars", "get_ipython", "__import__"}
_EXPRESSIONS = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Call, ast.keyword, ast.Tuple, ast.List,
    ast.Dict, ast.Set, ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.BinOp, ast.UnaryOp, ast.BoolOp,
    ast.Compare, ast.IfExp, ast.JoinedStr, ast.FormattedValue, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
    ast.expr_context,
)  # fmt: skip


class Names:
    """What is known of a notebook's names when some of its cells have run; `leaves_alone` before each that follows."""

    def __init__(self) -> None:
        self._known: set[str] = (
            set()
        )  # bound to values of libraries and of the course, and to nothing of the student's
        self._bound: set[str] = set()
        self._awaited: set[str] = set()  # looked up when an answer is asked: in functions, and by the checks
        self._imports: dict[str, set[str]] = {}  # the text of each that stands, and what it binds
        self._opaque = False  # some code can run that is not seen, or look up any name

    def leaves_alone(self, step: Step) -> bool:
        """Return whether a step changes nothing that an answer before it may need."""
        tree = _parsed(step.source)
        if tree is None or self._opaque:
            return False
        if step.questions is not None:
            return True
        again = [statement for statement in tree.body if ast.unparse(statement) in self._imports]
        if set().union(*(_stored(s) for s in tree.body if s not in again)) & self._awaited:
            return False
        if step.locked:
            return not any(map(_changes, ast.walk(tree)))
        before = set(self._known)
        try:
            return all(map(self._harmless, tree.body))
        finally:
            self._known = before

    def take(self, step: Step) -> None:
        """Note what a step binds and uses, now that it runs."""
        tree = _parsed(step.source)
        if tree is None:
            self._opaque = True
        elif step.questions is not None:
            self._awaited |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        else:
            for statement in tree.body:
                stored = _stored(statement)
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    self._imports[ast.unparse(statement)] = stored
                else:
                    self._imports = {
                        text: bound for text, bound in self._imports.items() if not bound & stored
                    }
                if step.locked:
                    self._known |= stored
                elif not self._harmless(statement):
                    self._known -= stored
            if not step.locked:
                self._bound |= _stored(tree)
            self._awaited |= set(_used_in_functions(symtable.symtable(step.source, "cell", "exec")))
            # an object of a student's own class may run what they wrote when it is only read
            self._opaque |= not step.locked and any(map(_is_opaque, ast.walk(tree)))

    def _harmless(self, node: ast.stmt) -> bool:
        """Return whether a statement calls nothing but libraries and the course, with values of theirs, and binds names
        only; note what it binds."""
        match node:
            case ast.FunctionDef(args=arguments, decorator_list=[]):
                self._known.discard(node.name)
                return all(map(self._of_values, [*arguments.defaults, *filter(None, arguments.kw_defaults)]))
            case ast.Import(names=names):
                harmless = all(a.name.partition(".")[0] in _LIBRARIES for a in names)
            case ast.ImportFrom(module=str(module), names=names):
                harmless = module.partition(".")[0] in _LIBRARIES and all(a.name != "*" for a in names)
            case ast.Assign(targets=targets, value=value):
                plain = (t for target in targets for t in getattr(target, "elts", [target]))
                harmless = self._of_values(value) and all(isinstance(t, ast.Name) for t in plain)
            case ast.Expr(value=value):
                return self._of_values(value)
            case _:
                return isinstance(node, ast.Pass)
        if harmless:
            self._known |= _stored(node)
        return harmless

    def _of_values(self, expression: ast.expr) -> bool:
        known = self._known | _stored(expression) | (_BUILTINS - self._bound)
        return all(
            isinstance(node, _EXPRESSIONS)
            and (not isinstance(node, ast.Name) or node.id in known)
            and not _changes(node)
            for node in ast.walk(expression)
        )


def _changes(node: ast.AST) -> bool:
    """Whether it names a function or an argument that writes into what is there, or sets how a library works."""
    named = (
        node.attr if isinstance(node, ast.Attribute) else node.arg if isinstance(node, ast.keyword) else None
    )
    return named is not None and (named in _CHANGES or named.startswith("set") or named.endswith("_"))


def _is_opaque(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) or (isinstance(node, ast.Name) and node.id in _OPAQUE)


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # one of IPython's own lines, for example
        return None


def _used_in_functions(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names of the notebook's own scope that its functions use; a function's variables are none."""
    for inner in table.get_children():
        yield from (symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global())
        yield from _used_in_functions(inner)


def _stored(tree: ast.AST) -> set[str]:
    """The names that code binds, wherever in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
    return found
