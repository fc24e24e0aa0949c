"""Does the codec let values through unchanged, and nothing else?"""

import enum
import json
import math
from collections import Counter, deque, namedtuple
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.cases.ask.encoding import encode_value
from grader.cases.decoding import decode_value
from grader.cases.mark.kinds import evaluated
from grader.cases.values import MAX_DEPTH, MAX_DIGITS, MAX_ITEMS, MAX_STRING, Foreign, Member, Tree, is_value

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**290), 10**290)
    | st.floats()
    | st.text(max_size=50)
    | st.complex_numbers().filter(lambda z: z.imag != 0)  # on the real axis it is a float
)
arrays = npst.arrays(
    st.sampled_from(["bool", "int8", "uint64", "int64", "float16", "float32", "float64"]),
    npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(-9, 9), inner, max_size=3)
    ),
    max_leaves=12,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "array",
                    "shape",
                    "dtype",
                    "tuple",
                    "dict",
                    "float",
                    "int",
                    "complex",
                    "expr",
                    "object",
                    "torch",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


def alike(a, b):
    """Equality of type and of value, NaN equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return (
            a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        )
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(alike(a[k], b[k]) for k in a)
    if isinstance(a, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, complex):
        return alike(a.real, b.real) and alike(a.imag, b.imag)
    return a == b


@given(values)
@settings(deadline=None)
def test_a_value_comes_back_unchanged_through_strict_json(value):
    text = json.dumps(encode_value(value), allow_nan=False)
    assert alike(decode_value(json.loads(text)), value)


@given(json_values)
@settings(deadline=None)
def test_any_json_can_be_decoded(data):
    decode_value(data)


@given(json_values)
@settings(deadline=None)
def test_what_is_decoded_holds_only_plain_values(data):
    def plain(value):
        if isinstance(value, list | tuple):
            return all(map(plain, value))
        if isinstance(value, dict):
            return all(map(plain, value.values()))
        if isinstance(value, np.ndarray):
            return value.dtype.kind in "biufc"
        return (
            value is None
            or type(value) in (bool, int, float, complex, str)
            or "grader" in type(value).__module__
        )

    assert plain(decode_value(data))


def test_a_numpy_scalar_is_an_array_without_axes():
    assert encode_value(np.float32(0.5)) == {"array": [0.5], "shape": [], "dtype": "float32"}


def test_a_numpy_text_is_a_text():
    assert encode_value(np.array(["b"])[0]) == "b"


def test_a_torch_tensor_comes_back_as_one_where_it_is_asked_for():
    torch = pytest.importorskip("torch")
    for dtype in (torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.bool):
        data = encode_value(torch.ones(2, 3, dtype=dtype))
        assert isinstance(decode_value(data), np.ndarray)
        assert torch.equal(decode_value(data, torch=True), torch.ones(2, 3, dtype=dtype))
    assert encode_value(torch.ones(2, device="meta")) == {"object": "tensor of torch.float32, torch.strided"}
    assert encode_value(torch.ones(2).to_sparse())["array"] == [1.0, 1.0]
    wanting = torch.nn.Parameter(torch.zeros(2))
    assert encode_value(wanting)["array"] == [0.0, 0.0]


def bomb(*_):
    raise AssertionError("the object was asked")


class Meta(type):
    __name__ = property(bomb)
    __eq__ = bomb
    __hash__ = bomb
    __instancecheck__ = bomb
    __subclasscheck__ = bomb


names = "eq ne len iter getitem contains float int index complex bool str repr hash array array_interface call lt gt"
dunders = {f"__{name}__": bomb for name in names.split()} | {"__class__": property(bomb), "__getattr__": bomb}
Hostile = Meta("Hostile", (), dunders)


def test_an_unknown_object_is_asked_nothing():
    assert encode_value(Hostile()) == {"object": "Hostile"}
    assert sympy  # With SymPy loaded, it is asked whether the object is one of its expressions.
    assert encode_value([1, Hostile()]) == [1, {"object": "Hostile"}]


Liar = {f"__{name}__": bomb for name in names.split() if name not in ("bool", "hash")}
BASES = {int: 0, float: 0.0, str: "", list: [], tuple: (), dict: {}, complex: 0j, np.float64: 0.0}


@pytest.mark.parametrize("base", BASES)
def test_a_subclass_is_read_by_the_methods_of_its_base(base):
    kind = type("Mine", (base,), Liar | {"items": bomb, "copy": bomb, "tolist": bomb, "__float__": bomb})
    assert encode_value(kind()) == encode_value(BASES[base])


def test_a_subclass_of_an_array_is_read_by_the_methods_of_its_base():
    kind = type(
        "Mine", (np.ndarray,), Liar | {"tolist": bomb, "ravel": bomb, "astype": bomb, "shape": property(bomb)}
    )
    assert encode_value(np.zeros(2).view(kind)) == encode_value(np.zeros(2))


def test_an_array_of_objects_is_read_item_by_item_and_its_items_are_not_asked():
    array = np.empty(2, dtype=object)
    array[0], array[1] = Hostile(), Fraction(1, 2)
    assert encode_value(array) == [{"object": "Hostile"}, 0.5]


Pair = namedtuple("Pair", "x y")
Letter = enum.Enum("Letter", {"a": 1, "b": 2})
Share = enum.Enum("Share", {"half": 0.5, "third": Fraction(1, 3), "pair": (1, 2)})
Text = enum.StrEnum("Text", {"first": "b"})
CARRIED = {
    "mpf": (mpmath.mpf("2.5"), 2.5),
    "mpf beyond float": (mpmath.mpf("1e999"), math.inf),
    "fraction": (Fraction(5, 2), 2.5),
    "decimal": (Decimal("2.5"), 2.5),
    "namedtuple": (Pair(1, mpmath.mpf(2)), (1, 2.0)),
    "member of numbers": (Letter.b, Member("b", 2)),
    "member with a fraction": (Share.third, Member("third", 1 / 3)),
    "member by its name": (Share.pair, "pair"),
    "member that is a float": (enum.Enum("Loss", {"low": 1.5}, type=float).low, Member("low", 1.5)),
    "complex on the real axis": (complex(2.5, 0), 2.5),
    "complex with a signed zero": (complex(2.5, -0.0), 2.5),
    "complex of mpmath": (mpmath.mpc(2.5, 0), 2.5),
    "complex of NumPy": (np.complex64(2.5), np.array(2.5, np.float32)),
    "complex in an array": (np.array([1.5 + 0j, np.inf]), np.array([1.5, np.inf])),
    "member by its text": (Text.first, "b"),
    "text without axes": (np.array("b"), "b"),
    "texts": (np.array(["b", "c"]), ["b", "c"]),
    "range": (range(3), [0, 1, 2]),
    "values of a dictionary": ({1: 2.5}.values(), [2.5]),
    "keys from NumPy": ({np.int64(3): 1, np.str_("a"): 2}, {3: 1, "a": 2}),
    "counter": (Counter("aab"), {"a": 2, "b": 1}),
    "deque": (deque([1, 2]), [1, 2]),
    "true of SymPy": (sympy.true, True),
    "matrix of mpmath": (mpmath.matrix([1, 2]), [[1.0], [2.0]]),
    "tuple of SymPy": (sympy.Tuple(1, 2), (Tree(1), Tree(2))),
}


@pytest.mark.parametrize("name", CARRIED)
def test_what_carries_a_value_is_sent_as_what_it_carries(name):
    value, plain = CARRIED[name]
    text = json.dumps(encode_value(value), allow_nan=False)
    assert alike(decode_value(json.loads(text)), plain)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_matrices_and_sparse_ones_are_sent_as_arrays():
    sparse = pytest.importorskip("scipy.sparse")
    expected = encode_value(np.eye(2))
    for value in (np.matrix(np.eye(2)), sparse.csr_matrix(np.eye(2)), sparse.coo_array(np.eye(2)).todense()):
        assert encode_value(value) == expected
    assert encode_value(sparse.csr_array((10**6, 10**6))) == {"problem": "more than 200,000 numbers"}


def test_masked_entries_are_no_numbers_and_are_told():
    assert encode_value(np.ma.array([1.0, 2.0])) == encode_value(np.array([1.0, 2.0]))
    for masked in (np.ma.array([1.0, 2.0], mask=[True, False]), np.ma.masked):
        assert encode_value(masked) == {"problem": "a masked array with masked entries, which are no numbers"}


def test_what_a_constant_of_mpmath_would_compute_is_not_asked():
    assert encode_value(mpmath.mp.e) == {"object": "constant"}


def test_nan_and_infinities_of_sympy_are_told_apart():
    assert encode_value(sympy.nan) == {"float": "nan"}
    assert encode_value(sympy.log(0))["problem"].startswith("zoo, SymPy's infinity without a sign")
    assert evaluated(decode_value(encode_value([sympy.oo, -sympy.oo]))) == [math.inf, -math.inf]


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def cyclic():
    value = []
    value.append(value)
    return value


TOO_MUCH = {
    "long text": ("x" * (MAX_STRING + 1), "a text of more than 10,000 characters"),
    "large integer": (10**400, "an integer of more than 300 digits"),
    "tower": (10 ** (10**6), "an integer of more than 300 digits"),
    "long list": ([0] * (MAX_ITEMS + 1), "more than 200,000 numbers"),
    "endless range": (range(10**15), "more than 200,000 numbers"),
    "large array": (np.zeros(MAX_ITEMS + 1), "more than 200,000 numbers"),
    "several arrays": ([np.zeros(MAX_ITEMS // 2)] * 3, "more than 200,000 numbers"),
    "deep list": (nested(MAX_DEPTH + 1), "lists nested more than 20 deep"),
    "list in itself": (cyclic(), "lists nested more than 20 deep"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_beyond_a_limit_the_data_says_so_in_words(name):
    value, told = TOO_MUCH[name]
    assert encode_value(value) == {"problem": told}
    assert decode_value({"problem": told}) == Foreign(told)


def test_within_the_limits_a_value_passes():
    for value in ("x" * MAX_STRING, 10 ** (MAX_DIGITS - 2), nested(MAX_DEPTH), [0] * (MAX_ITEMS - 1)):
        assert decode_value(encode_value(value)) == value


def test_an_array_whose_shape_lies_is_foreign():
    for shape in ([3], [2, 2], [-1], [10**9, 10**9], [True, 2]):
        assert isinstance(decode_value({"array": [1.0, 2.0], "shape": shape, "dtype": "float64"}), Foreign)
    huge = {"array": [], "shape": [10**5, 10**5], "dtype": "complex128"}
    assert isinstance(decode_value(huge), Foreign)
    for numbers, dtype in (
        ([1.0, 2.0], "object"),
        (["1", "2"], "float64"),
        ([300, 1], "uint8"),
        ([True, 1], "bool"),
    ):
        assert isinstance(decode_value({"array": numbers, "shape": [2], "dtype": dtype}), Foreign)


def test_a_number_too_large_for_its_dtype_is_infinite_there():
    assert decode_value({"array": [1e300], "shape": [1], "dtype": "float32"}).tolist() == [math.inf]


def test_only_real_numbers_texts_and_lists_are_values():
    assert all(
        map(is_value, map(encode_value, [None, 1, 2.5, math.inf, 10**40, "a", (1, [2]), {"a": np.ones(2)}]))
    )
    assert not any(map(is_value, map(encode_value, [1j, object(), [object()], {"a": 1j}, np.ones(2) * 1j])))
