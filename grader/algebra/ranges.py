"""Sums and products over an index, made canonical.

A sum from low to high is 0 where high < low, and a product is 1. The variable of a sum that is being built carries its
range. A sum is linear, lets factors pass that do not depend on its variable, and two nested sums are one sum over both
variables. Every rule that counts, splits or moves a range asks :mod:`grader.algebra.integers` first; where there is no
answer the sum stays as it is.
"""

from fractions import Fraction

from grader.algebra import closed_forms
from grader.algebra.atoms import (
    absolute,
    delta,
    exponential,
    item_atom,
    logarithm,
    loose_atom,
    raise_to,
    raise_to_symbol,
)
from grader.algebra.bound import (
    Range,
    finished_product,
    finished_sum,
    is_simplex_total,
    opened,
    range_of,
    renaming,
)
from grader.algebra.budget import spend
from grader.algebra.factorials import binomial
from grader.algebra.integers import at_least, constant_part, has_count, is_empty, is_whole
from grader.algebra.placement import mirror_of, offset_of
from grader.algebra.polynomial import (
    NONE,
    ONE_POLY,
    POSITIVE,
    ZERO_POLY,
    Atom,
    Mono,
    Poly,
    make_mono,
    map_atoms,
    number,
    of_atom,
    of_mono,
)
from grader.algebra.requirements import Unmet, known_elsewhere, outside_a_range, requiring
from grader.algebra.signs import poly_signs

_LONGEST = 40  # terms of a range that are written out
_MOST_MISSING = 8  # terms of a binomial theorem


def sum_over(body: Poly, variable: Atom, in_place: bool = False) -> Poly:
    """Return Σ body over the range of the variable, a loose atom. It is 0 where the range is empty.

    in_place: the variable has been moved already to where the entries stand.
    """
    low, high = range_of(variable)
    if is_empty(low, high):
        return ZERO_POLY
    total = ZERO_POLY
    for mono, coefficient in body.terms.items():
        spend(4)
        inside, outside = _split(mono, variable)
        total = total + _summed(inside, variable, in_place) * of_mono(outside, coefficient)
    return total


def _summed(mono: Mono, variable: Atom, in_place: bool) -> Poly:
    """The sum of one monomial all of whose factors depend on the variable.

    First what has a closed form; then the range is made to begin at 1 and to end at a symbol.
    """
    low, high = range_of(variable)
    ends = low.constant(), high.constant()
    if ends[0] is not None and ends[1] is not None and ends[1] - ends[0] < _LONGEST:
        written = _values_at(mono, variable, [number(i) for i in range(int(ends[0]), int(ends[1]) + 1)], True)
        if written is not None:
            return written
    if is_simplex_total(mono, (variable, low, high)):
        return ONE_POLY
    absorbed = closed_forms.absorbed(mono, variable)
    if absorbed is not None:
        return sum_over(absorbed, variable, in_place)
    closed = closed_forms.power_sum(mono, variable)
    closed = closed if closed is not None else closed_forms.binomial_theorem(mono, variable)
    closed = closed if closed is not None else closed_forms.geometric_sum(mono, variable)
    if closed is not None:
        return closed
    moved = None if in_place else _in_place(mono, variable)
    if moved is not None:
        return moved
    apart = _partial_fractions(mono, variable)
    if apart is not None:
        return sum_over(apart, variable, in_place)
    for rule in (_with_all_choices, _from_one, _to_symbol):
        found = rule(mono, variable)
        if found is not None:
            return found
    return _sum_of_mono(mono, [(variable, low, high)])


def _partial_fractions(mono: Mono, variable: Atom) -> Poly | None:
    """1/(AB) as (1/A − 1/B)/(B − A), where A and B differ by a number: Σ 1/(k (k + 1)) telescopes."""
    below = [(a, e) for a, e in mono.factors if e == -1 and (a == variable or a.kind == "poly")]
    for n, (other, _) in enumerate(below):
        for one, _ in below[:n]:
            gap = (_inside(other) - _inside(one)).constant()
            if gap:
                rest = make_mono([(a, e) for a, e in mono.factors if a not in (one, other)], mono.expo)
                fractions = of_atom(one, Fraction(-1)) - of_atom(other, Fraction(-1))
                return (of_mono(rest) * fractions).scaled(1 / gap)
    return None


def _inside(atom: Atom) -> Poly:
    inner: Poly = atom.parts[0] if atom.kind == "poly" else of_atom(atom)
    return inner


def _moved(variable: Atom, low: Poly, high: Poly) -> Atom:
    return loose_atom(variable.parts[0], low, high)


def _over(mono: Mono, variable: Atom, low: Poly, high: Poly, inside: bool) -> Poly | None:
    """The sum over another range; inside: the other range is a part of the variable's own."""
    other = _moved(variable, low, high)
    moved = _value_at(mono, variable, of_atom(other), inside)
    return None if moved is None else sum_over(moved, other)


