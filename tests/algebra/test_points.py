"""The points at which relations are tried."""

import json

from grader.algebra import index, size
from grader.algebra.domains import symbols_of
from grader.algebra.points import far, generic, near, readable
from tests.algebra.vocabulary import T, V, i, j, p, r, rho, x, z

SYMBOLS = symbols_of(z[j] * p[i] * r[1] * T * rho * x)
FIXED = 12


def test_the_first_points_are_the_same_for_every_seed() -> None:
    one, other = (list(readable(SYMBOLS, 24, seed)) for seed in (0, 1))
    assert len(one) == len(other) == 24
    assert one[:FIXED] == other[:FIXED]
    assert all(a != b for a, b in zip(one[FIXED:], other[FIXED:], strict=True))


def test_random_points_hit_no_special_value() -> None:
    for seed in range(60):
        for point in list(readable(SYMBOLS, 24, seed))[FIXED:]:
            for name in ("x", "T", "rho"):
                assert (100 * point[name]) % 1 != 0


def test_points_lie_in_their_domains_and_are_plain() -> None:
    for point in [*readable(SYMBOLS, 40, 3), *far(SYMBOLS)]:
        assert json.loads(json.dumps(point)) == point
        assert 1 <= point["j"] <= point["V"] == len(point["z"])
        assert point["T"] > 0 < min(point["p"])
        assert 0 < point["rho"] < 1
        assert abs(sum(point["p"]) - 1) < 1e-12


def test_small_points_hold_what_is_exceptional() -> None:
    points = list(readable(SYMBOLS, FIXED, 0))
    assert {0, 1, -1} <= {point["x"] for point in points}
    assert 1 in {point["T"] for point in points}
    assert any(point["i"] == point["j"] for point in points)
    assert any(len(set(point["z"])) == 1 < point["V"] for point in points)
    assert any(point["V"] == 1 for point in points)
    assert any(point["j"] == point["V"] > 1 for point in points)


def test_sizes_are_the_largest_by_turns() -> None:
    pair = symbols_of(size("m") * size("n", at_least=4))
    points = list(readable(pair, 24, 0))
    assert any(point["m"] > point["n"] + 2 for point in points)
    assert any(point["n"] > point["m"] + 5 for point in points)


def test_far_points_reach_the_ends_of_the_domains() -> None:
    points = list(far(SYMBOLS))
    assert max(point["V"] for point in points) >= 60
    assert min(point["rho"] for point in points) <= 1e-12
    assert max(point["rho"] for point in points) >= 1 - 1e-12
    assert max(point["x"] for point in points) >= 1e4
    assert min(point["x"] for point in points) <= -1e4
    assert max(point["T"] for point in points) >= 1e6
    assert min(point["T"] for point in points) <= 1e-6
    assert max(max(point["z"]) for point in points) >= 1000
    sizes = symbols_of(size("m") + index("k", size("m")))
    assert max(point["m"] for point in far(sizes)) >= 10**12


def test_a_point_beside_another_keeps_sizes_and_moves_the_rest() -> None:
    point = next(readable(SYMBOLS, 1, 0))
    moved = near(point, SYMBOLS, 0)
    assert (moved["V"], moved["j"], moved["i"]) == (point["V"], point["j"], point["i"])
    assert 0 < abs(moved["x"] - point["x"]) < 0.01
    assert moved["z"] != point["z"]


def test_a_generic_point_has_indices_apart_and_inside() -> None:
    point = next(readable(SYMBOLS, 1, 0))
    other = generic(point, SYMBOLS, 0)
    assert other is not None
    assert 1 < other["i"] != other["j"] > 1
    assert max(other["i"], other["j"]) < other["V"]
    assert abs(other["x"] - point["x"]) < 0.01
    assert V.name in other
