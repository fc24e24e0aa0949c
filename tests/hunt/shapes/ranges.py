"""Sums over ranges: counted, split, shifted, reversed, nested. Each is true for some bounds and false for others."""

from sympy import Abs, Integer, Max, S

from tests.hunt.draws import Draw
from tests.hunt.letters import V, a, k, l, m, o, x, z
from tests.hunt.shapes.registry import Sides, order, shape, total


@shape("counting", 2)
def count_terms(d: Draw) -> Sides:
    (low, high), at, term = d.bounds(), d.letter(), d.constant()
    return total(term, at, low, high), d.rng.choice("==≤≥"), term * (high - low + 1)


@shape("counting")
def count_terms_of_a_difference(d: Draw) -> Sides:
    (low, high), at = d.bounds(), d.letter()
    term = d.one((Integer(1), x, a))
    other = d.bound()
    return total(term, at, low, high) - total(term, at, low, other), "=", term * (high - other)


@shape("counting")
def count_from_one(d: Draw) -> Sides:
    low, high = d.bounds()
    term = d.constant()
    return (
        total(term, k, low, high),
        "=",
        term * d.one((Max(0, high - low + 1), high - low + 1, high - low, Max(0, high - low))),
    )


@shape("counting")
def mean_of_a_constant(d: Draw) -> Sides:
    (low, high), term = d.bounds(), d.constant()
    return total(term, k, low, high) / (high - low + 1), "=", term


@shape("splitting", 2)
def split_anywhere(d: Draw) -> Sides:
    (low, high), middle, at = d.bounds(), d.bound(), d.letter()
    term = d.body(at)
    gap = d.rng.choice((1, 1, 1, 1, 0, 2))
    return total(term, at, low, high), "=", total(term, at, low, middle) + total(term, at, middle + gap, high)


@shape("splitting")
def take_one_end(d: Draw) -> Sides:
    (low, high), at = d.bounds(), d.letter()
    term = d.body(at)
    if d.chance(0.5):
        return total(term, at, low, high), "=", total(term, at, low, high - 1) + term.xreplace({at: high})
    return total(term, at, low, high), "=", term.xreplace({at: low}) + total(term, at, low + 1, high)


@shape("splitting")
def take_two_terms(d: Draw) -> Sides:
    high = d.one((V, m, V + 1, V - 1, d.bound()))
    first = d.rng.choice((-1, 0, 1, 2, 3))
    count = d.rng.choice((1, 2, 2, 3))
    term = d.body(k)
    taken = sum((term.xreplace({k: Integer(first + step)}) for step in range(count)), S.Zero)
    return total(term, k, first, high), "=", taken + total(term, k, first + count, high)


@shape("splitting")
def difference_of_two(d: Draw) -> Sides:
    (low, high), other = d.bounds(), d.bound()
    term = d.body(k)
    return total(term, k, low, high) - total(term, k, low, other), "=", total(term, k, other + 1, high)


@shape("shifting", 2)
def shift_the_letter(d: Draw) -> Sides:
    (low, high), at = d.bounds(), d.letter()
    term = d.body(at)
    by = d.one((Integer(1), Integer(-1), Integer(2), d.size(), d.index()))
    wrong = d.rng.choice((0, 0, 0, 1))
    return (
        total(term, at, low, high),
        "=",
        total(term.xreplace({at: at + by}), at, low - by + wrong, high - by),
    )


@shape("shifting")
def turn_the_range(d: Draw) -> Sides:
    (low, high), at = d.bounds(), d.letter()
    term = d.body(at)
    turned = d.one((low + high, low + high, high, high + 1))
    return total(term, at, low, high), "=", total(term.xreplace({at: turned - at}), at, low, high)


@shape("shifting")
def swap_the_bounds(d: Draw) -> Sides:
    (low, high), at = d.bounds(), d.letter()
    term = d.body(at)
    other = d.one((-total(term, at, high + 1, low - 1), total(term, at, high, low), S.Zero))
    return total(term, at, low, high), "=", other


