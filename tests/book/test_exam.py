"""Chapter 11: its cards, its points, its programs, its wrong lines; and the fifteen results of the cheat sheet."""

import math
import random
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from sympy import Add, Derivative
from torch.nn import functional as F

from grader.algebra import relate
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import symbols_of
from grader.algebra.ledger import Chapter as Recorded
from grader.algebra.ledger import entries
from tests.algebra.plain import point, value
from tests.book.executed import Chapter

REPRINT = re.compile(r"^ *```\{reprint\} (\S+)$", re.M)
SCHEME_POINT = re.compile(r"^\| ([0-9]+) \|", re.M)


@pytest.fixture(scope="module")
def exam(chapters: dict[str, Chapter]) -> Chapter:
    return chapters["11_exam"]


def parts(text: str, heading: str) -> list[tuple[str, str]]:
    """Return the parts under headings of that kind: what `heading` matched, and the text up to the next one."""
    found = re.split(rf"^### ({heading}.*)$", text, flags=re.M)[1:]
    return [
        (head, re.split(r"^##+ ", body, flags=re.M)[0])
        for head, body in zip(found[::2], found[1::2], strict=True)
    ]


# --- the cards


def test_there_are_sixteen_cards_and_the_text_says_so(exam: Chapter) -> None:
    cards = re.findall(
        r"^```\{dropdown\} ([^\n]+\?)\n:class-container: nugget\n\n(.+?)\n```$", exam.text, re.M | re.S
    )
    assert len(cards) == exam.text.count("class-container: nugget\n") == 16
    assert "## Sixteen sentences" in exam.text
    for question, answer in cards:
        assert answer.startswith("**"), question
        assert re.search(r"\{eq\}`|\{ref\}`", answer), f"{question} leads nowhere"


@pytest.mark.parametrize(
    "sentence",
    [
        "Product → sum → mean → exp.",
        "CE = NLL when labels are one-hot.",
        "Max log-likelihood ⇒ min KL ⇒ data-like sentences.",
    ],
)
def test_the_three_sentences_that_everybody_asks_for_are_there(exam: Chapter, sentence: str) -> None:
    assert f"**{sentence}**" in exam.text


# --- the six questions


def test_the_six_questions_have_their_points_and_each_point_has_its_line(exam: Chapter) -> None:
    questions = parts(exam.text, r"Question \d: ")
    stated = [int(re.search(r"\((\d) points\)$", head)[1]) for head, _ in questions]  # type: ignore[index]
    assert stated == [2, 2, 2, 2, 3, 3]
    for (head, body), points in zip(questions, stated, strict=True):
        assert [int(point) for point in SCHEME_POINT.findall(body)] == [1] * points, head
        assert body.count("{dropdown} Answer and marking scheme") == 1, head
        for row in re.findall(r"^\| 1 \| .+ \| (.+) \|$", body, re.M):
            assert re.search(r": [01]\b", row), f"{head}: what do half-right answers earn?"
        assert REPRINT.search(body) or "{eq}`" in body, head
    assert re.search(rf"^{sum(stated)} points\. A point is", exam.text, re.M)


# --- the ten programs


def test_the_ten_cases_have_three_points_each_and_all_their_parts(exam: Chapter) -> None:
    cases = parts(exam.text, r"Case \d+: ")
    assert [re.match(r"Case (\d+)", head)[1] for head, _ in cases] == [str(n) for n in range(1, 11)]  # type: ignore[index]
    for head, body in cases:
        assert head.endswith("(3 points)")
        assert re.findall(r"^- \*\*(\w+) \((\d)\)\.\*\*", body, re.M) == [
            ("Cause", "1"),
            ("Evidence", "1"),
            ("Repair", "1"),
        ], head
        assert "*Half-right.*" in body, head
        assert body.lstrip().startswith('*"'), f"{head}: a case begins with what somebody reports"
    assert re.search(rf"^{3 * len(cases)} points, 3 for each program", exam.text, re.M)


def test_each_case_runs_its_wrong_program_openly_and_its_repair_behind_a_button(root: Path) -> None:
    source = (root / "book" / "11_exam.md").read_text(encoding="utf-8")
    for head, body in parts(source, r"Case \d+: "):
        before, behind = body.split("::::{dropdown}")
        assert re.search(r"^```\{code-cell\} python3\n(?!:tags|---)", before, re.M), head
        assert "print(" in before, head
        assert re.search(r"code_prompt_show: \"Show the repair", behind), head
        assert "hide-cell, exam-answer" in behind, head


