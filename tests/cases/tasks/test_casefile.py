"""Are a set's cases the same for the same seed, and refused when they are not cases?"""

import json

import pytest

from grader.cases import CaseError, CaseFile, rng_for
from tests.cases.sample_tasks import TASKS


def test_the_same_seed_gives_the_same_file_byte_for_byte(tmp_path):
    for name in ("one.json", "two.json"):
        CaseFile.of("99_test", TASKS, 7, public=False).save(tmp_path / name)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_another_seed_and_the_public_draw_give_other_inputs_under_the_same_labels(public, hidden):
    other = CaseFile.of("99_test", TASKS, 8, public=False)
    cases = [file.tasks["mean-nll"]["cases"] for file in (public, hidden, other)]
    assert len({json.dumps(c) for c in cases}) == 3
    assert len({tuple(case["label"] for case in c) for c in cases}) == 1


def test_the_draw_is_the_same_on_every_machine():
    # Written down once: it changes when the seeding or NumPy's generator does, and with it every hidden case.
    assert rng_for(1, "nll", True).integers(0, 10**6, 3).tolist() == [561127, 390706, 202195]


def test_a_file_comes_back_as_it_was_saved(tmp_path, hidden):
    hidden.save(tmp_path / "cases.json")
    assert CaseFile.load(tmp_path / "cases.json") == hidden


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "can't be read"),
        ("{", "can't be read"),
        ("[" * 10**5, "can't be read"),
        ("[1]", "these are no cases"),
        ('{"schema": 2, "set": 3, "tasks": {}}', "these are no cases"),
        ('{"schema": 1, "set": "a", "tasks": {}}', "schema 1, this version reads 2"),
        ('{"schema": 2, "set": "a", "tasks": {"t": {"kind": "riddle"}}}', "no known kind"),
        (
            '{"schema": 2, "set": "a", "tasks": {"t": {"kind": "choice", "id": "t"}}}',
            "lack points, public, options",
        ),
        (
            '{"schema": 2, "set": "a", "tasks": {"t": {"kind": "value", "points": NaN}}}',
            "NaN is no JSON number",
        ),
        (
            '{"schema": 2, "set": "a", "tasks": {"t": {"kind": "free-text", "id": "u", "points": 1, "public": true}}}',
            "belong to u",
        ),
    ],
)
def test_a_malformed_file_is_refused_by_name(tmp_path, text, told):
    (tmp_path / "cases.json").write_text(text)
    with pytest.raises(CaseError, match=r"cases\.json.*" + told):
        CaseFile.load(tmp_path / "cases.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CaseError, match="is not there"):
        CaseFile.load(tmp_path / "cases.json")