@shape("shifting")
def shift_entries(d: Draw) -> Sides:
    low, high = d.one((S.One, S.Zero, Integer(2))), d.one((V, V - 1, V - 2, V + 1))
    term = d.body(k, entries=True)
    moved = term.xreplace({k: k + 1})
    return total(moved, k, low, high - 1), "=", total(term, k, low + d.rng.choice((0, 1, 1)), high)


@shape("telescoping")
def telescope(d: Draw) -> Sides:
    low, high = d.bounds()
    term = d.body(k, entries=d.chance(0.3))
    step = term.xreplace({k: k + 1}) - term
    return total(step, k, low, high), "=", term.xreplace({k: high + 1}) - term.xreplace({k: low})


@shape("telescoping")
def closed_forms(d: Draw) -> Sides:
    low, high = d.bounds()
    which = d.rng.randrange(4)
    if which == 0:
        return total(k, k, low, high), "=", (high + low) * (high - low + 1) / 2
    if which == 1:
        return total(k, k, d.literal(), high), "=", high * (high + 1) / 2
    base = d.one((a, x, Integer(2), Integer(1) / 2))
    if which == 2:
        return total(base**k, k, low, high), "=", (base**low - base ** (high + 1)) / (1 - base)
    return (1 - base) * total(base**k, k, 0, high), "=", 1 - base ** (high + d.rng.choice((0, 1, 1)))


@shape("pulling out", 2)
def pull_a_factor_out(d: Draw) -> Sides:
    """The factor may hold the sum's own letter, which is another letter outside."""
    (low, high), at = d.bounds(), d.letter()
    term = d.body(at)
    factor = d.one((d.constant(), d.constant(), at, at, z[at], 1 / at, a**at))
    return total(factor * term, at, low, high), "=", factor * total(term, at, low, high)


@shape("pulling out")
def product_of_sums(d: Draw) -> Sides:
    (low, high), one, other = d.bounds(), d.body(k), d.body(k)
    return (
        total(one * other, k, low, high),
        d.rng.choice("===≤≥"),
        total(one, k, low, high) * total(other, k, low, high),
    )


@shape("pulling out")
def add_inside(d: Draw) -> Sides:
    (low, high), term, more = d.bounds(), d.body(k), d.constant()
    return (
        total(term + more, k, low, high),
        "=",
        total(term, k, low, high) + more * d.one((high, high - low, high - low + 1, S.One)),
    )


@shape("pulling out")
def function_of_a_sum(d: Draw) -> Sides:
    (low, high), term = d.bounds(), d.body(k)
    function = d.rng.choice((lambda e: e**2, lambda e: 1 / e, Abs, lambda e: a * e + 1))
    return total(function(term), k, low, high), d.rng.choice("=≤≥"), function(total(term, k, low, high))


@shape("nested", 2)
def swap_two_sums(d: Draw) -> Sides:
    """Bounds that depend on the outer letter: the triangle has two descriptions, most pairs are none of it."""
    last = d.size()
    inner_low, inner_high = d.one(((S.One, l), (l, last), (S.One, l - 1), (l + 1, last), d.bounds((l,))))
    outer_low, outer_high = d.one(((k, last), (S.One, k), (k + 1, last), (S.One, k - 1), d.bounds((k,))))
    term = d.one((d.body(k), d.body(l), d.body(k) * d.body(l)))
    left = total(total(term, k, inner_low, inner_high), l, d.one((S.One, S.One, S.Zero)), last)
    return left, "=", total(total(term, l, outer_low, outer_high), k, S.One, last)


@shape("nested")
def free_swap(d: Draw) -> Sides:
    (low, high), (first, last) = d.bounds(), d.bounds((k,))
    term = d.body(k) * d.body(l)
    left = total(total(term, l, first, last), k, low, high)
    return left, "=", total(total(term, k, low, high), l, first, last)