def test_no_case_repeats_an_incident_of_chapter_9(chapters: dict[str, Chapter], exam: Chapter) -> None:
    incidents = re.findall(r"^\(incident-[^)]+\)=\n### (.+)$", chapters["09_decoding"].text, re.M)
    titles = {re.sub(r"^Case \d+: | \(.*", "", head) for head, _ in parts(exam.text, r"Case \d+: ")}
    assert len(incidents) == 9 and len(titles) == 10
    assert not titles & {incident.lower() for incident in incidents}


def test_the_wrong_programs_are_wrong_in_the_way_that_the_answers_say(exam: Chapter) -> None:
    names, printed = exam.namespace, exam.printed
    rate, flat = exam.glued["source-rate"], exam.glued["source-flat"]
    assert "loss 0.000001, perplexity 1.00" in printed  # case 1, far below the entropy rate
    assert exam.glued["case-1-right"] == pytest.approx(rate, abs=0.02)
    assert names["unmasked"][-1] < math.log(8) / 8 < math.log(8) - 0.02 < exam.glued["dice-masked"]
    wrong = names["fitted"](names["inputs"], names["chunks"][:, 1:].T.reshape(-1))
    assert names["mean_nll"](wrong, names["inputs"], names["chunks"][:, 1:].T.reshape(-1)) == pytest.approx(
        flat, abs=0.002
    )
    assert exam.glued["case-3-right"] == pytest.approx(rate, abs=0.02)
    assert abs(wrong - wrong.mean(axis=0)).max() < 0.05 < abs(names["rows"] - flat).max()
    assert float(names["wrong"]) < 0 < exam.glued["case-5-right"]  # case 5


def test_no_repaired_loss_contradicts_what_is_called_impossible(exam: Chapter) -> None:
    """On one text a loss strays from the entropy rate by chance, and the page says by how much."""
    own, rate = exam.glued["source-own"], exam.glued["source-rate"]
    rows, text = exam.namespace["rows"], exam.namespace["text"]
    by_hand = -sum(math.log(rows[a][b]) for a, b in zip(text, text[1:], strict=False)) / (len(text) - 1)
    assert own == pytest.approx(by_hand, abs=1e-9)
    assert exam.glued["case-4-right"] == pytest.approx(own, abs=1e-9)
    assert own - 0.001 < exam.glued["case-1-right"] < own  # fitted to this text: a hair below
    assert own < rate  # so "no loss is below the entropy rate" would be false on this page
    assert not re.search(r"below the entropy rate[^.]*impossible", exam.text)


def test_the_hint_of_a_causal_mask_is_a_repair_only_where_the_answer_says(exam: Chapter) -> None:
    x = torch.randn(1, 4, 8)
    with pytest.raises(RuntimeError, match="attn_mask"):
        torch.nn.MultiheadAttention(8, 2, batch_first=True)(x, x, x, is_causal=True)
    moved = x.clone()
    moved[:, -1] += 1
    before, after = (F.scaled_dot_product_attention(y, y, y, is_causal=True) for y in (x, moved))
    assert torch.equal(before[:, :-1], after[:, :-1]) and not torch.equal(before, after)
    assert "raises an error without `attn_mask`" in exam.text


@pytest.mark.parametrize(
    ("points", "time"), [(14, "one hour"), (30, "two hours and a quarter"), (12, "54 minutes")]
)
def test_each_part_states_a_time_at_the_exams_pace(exam: Chapter, points: int, time: str) -> None:
    minutes = {"one hour": 60, "two hours and a quarter": 135, "54 minutes": 54}[time]
    assert abs(minutes - points * 90 / 20) <= 3
    assert re.search(rf"^{points} points\b[^\n]*(?:\n[^\n]+)*[Tt]ime: {time}", exam.text, re.M)


def test_dropout_changes_every_evaluation_until_it_is_switched_off(exam: Chapter) -> None:
    evaluated, model = exam.namespace["evaluated"], exam.namespace["model"]
    model.train()
    assert len({evaluated() for _ in range(3)}) == 3
    assert min(evaluated() for _ in range(3)) > exam.glued["case-4-right"] + 0.1
    model.eval()
    assert {evaluated() for _ in range(3)} == {exam.glued["case-4-right"]}


def test_a_uniform_model_of_bytes_costs_eight_bits_in_the_repaired_program_only(exam: Chapter) -> None:
    told = re.findall(r"^(English|Greek) +(\d+\.\d\d) bits per byte$", exam.printed, re.M)
    assert told[0] == ("English", "8.00") and float(told[1][1]) > 12
    assert told[2:] == [("English", "8.00"), ("Greek", "8.00")]


# --- the six wrong lines


def test_there_are_six_and_the_points_add_up(exam: Chapter) -> None:
    assert len(exam.flawed) == 6
    assert re.search(r"^12 points, 2 for each derivation", exam.text, re.M)
    assert len({derivation.flawed.number for derivation in exam.flawed}) >= 4, (
        "a reader would learn the number"
    )