def _with_all_choices(mono: Mono, variable: Atom) -> Poly | None:
    """Σ C(n, k) … over all k, less the terms that are missing, where these are a fixed number."""
    low, high = range_of(variable)
    support = closed_forms.binomial_support(mono, variable)
    if support is None or not has_count(low, high):
        return None
    ahead, behind = (low - support[0]).constant(), (support[1] - high).constant()
    if ahead is None or behind is None or not 0 < max(ahead, NONE) + max(behind, NONE) <= _MOST_MISSING:
        return None
    places = [support[0] + number(i) for i in range(int(ahead))]
    places += [support[1] - number(i) for i in range(int(behind))]
    first, last = (support[0] if ahead > 0 else low), (support[1] if behind > 0 else high)
    longer = _moved(variable, first, last)
    moved, missing = (
        _value_at(mono, variable, of_atom(longer), False),
        _values_at(mono, variable, places, False),
    )
    single = None if moved is None else moved.single()
    if single is None or missing is None:
        return None
    whole = closed_forms.binomial_theorem(single[0], longer)
    return None if whole is None else whole.scaled(single[1]) - missing


def _from_one(mono: Mono, variable: Atom) -> Poly | None:
    """The range made to begin at 1: Σ from low to high is Σ from 1 to high, less Σ from 1 to low − 1.

    That holds for 1 ≤ low ≤ high + 1. Where low ≤ 0 is a number and high ≥ 0, the terms up to the 0th are added.
    """
    low, high = range_of(variable)
    first = low.constant()
    if first == 1 or not has_count(low, high):
        return None
    if first is not None and first < 1:
        if first < 1 - _LONGEST or not at_least(high, 0):
            return None
        ahead = _values_at(mono, variable, [number(i) for i in range(int(first), 1)], True)
        rest = _over(mono, variable, ONE_POLY, high, True)
        return None if ahead is None or rest is None else ahead + rest
    if not at_least(low, 1) or (first is not None and first > _LONGEST):
        return None
    whole = _over(mono, variable, ONE_POLY, high, False)
    before = _over(mono, variable, ONE_POLY, low - ONE_POLY, False)
    return None if whole is None or before is None else whole - before


def _to_symbol(mono: Mono, variable: Atom) -> Poly | None:
    """For a range from 1 to b + c with a number c: the sum from 1 to b, with the terms between added or taken away.

    That holds for b ≥ 0 and b + c ≥ 0. So Σ P[j+1] for j = 1…m and Σ P[j] for j = 1…m meet in one sum: they telescope.
    """
    low, high = range_of(variable)
    beyond = constant_part(high)
    base = high - number(beyond)
    if low != ONE_POLY or not beyond or not base.terms or beyond.denominator != 1 or abs(beyond) > _LONGEST:
        return None
    if not is_whole(base) or not at_least(base, 0) or not at_least(high, 0):
        return None
    if beyond > 0:
        places = [base + number(i) for i in range(1, int(beyond) + 1)]
    else:
        places = [base - number(i) for i in range(int(-beyond))]
    extra = _values_at(mono, variable, places, beyond > 0)
    rest = _over(mono, variable, ONE_POLY, base, beyond > 0)
    if extra is None or rest is None:
        return None
    return rest + extra if beyond > 0 else rest - extra


def _values_at(mono: Mono, variable: Atom, places: list[Poly], inside: bool) -> Poly | None:
    total = ZERO_POLY
    for place in places:
        value = _value_at(mono, variable, place, inside)
        if value is None:
            return None
        total = total + value
    return total


def _value_at(mono: Mono, variable: Atom, value: Poly, inside: bool) -> Poly | None:
    """The monomial at a value of its variable; inside: the value is known to lie in the range. None where undefined."""
    try:
        with requiring(known_elsewhere if inside else outside_a_range):
            return _replaced(of_mono(mono), variable, value)
    except Unmet:
        return None


def _in_place(mono: Mono, variable: Atom) -> Poly | None:
    """The sum with a shifted or reversed variable, so that the entries stand at the variable: Σ z[c − k] is Σ z[k]."""
    low, high = range_of(variable)
    mirror = mirror_of(mono, variable)
    shift = 0 if mirror is not None else offset_of(mono, variable)
    if mirror is not None:
        moved_to = _moved(variable, mirror - high, mirror - low)
        moved = _value_at(mono, variable, mirror - of_atom(moved_to), True)
    elif shift:
        moved_to = _moved(variable, low + number(shift), high + number(shift))
        moved = _value_at(mono, variable, of_atom(moved_to) - number(shift), True)
    else:
        return None
    return None if moved is None else sum_over(moved, moved_to, in_place=True)


