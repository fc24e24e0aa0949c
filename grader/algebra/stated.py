"""For which values an equation is known: the domains of its symbols and the conditions of its proof, in one line."""

import re
from collections.abc import Callable, Iterable

from sympy import Expr

from grader.algebra.conditions import Condition
from grader.algebra.domains import DomainSymbol, symbols_of
from grader.algebra.printing import RELATION_TEX, latex

_Printed = Callable[[Expr], str]

# kind → what is said of its symbols, "%s" standing for their names; sizes and indices say more
_SAID = {
    "real": ("%s real", "$%s$ real"),
    "positive": ("%s > 0", "$%s > 0$"),
    "probability": ("0 < %s < 1", "$0 < %s < 1$"),
}
_ORDER = ("size", "index", "real", "positive", "probability", "simplex")


def domain_text(expressions: Iterable[Expr]) -> str:
    """Return the domains of the symbols in the expressions as plain text.

    >>> from sympy import Sum, Symbol, exp
    >>> from grader.algebra import index, positive, reals, size
    >>> V = size("V"); z, T, k = reals("z", V), positive("T"), Symbol("k")
    >>> domain_text([Sum(exp(z[k] / T), (k, 1, V)), z[index("j", V)]])
    'V ≥ 1, 1 ≤ j ≤ V, z real, T > 0'
    """
    return ", ".join(_domains(expressions, tex=False))


def domain_tex(expressions: Iterable[Expr]) -> str:
    """Return the same with the mathematics in TeX between dollars."""
    return ", ".join(_domains(expressions, tex=True))


def condition_tex(condition: Condition) -> str:
    """Return a condition in TeX between dollars."""
    left, sign, right = condition.sides()
    text = f"${latex(left)} {RELATION_TEX.get(sign, sign)} {latex(right)}$"
    if not condition.over:
        return text
    return text + " for every " + ", ".join(f"${latex(variable)}$" for variable, _, _ in condition.over)


def stated_tex(expressions: Iterable[Expr], conditions: Iterable[Condition]) -> str:
    """Return the whole line, such as "For $V \\ge 1$, $z$ real; $r \\ne 1$."; "" where there is nothing to say."""
    parts = [domain_tex(expressions), ", ".join(dict.fromkeys(map(condition_tex, conditions)))]
    said = "; ".join(part for part in parts if part)
    return f"For {said}." if said else ""


def _domains(expressions: Iterable[Expr], tex: bool) -> list[str]:
    symbols = symbols_of(*expressions)
    said = []
    for kind in _ORDER:
        groups: dict[str, list[str]] = {}
        for symbol in symbols:
            if symbol.domain.kind == kind and symbol.domain.said != "-":
                name = (symbol.domain.shown or latex(symbol)) if tex else symbol.name
                groups.setdefault(_pattern(symbol, tex), []).append(name)
        said += [_agreeing(pattern, names) for pattern, names in groups.items()]
    return said


def _pattern(symbol: DomainSymbol, tex: bool) -> str:
    domain = symbol.domain
    if domain.said:
        return domain.said if tex else domain.said.replace("$", "")
    if domain.kind == "size":
        return rf"$%s \ge {domain.at_least}$" if tex else f"%s ≥ {domain.at_least}"
    if domain.kind == "index":
        return rf"$1 \le %s \le {latex(domain.size)}$" if tex else f"1 ≤ %s ≤ {domain.size}"
    if domain.kind == "simplex":
        names = "$%s$" if tex else "%s"
        return f"{names} %{{a distribution|distributions}} without zeros"
    return _SAID[domain.kind][tex]


def _agreeing(pattern: str, names: list[str]) -> str:
    """The names in their pattern, with one noun for one and the plural for several: %{one|several}."""
    noun = re.search(r"%\{(.*?)\|(.*?)\}", pattern)
    if noun is not None:
        pattern = pattern.replace(noun[0], noun[1 if len(names) == 1 else 2])
    return pattern.replace("%s", ", ".join(names))
