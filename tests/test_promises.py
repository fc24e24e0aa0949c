"""Has each promise of the grader's docstrings a test that says so, and is each test's promise still made?"""

import pytest

from tests.promises import BY_FIELDS, IN_WORDS, clauses, kept, promises

MODULES = (*IN_WORDS, *BY_FIELDS)


@pytest.mark.parametrize("module", MODULES)
def test_each_promise_has_a_test(module):
    words = [each.words for each in kept() if each.module == module]
    assert promises(module)
    assert [promise for promise in promises(module) if not any(w in promise for w in words)] == []


def test_no_test_holds_what_nobody_promises():
    for each in kept():
        assert each.module in MODULES, each
        exact = each.module in BY_FIELDS
        named = [p for p in promises(each.module) if (p == each.words if exact else each.words in p)]
        assert len(named) == 1, (each, named)


def test_a_clause_without_a_test_is_found():
    said = (
        "A room.\n\nPromised:\n\n- no network: none\n  at all; no way\n  back.\n- an end.\n\nIt knows nobody."
    )
    assert clauses(said) == ["no network: none at all", "no way back", "an end"]