@shape("nested")
def count_a_triangle(d: Draw) -> Sides:
    last = d.size()
    low, high = d.one(((S.One, k), (k, last), (k + 1, last), (S.One, k - 1), d.bounds((k,))))
    left = total(
        total(d.one((Integer(1), x)), l, low, high), k, *d.one(((S.One, last), (S.Zero, last), d.bounds()))
    )
    return left, "=", total(d.one((Integer(1), x)) * (high - low + 1), k, 1, last)


@shape("nested")
def product_of_two_sums(d: Draw) -> Sides:
    (low, high), (first, last) = d.bounds(), d.bounds((k,))
    one, other = d.body(k), d.body(l)
    left = total(one * total(other, l, first, last), k, low, high)
    return left, "=", total(one, k, low, high) * total(other, l, first, last)


@shape("nested")
def merged_limits(d: Draw) -> Sides:
    (low, high), (first, last) = d.bounds(), d.bounds((k,))
    term = d.body(k) * d.body(l)
    both = total(total(term, l, first, last), k, low, high)
    wrong = d.chance(0.5)
    return (
        both,
        "=",
        total(total(term, k, low, high), l, first, last) if wrong else total(term, l, first, last),
    )


@shape("shadowed", 2)
def shadowed_letter(d: Draw) -> Sides:
    """One letter twice: the inner sum's letter hides the outer one, so neither body sees the other's."""
    (low, high), (first, last) = d.bounds(), d.bounds((k,))
    term, outside = d.body(k), d.body(k)
    left = total(outside * total(term, k, first, last), k, low, high)
    renamed = total(outside * total(term.xreplace({k: l}), l, first, last), k, low, high)
    mixed = total(total(outside * term, k, first, last), k, low, high)
    pulled = total(outside, k, low, high) * total(term, k, first, last)
    return left, "=", d.one((renamed, mixed, pulled))


@shape("shadowed")
def bound_and_free(d: Draw) -> Sides:
    """The letter stands free beside its own sum, and in the bounds of it."""
    at = d.index()
    (low, high) = d.one(((S.One, at), (at, V), (S.One, V), (at + 1, at), d.bounds((at,))))
    term = d.body(at)
    left = at * total(term, at, low, high)
    other = d.one((total(at * term, at, low, high), total(o * term.xreplace({at: o}), o, low, high)))
    return left, d.rng.choice("==≤≥"), other


@shape("shadowed")
def own_letter_in_bounds(d: Draw) -> Sides:
    at = d.index()
    low, high = d.one(((S.One, at), (at, V), (S.Zero, at), (at, at)))
    term = d.body(at)
    renamed = total(term.xreplace({at: k}), k, low.xreplace({at: d.one((k, at))}), high)
    closed = term * (high - low + 1)
    return total(term, at, low, high), "=", d.one((renamed, closed))


@shape("sign of a range", 2)
def absolute_dropped(d: Draw) -> Sides:
    (low, high), at = d.bounds(), d.one((k, k, l))
    inner = d.one((at, at - 1, at + 1, 2 * at, at - V, V - at, at * (at - 1), at + d.index(), x * at, at**3))
    left, right = total(Abs(inner), at, low, high), total(inner, at, low, high)
    return left, d.rng.choice("===≤<"), d.one((right, right, -right, Abs(right)))


@shape("sign of a range", 2)
def sign_of_a_sum(d: Draw) -> Sides:
    (low, high), at = d.bounds(), d.letter()
    term = d.one(
        (at, a * at, d.positive(), at**2, at - 1, d.body(at), Integer(2) ** at, a / (1 + at**2), at + a)
    )
    return total(term, at, low, high), order(d.rng), d.one((S.Zero, S.Zero, S.Zero, S.One, -a))


@shape("sign of a range")
def more_terms(d: Draw) -> Sides:
    """A longer range of positive terms has the larger sum; is it longer?"""
    (low, high), term = d.bounds(), d.one((d.positive(), k, k**2, Integer(2) ** k, d.body(k)))
    longer = d.one(((low, high + 1), (low - 1, high), (S.One, V), d.bounds()))
    return total(term, k, low, high), order(d.rng), total(term, k, *longer)
