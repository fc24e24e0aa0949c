"""The curated faults: for each rule of the prover, ways in which it could be off or unsound.

A fault is a piece of a function's source and what stands in its place. Where the source has changed so that the piece is
not there any more, the test says so: then the fault is to be written anew. The source is written as `ast.unparse` does.
"""

from dataclasses import dataclass

from tests.hunt.mutator import WHOLE_BODY


@dataclass(frozen=True)
class Fault:
    """rule: what is broken, in words. function: where, in ``grader.algebra``. old, new: the source that is changed."""

    rule: str
    function: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.function})"


_BODY = WHOLE_BODY

FAULTS = tuple(
    Fault(*parts)
    for parts in (
        # whole numbers: is a range empty, how many terms has it, does an index lie in it
        ("counting ignores emptiness", "has_count", "at_least(high - low, -1)", "True"),
        ("counting allows one term too few", "has_count", "-1)", "-2)"),
        ("counting is off", "has_count", _BODY, "return False"),
        ("ranges are taken to have terms", "is_nonempty", _BODY, "return True"),
        ("ranges are never known to have terms", "is_nonempty", _BODY, "return False"),
        ("a range of one term is empty", "is_empty", "1)", "0)"),
        ("empty ranges are not seen", "is_empty", _BODY, "return False"),
        ("an index lies in any range from 1", "lies_in", "at_least(high - position, 0)", "True"),
        ("an index lies in any range to its last value", "lies_in", "at_least(position - low, 0)", "True"),
        ("no index lies in a range", "lies_in", _BODY, "return False"),
        ("an index at the border lies outside", "lies_outside", "at_least(position - high, 1)", "at_least(position - high, 0)"),
        ("a size may be 0", "Normalizer._symbol", "number(domain.at_least)", "number(0)"),
        ("a size is at least 2", "Normalizer._symbol", "number(domain.at_least)", "number(2)"),
        ("an index has no last value", "Normalizer._symbol", "self._form(domain.size)", "None"),
        ("the least value is that at the first end", "_least", "if all(", "if True or all("),
        ("the least value of a linear form takes the wrong end", "_least_linear", "0 if coefficient > 0 else 1", "1 if coefficient > 0 else 0"),
        ("least values by powers are off", "_least", _BODY, "return poly.constant()"),
        # sums over ranges
        ("an empty sum is 1", "sum_over", "return ZERO_POLY", "return ONE_POLY"),
        ("a factor with the letter leaves the sum", "_split", "if variable in a.loose]", "if variable in a.loose][:1]"),
        ("splitting at 1 without a look at the bounds", "_from_one", "or not has_count(low, high)", ""),
        ("splitting at 1 from below 1", "_from_one", "not at_least(low, 1) or", ""),
        ("splitting at 1 from below 1 to below 0", "_from_one", "or not at_least(high, 0)", ""),
        ("splitting at 1 takes one term too many", "_from_one", "low - ONE_POLY", "low"),
        ("splitting at 1 is off", "_from_one", _BODY, "return None"),
        ("the last terms are taken off without a look at the range", "_to_symbol", " or not at_least(base, 0) or (not at_least(high, 0))", ""),
        ("the last terms are added with the wrong sign", "_to_symbol", "rest - extra", "rest + extra"),
        ("the last terms are off", "_to_symbol", _BODY, "return None"),
        ("shifting is off", "offset", _BODY, "return 0"),
        ("shifting moves one bound only", "_in_place", "high + number(shift))", "high)"),
        ("reversing keeps the order of the bounds", "_in_place", "mirror - high, mirror - low", "mirror - low, mirror - high"),
        ("reversing is off", "mirror", _BODY, "return None"),
        ("k C(n, k) is n C(n, k − 1)", "absorbed", "binomial(n - ONE_POLY, chosen - ONE_POLY)", "binomial(n, chosen - ONE_POLY)"),
        ("k C(n, k) stays", "absorbed", _BODY, "return None"),
        ("a binomial sum is completed without its missing terms", "_with_all_choices", " - missing", ""),
        ("binomial sums are not completed", "_with_all_choices", _BODY, "return None"),
        ("closed forms of powers count from 0", "power_sum", "low - ONE_POLY", "low"),
        ("closed forms of powers are off", "power_sum", _BODY, "return None"),
        ("sums of powers have a wrong coefficient", "_faulhaber", "comb(p + 1, j)", "comb(p, j)"),
        ("geometric sums ignore emptiness", "geometric_sum", " or (not has_count(low, high))", ""),
        ("geometric sums end a term early", "geometric_sum", "exponential(rate * (high + ONE_POLY))", "exponential(rate * high)"),
        ("geometric sums are off", "geometric_sum", _BODY, "return None"),
        ("the binomial theorem is off", "binomial_theorem", _BODY, "return None"),
        ("a sum over 1 … V of any family is 1", "is_simplex_total", " or atom.parts[1] != 'simplex'", ""),
        ("distributions do not sum to 1", "is_simplex_total", _BODY, "return False"),
        ("a part of a distribution sums to 1", "is_simplex_total", "high.key == length", "True"),
        ("a sum may be 0 only where its terms may", "_sum_atom", "signs = signs | {0}", "signs = signs"),
        ("sums of terms of both signs are never 0", "_sum_atom", "signs = ANY_SIGN", "signs = frozenset({-1, 1})"),
        ("nested sums are not merged", "_sum_of_mono", "atom.kind != 'sum'", "True"),
        ("nested sums are merged though a bound moves", "_sum_of_mono", "any((variables & (low.loose | high.loose) for _, low, high in atom.parts[0]))", "False"),
        ("a square of a sum keeps one letter", "_sum_of_mono", "range(int(exponent))", "range(1)"),
        ("sums over two letters keep their order", "finished_sum", "permutations(ranges)", "[tuple(ranges)]"),
        ("terms outside of a range must be known to be defined", "outside_a_range", _BODY, "raise Unmet('')"),
        ("nothing is required", "require", _BODY, "return None"),
        # products
        ("an empty product is 0", "product_over", "return ONE_POLY", "return ZERO_POLY"),
        ("factors that are not known to be positive go into the logarithm", "product_over", "if a.signs != POSITIVE]", "if False]"),
        ("the sign of a factor is lost", "product_over", "Fraction(1 if coefficient > 0 else -1)", "Fraction(1)"),
        ("a product has the signs of its factors", "_of_range", "return terms if terms == POSITIVE else", "return terms if True else"),
        # powers and roots
        ("√(x²) is x", "raise_to", "if exponent.denominator != 1 and poly_signs(base) != POSITIVE:", "if False:"),
        ("a fraction of a power goes to each factor", "raise_to", "if exponent.denominator != 1 and any((a.signs != POSITIVE for a, _ in mono.factors)):", "if False:"),
        ("x^y is exp(y log x) for every x", "raise_to_symbol", "if signs == POSITIVE:", "if True:"),
        ("x^y stays closed", "raise_to_symbol", "if signs == POSITIVE:", "if False:"),
        ("(−1)^k is 1", "raise_to_symbol", "coefficient.numerator % 2", "False"),
        ("a power of a negative number is not negative", "_opaque_power", "own = ANY_SIGN if -1 in signs and is_whole(exponent) else NOT_NEGATIVE", "own = NOT_NEGATIVE"),
        ("|x| is x", "absolute", "if signs <= NOT_NEGATIVE:", "if True:"),
        ("|x| is −x where x is not known to be positive", "absolute", "if 1 not in signs:", "if True:"),
        ("absolute values stay closed", "absolute", "if signs <= NOT_NEGATIVE:", "if False:"),
        ("a division notes no condition", "raise_to", "require(base, '≠ 0')", "pass"),
        # logarithms and exponentials
        ("log x² is 2 log x", "_log_of_power", "ONE if exponent.numerator % 2 else Fraction(2)", "ONE"),
        ("the logarithm of a sum is that of its parts", "logarithm", "single = argument.single()", "single = next(iter(argument.terms.items()))"),
        ("a common factor of any sign leaves the logarithm", "logarithm", "if any((a.signs != POSITIVE for a, _ in common.factors)):", "if False:"),
        ("numbers stay in the logarithm", "_log_of_number", _BODY, "return of_atom(log_atom(number(value))) if value != 1 else ZERO_POLY"),
        ("a logarithm notes no condition", "logarithm", "require(argument, '> 0')", "pass"),
        ("exp log x stays closed", "exponential", "result = result * _unlog(mono.factors[0][0].parts[0], coefficient)", "rest[mono] = coefficient"),
        ("exp(c log x) is x", "exponential", ".parts[0], coefficient)", ".parts[0], ONE)"),
        ("every logarithm is positive", "log_atom", "signs = poly_signs(argument - ONE_POLY)", "signs = POSITIVE"),
        # fractions
        ("denominators are not multiplied out", "is_zero", "if not lowest:", "if True:"),
        ("common factors stay in denominators", "primitive", "content = _content(list(rest.terms.values()))", "content = ONE"),
        # deltas
        ("a delta collapses though the index may lie outside", "_collapse", "if not lies_in(at, first, last):", "if False:"),
        ("no delta collapses", "_collapse", "if other is None:", "if True:"),
        ("the term that is hit is counted twice", "_collapse", "- spared", ""),
        ("indices that coincide are forgotten", "_cases", "yield from _cases(left.xreplace({one: other}), right.xreplace({one: other}), same)", "pass"),
        ("indices that differ are forgotten", "_cases", "yield from _cases(left.xreplace({delta: S.Zero}), right.xreplace({delta: S.Zero}), apart)", "pass"),
        ("δ is 0 where it may be 1", "delta", "if 0 not in poly_signs(left - right):", "if True:"),
        ("δ of equal indices stays", "delta", "return ONE_POLY", "return of_atom(delta_atom(left, right))"),
        ("δ² is not δ", "make_mono", "collected[atom] = ONE", "pass"),
        # derivatives and limits
        ("∂z_i/∂z_j is 1", "differentiate", "return KroneckerDelta(expr.indices[0], variable.indices[0])", "return S.One"),
        ("the product rule forgets a factor", "differentiate", "if n == m else b", "if n == m else S.One"),
        ("the power rule keeps the exponent", "_of_power", "base ** (exponent - 1)", "base ** exponent"),
        ("the exponent's slope is forgotten", "_of_power", "if outer == 0 else", "if True else"),
        ("the slope of log x is x", "_outer", "log: 1 / x", "log: x"),
        ("the slope of cosh has the other sign", "_outer", "cosh: sinh(x)", "cosh: -sinh(x)"),
        ("the slope of tanh has the other sign", "_outer", "tanh: 1 - tanh(x) ** 2", "tanh: 1 + tanh(x) ** 2"),
        ("the chain rule is forgotten", "differentiate", "* differentiate(expr.args[0], variable)", ""),
        ("the slope of a product is the sum of its factors'", "_of_range", "return expr * Sum(", "return Sum("),
        ("a second derivative is the first", "_resolve", "for _ in range(int(times)):", "for _ in range(1):"),
        ("a letter under a derivative may be captured", "_open", "inner[variable] = fresh", "pass"),
        ("limits are values", "_Approach.ratio", _BODY, 'raise NoRule("off")'),
        ("a limit from one side stands for both", "limit_of", "for side in direction]", "for side in direction[:1]]"),
        ("below is above", "limit_of", "if side == '+' else point - u", "if True else point - u"),
        # signs
        ("the sign of a difference is that of its first term", "sign_sum", "{-1, 0, 1}", "{a}"),
        ("a product of signs is their sum", "sign_product", "a * b for", "max(a, b) for"),
        ("odd powers are not negative", "sign_power", "% 2 == 0", "% 2 >= 0"),
        ("squares may be negative", "sign_power", "frozenset((abs(s) for s in signs))", "signs"),
        ("0 is positive", "whole_signs", "POSITIVE if low > 0 else NOT_NEGATIVE", "POSITIVE"),
        ("signs of whole numbers are off", "whole_signs", _BODY, "return ANY_SIGN"),
        ("probabilities are not seen to be below 1", "_by_odds", _BODY, "return None"),
        ("an entry of a distribution is below 1", "_by_odds", "else NOT_NEGATIVE", "else POSITIVE"),
        ("numbers such as log 2 − 1 are not compared", "_numbers_gathered", "1 if value > 0 else -1))", "1))"),
        ("negative terms are taken for positive", "poly_signs", "own if side > 0 else frozenset((-s for s in own))", "own"),
        ("written signs of sums ignore empty ranges", "_of_range", "terms if nonempty else terms | ZERO", "terms"),
        ("a distribution's entry is less than 1", "_against_one", "return NOT_POSITIVE", "return frozenset({-1})"),
        ("a symbol has no sign", "written_signs", "return poly_signs(normal(expr))", "return ANY_SIGN"),
        ("every symbol is positive", "written_signs", "return poly_signs(normal(expr))", "return POSITIVE"),
        ("written signs are off", "written_signs", _BODY, "return ANY_SIGN"),
        # inequalities
        ("≤ proves <", "not_negative", "wanted = POSITIVE if strict else NOT_NEGATIVE", "wanted = NOT_NEGATIVE"),
        ("equality proves <", "not_negative", "(not strict and is_zero(poly))", "is_zero(poly)"),
        ("≥ is ≤", "_prove_case", "left, relation, right = (right, ", "left, relation, right = (left, "),
        ("= is ≤", "_prove_case", "if relation == '=':", "if False:"),
        ("tangents are taken for factors of any sign", "_tangents", "if not mono_signs(cofactor) <= NOT_NEGATIVE:", "if False:"),
        ("the tangent of log lies below", "_tangents", "ONE_POLY - inverse", "inverse - ONE_POLY"),
        ("the tangent of exp is twice as steep", "_tangents", "ONE_POLY + mono.expo)", "ONE_POLY + mono.expo + mono.expo)"),
        ("the tangent of −exp is taken", "_tangents", "and coefficient > 0 and", "and"),
        ("tangents are off", "_tangents", _BODY, "return []"),
        ("sums are dropped whatever their terms", "_under_sums", "if reason is not None:", "if True:"),
        ("nothing is done under sums", "_under_sums", _BODY, "return []"),
        ("any family is a weight", "_Gathered.weights", " and a.parts[1] == 'simplex'", ""),
        ("a weight may belong to another range", "_Gathered.weights", " if a.parts[2] == at and low == ONE_POLY and (high.key == a.parts[3])", ""),
        ("one term of a sum of any sign", "_without_own_terms", "or not term_signs <= NOT_NEGATIVE", ""),
        ("one term of a sum that may not have it", "_without_own_terms", "if not all((lies_in(of_atom(i), low, high) for i in indices)):", "if False:"),
        ("the other terms are there for certain", "_without_own_terms", "and at_least(high - low, len(indices))", ""),
        ("one term of a sum is off", "_without_own_terms", _BODY, "return []"),
        ("any denominator is multiplied out", "_cleared", "if exponent < 0 and atom.signs == POSITIVE:", "if exponent < 0:"),
        ("denominators are not multiplied out of inequalities", "_cleared", _BODY, "return []"),
        ("the logarithm is taken of what may be negative", "_in_order", "signs == (POSITIVE, POSITIVE)", "True"),
        ("the logarithm is never taken", "_in_order", "if reason is None and signs == (POSITIVE, POSITIVE):", "if False:"),
        ("0 on the left is any number", "_in_order", "if low == 0 and", "if"),
        # factorials and binomials
        ("n! counts from 2", "Normalizer._factorial", "loose_atom(None, ONE_POLY, n)", "loose_atom(None, ONE_POLY + ONE_POLY, n + ONE_POLY)"),
        ("C(n, k) outside of its row stays", "binomial", "if lies_outside(k, ZERO_POLY, n):", "if False:"),
        ("C(n, k) is not symmetric", "binomial_atom", "min(k, n - k, key=lambda p: p.key)", "k"),
        ("Pascal's rule is off", "binomial", "if 0 < beyond <= _MOST_ROWS", "if False"),
        ("C(n, k) is positive", "binomial_atom", "POSITIVE if lies_in(k, ZERO_POLY, n) else NOT_NEGATIVE", "POSITIVE"),
        ("C(n, 2) lacks its factorial", "_falling", "Fraction(1, factorial(k))", "Fraction(1)"),
        # tolerances and numbers
        ("numbers lose their last digits", "exact", "return Fraction(int(value.p), int(value.q))", "return Fraction(int(value.p), int(value.q)).limit_denominator(10**12)"),
        ("π is any constant", "Normalizer._rules", "symbol_atom(str(e), 'constant', POSITIVE, e)", "symbol_atom('number', 'constant', POSITIVE, e)"),
    )
)  # fmt: skip