def _split(mono: Mono, variable: Atom) -> tuple[Mono, Mono]:
    """Split a monomial into what depends on the variable and what does not."""
    inside = [(a, e) for a, e in mono.factors if variable in a.loose]
    outside = [(a, e) for a, e in mono.factors if variable not in a.loose]
    expo_in = Poly({m: c for m, c in mono.expo.terms.items() if variable in m.loose})
    return Mono(tuple(inside), expo_in), Mono(tuple(outside), mono.expo - expo_in)


def _sum_of_mono(mono: Mono, ranges: list[Range]) -> Poly:
    """Return the sum of one monomial, sums inside it merged into one sum over all variables.

    A sum inside whose bounds depend on the outer variable stays nested.
    """
    factors: list[tuple[Atom, Fraction]] = []
    expo = mono.expo
    merged = list(ranges)
    variables = {r[0] for r in ranges}
    for atom, exponent in mono.factors:
        if (
            atom.kind != "sum"
            or exponent.denominator != 1
            or exponent < 1
            or any(variables & (low.loose | high.loose) for _, low, high in atom.parts[0])
        ):
            factors.append((atom, exponent))
            continue
        for _ in range(int(exponent)):
            inner_ranges, inner_body = opened(atom)
            merged.extend(inner_ranges)
            factors.extend(inner_body.factors)
            expo = expo + inner_body.expo
    return finished_sum(make_mono(factors, expo), merged)


def product_over(body: Poly, variable: Atom) -> Poly:
    """Return Π body over the range of the variable; it is 1 where the range is empty.

    Π of a positive factor is exp Σ log; what is not known to be positive stays a product.
    """
    low, high = range_of(variable)
    if is_empty(low, high):
        return ONE_POLY
    clear, unclear = body, ONE_POLY
    single = body.single()
    if single is not None:
        mono, coefficient = single
        doubtful = [(a, e) for a, e in mono.factors if a.signs != POSITIVE]
        certain = [(a, e) for a, e in mono.factors if a.signs == POSITIVE]
        sign = Fraction(1 if coefficient > 0 else -1)
        clear = of_mono(make_mono(certain, mono.expo), abs(coefficient))
        unclear = of_mono(make_mono(doubtful, ZERO_POLY), sign)
    elif poly_signs(body) != POSITIVE:
        clear, unclear = ONE_POLY, body
    result = exponential(sum_over(logarithm(clear), variable))
    if unclear == ONE_POLY:
        return result
    ends = low.constant(), high.constant()
    if ends[0] is not None and ends[1] is not None and ends[1] - ends[0] < _LONGEST:
        for place in range(int(ends[0]), int(ends[1]) + 1):
            result = result * _replaced(unclear, variable, number(place))
        return result
    return result * finished_product(unclear, variable)


def _replaced(poly: Poly, variable: Atom, value: Poly) -> Poly:
    """The polynomial with a variable replaced by a value, at any depth, made canonical again. Raises Unmet."""
    total = ZERO_POLY
    for mono, coefficient in poly.terms.items():
        spend()
        term = exponential(_replaced(mono.expo, variable, value)).scaled(coefficient)
        for atom, exponent in mono.factors:
            if variable in atom.loose:
                term = term * raise_to(_atom_at(atom, variable, value), exponent)
            else:
                term = term * of_atom(atom, exponent)
        total = total + term
    return total


def _atom_at(atom: Atom, variable: Atom, value: Poly) -> Poly:
    if atom == variable:
        return value

    def poly(inner: Poly) -> Poly:
        return _replaced(inner, variable, value)

    match atom.kind:
        case "item":
            name, kind, index, length, signs, family = atom.parts
            return of_atom(item_atom(name, kind, poly(index), length, signs, family))
        case "log":
            return logarithm(poly(atom.parts[0]))
        case "poly":
            return poly(atom.parts[0])
        case "binomial":
            return binomial(*(poly(p) for p in atom.parts))
        case "delta":
            return delta(*(poly(p) for p in atom.parts))
        case "power":
            return raise_to_symbol(*(poly(p) for p in atom.parts))
        case "call" if atom.parts[0] == "Abs":
            return absolute(poly(atom.parts[1][0]))
        case "sum":
            ranges, body = opened(atom)
            result = of_mono(body)
            for inner, low, high in ranges:
                moved = loose_atom(inner.parts[0], poly(low), poly(high))
                result = _replaced(result, inner, of_atom(moved))
                result = sum_over(_replaced(result, variable, value), moved)
            return result
        case "product":
            (bound, low, high), body = atom.parts
            moved = loose_atom(None, poly(low), poly(high))
            return product_over(poly(map_atoms(body, renaming({bound: moved}))), moved)
    raise Unmet(f"{atom.kind} at another value")
