"""Is a score a plain number to a machine, and feedback to a reader?"""

import copy
import json
import pickle
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cases import CaseError, Finding, Score

FINDINGS = [
    Finding("small logits", True, None, ""),
    Finding("large logits", False, "no-shift", "exp(800) is inf <in float64>."),
    Finding("a batch", False, None, "Its shape is (3,)."),
    Finding("masked", False, "no-shift", "exp(800) is inf <in float64>."),
]


def test_a_score_is_a_float_whose_text_is_the_number():
    score = Score(2 / 3, 2)
    assert isinstance(score, float)
    assert float(repr(score)) == score == 2 / 3
    assert score._repr_mimebundle_()["text/plain"] == repr(2 / 3)


def test_a_score_stays_within_its_points():
    assert Score(3.0000001, 3) == 3.0
    assert Score(-1e-17, 3) == 0.0


@given(
    st.floats(0, 10),
    st.lists(st.builds(Finding, st.text(), st.booleans(), st.none() | st.text(), st.text()), max_size=4),
    st.text(),
)
def test_a_score_survives_json_pickle_and_copy(points, findings, note):
    score = Score(points, 10, findings, needs_review=True, provisional=True, task="nll", note=note)
    back = Score.from_json(json.loads(json.dumps(score.to_json())))
    for other in (back, pickle.loads(pickle.dumps(score)), copy.deepcopy(score)):
        assert type(other) is Score
        assert other.to_json() == score.to_json()


@pytest.mark.parametrize("data", [{}, {"points": 1}, [], {"points": "x"}, {"findings": [{}]}])
def test_what_is_no_score_is_refused(data):
    with pytest.raises(CaseError, match="no score"):
        Score.from_json(data)


class Reader(HTMLParser):
    """Collects the text and checks that elements are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return "".join(reader.text)


def test_the_feedback_says_the_verdict_in_words_and_the_mistake_once():
    for text in (read(Score(1, 4, FINDINGS, task="lse").html()), Score(1, 4, FINDINGS, task="lse").text()):
        assert "Partly right" in text
        assert "1 of 4 points" in text
        assert text.count("exp(800) is inf <in float64>.") == 1
        assert "It looks like this" in text
        assert "large logits, masked" in text
        assert "Its shape is (3,)." in text


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (Score(2, 2), "Right"),
        (Score(1, 2), "Partly right"),
        (Score(0, 2), "Not yet"),
        (Score(0, 0, note="cases.json is not in /"), "Not checked"),
        (Score(2, 2, provisional=True), "Noted"),
        (Score(0, 2, needs_review=True), "A person will look at this"),
    ],
)
def test_each_verdict_has_its_words(score, words):
    assert read(score.html()).startswith(words)


@given(st.text(), st.text(), st.text())
def test_no_text_can_open_an_element(label, sentence, note):
    score = Score(
        0, 1, [Finding(label, False, "code", sentence), Finding(label, False, None, sentence)], note=note
    )
    assert "script" not in score.html() or "script" in label + sentence + note
    read(score.html())


def test_markup_in_a_text_is_shown_and_not_run():
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    html = Score(
        0, 1, [Finding(evil, False, "m", evil), Finding(evil, False, None, evil)], task=evil, note=evil
    ).html()
    assert "<script" not in html
    assert "<img" not in html