def test_each_wrong_line_is_refuted_and_only_it(exam: Chapter) -> None:
    for derivation in exam.flawed:
        for number, (before, line) in enumerate(zip(derivation.lines, derivation.lines[1:], strict=False), 1):
            verdict = relate(before.expr, line.relation, line.expr, seed=7)
            expected = "refuted" if number == derivation.flawed.number else "proved"
            assert verdict.status == expected, (derivation.label, number, verdict)
        before, right = derivation.lines[derivation.flawed.number - 1], derivation.flawed.instead
        assert relate(before.expr, right.relation, right.expr, seed=7).status == "proved"


def plain_value(expr: Any, env: dict[Any, Any]) -> Any:
    """Return the value by plain Python; a derivative is a central difference."""
    if isinstance(expr, Derivative):
        family, place = expr.variables[0].base.label, int(env[expr.variables[0].indices[0]]) - 1
        moved = []
        for step in (1e-4, -1e-4):
            entries = [float(entry) for entry in env[family]]
            entries[place] += step
            moved.append(value(expr.expr, {**env, family: entries}))
        return (moved[0] - moved[1]) / 2e-4
    if isinstance(expr, Add):
        return sum(plain_value(term, env) for term in expr.args)
    return value(expr, env)


def breaks(left: Any, relation: str, right: Any) -> bool:
    """Whether the values break the relation by more than a central difference is off."""
    apart = float(left) - float(right)
    near = 1e-6 * max(1.0, abs(float(left)))
    return {"=": abs(apart) > near, "≤": apart > near, "≥": -apart > near}[relation]


def test_plain_python_finds_the_same_line(exam: Chapter) -> None:
    for derivation in exam.flawed:
        flaw = derivation.flawed
        lines = [open_definitions(line.expr) for line in [*derivation.lines, flaw.instead]]
        symbols = symbols_of(*lines)
        broken: set[int] = set()
        for seed in range(30):
            env = point(symbols, random.Random(seed))
            *values, instead = [plain_value(line, env) for line in lines]
            for number, line in enumerate(derivation.lines[1:], 1):
                if breaks(values[number - 1], str(line.relation), values[number]):
                    broken.add(number)
            assert not breaks(values[flaw.number - 1], str(flaw.instead.relation), instead), derivation.label
        assert broken == {flaw.number}, derivation.label


def test_the_verdict_is_behind_a_button(exam: Chapter) -> None:
    for derivation in exam.flawed:
        before, behind = derivation.markdown().split("{dropdown} Which line is wrong?")
        assert "refuted" not in before and derivation.flawed.why not in before
        assert f"**Line ({derivation.flawed.number}).**" in behind and derivation.flawed.why in behind


def test_the_ledger_says_which_chains_are_shown_with_a_wrong_line(chapters: dict[str, Chapter]) -> None:
    flawed, statuses = set(), set()
    for chapter in chapters.values():
        recorded = Recorded(chapter.name, (*chapter.derivations, *chapter.flawed))
        flawed |= {(step["chapter"], step["label"]) for step in entries(recorded) if step["flawed"]}
        statuses |= {step["status"] for step in entries(recorded)}
    assert len(flawed) == 6 and {chapter for chapter, _ in flawed} == {"11_exam"}
    assert statuses <= {"proved", "tested", "argued"}


# --- what is printed once more


def test_what_is_printed_once_more_exists(chapters: dict[str, Chapter], root: Path) -> None:
    known = {derivation.label for chapter in chapters.values() for derivation in chapter.derivations}
    pages = sorted((root / "book").glob("*.md"))
    named = {label for page in pages for label in REPRINT.findall(page.read_text(encoding="utf-8"))}
    assert len(named) >= 15
    assert named <= known


def test_the_cheat_sheet_has_fifteen_results_from_seven_chapters(
    chapters: dict[str, Chapter], root: Path
) -> None:
    sheet = (root / "book" / "cheat_sheet.md").read_text(encoding="utf-8")
    labels = REPRINT.findall(sheet)
    assert len(labels) == len(set(labels)) == 15
    assert re.findall(r"^(\d+)\. \*\*", sheet, re.M) == [str(n) for n in range(1, 16)]
    assert "Fifteen results" in sheet and "$$" not in sheet
    home = {d.label: name for name, chapter in chapters.items() for d in chapter.derivations}
    assert len({home[label] for label in labels}) == 7
    for chapter in chapters.values():
        for derivation in chapter.derivations:
            if derivation.label in labels:
                assert {line.status for line in derivation.lines[1:]} == {"proved"}, derivation.label
