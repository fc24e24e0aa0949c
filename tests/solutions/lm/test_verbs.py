"""Do score, search and audit print what the functions behind them find, and say plainly what they cannot do?"""

import json
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from solutions.lm.__main__ import main  # noqa: E402

TEXT = "the cat sat on the mat, and the dog did not.\n" * 30
SMALL = ["--device", "cpu", "--precision", "float32", "--steps", "4", "--batch", "4", "--context", "8",
         "--layers", "1", "--heads", "2", "--width", "16"]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cats")
    (folder / "cats.txt").write_text(TEXT)
    assert main(["train", *SMALL, "--text", str(folder / "cats.txt"), "--out", str(folder / "run")]) == 0
    return folder / "run"


@pytest.fixture(scope="module")
def bytes_run(run):
    text, out = run.parent / "cats.txt", run.parent / "bytes"
    assert main(["train", *SMALL, "--unit", "bytes", "--text", str(text), "--out", str(out)]) == 0
    return out


def said(capsys, *command):
    capsys.readouterr()
    assert main([*map(str, command)]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys, *command):
    capsys.readouterr()
    assert main([*map(str, command)]) == 1
    return capsys.readouterr().err


def test_candidates_are_scored_given_the_prompt_and_ranked(run, tmp_path, capsys):
    (tmp_path / "candidates.txt").write_text("cat sat.\ndog\nthe cat sat on the mat\n")
    command = ["score", run, "--device", "cpu", "--prompt", "the ", "--file", tmp_path / "candidates.txt"]
    by = {rule: said(capsys, *command, "--rank", rule) for rule in ("sum", "token", "byte")}
    key = {"sum": "log_prob", "token": "per_token", "byte": "per_byte"}
    for rule, found in by.items():
        values = [each[key[rule]] for each in found]
        assert values == sorted(values, reverse=True)
        assert {each["text"] for each in found} == {"cat sat.", "dog", "the cat sat on the mat"}
    for each in by["sum"]:
        assert each["per_token"] == pytest.approx(each["log_prob"] / len(each["text"]))
        assert each["per_token"] == each["per_byte"]  # ASCII, one character a token
    assert by["sum"][0]["text"] == "dog"


@pytest.mark.parametrize("rule", ["sum", "token", "byte"])
def test_a_blank_line_is_no_best_candidate(run, tmp_path, capsys, rule):
    (tmp_path / "candidates.txt").write_text("\ncat\n\ndog\n")
    found = said(
        capsys, "score", run, "--device", "cpu", "--file", tmp_path / "candidates.txt", "--rank", rule
    )
    assert [each["text"] for each in found] == ["cat", "dog", "", ""]


@pytest.mark.parametrize("content", [b"cat\r\ndog\r\n", b"cat\rdog", b"\xef\xbb\xbfcat\ndog\n"])
def test_line_ends_and_byte_order_marks_are_no_part_of_a_candidate(run, tmp_path, capsys, content):
    (tmp_path / "candidates.txt").write_bytes(content)
    found = said(capsys, "score", run, "--device", "cpu", "--file", tmp_path / "candidates.txt")
    assert [each["text"] for each in found] == ["cat", "dog"]


def test_a_whole_file_is_read_as_training_reads_it(bytes_run, tmp_path, capsys):
    command = ["score", bytes_run, "--device", "cpu"]
    for name, content in {"lines": b"cat\r\n", "latin": b"caf\xe9", "mark": b"\xef\xbb\xbfa"}.items():
        (tmp_path / name).write_bytes(content)
        (found,) = said(capsys, *command, "--whole-file", tmp_path / name)
        assert (found["tokens"], found["bytes"]) == (len(content), len(content)), name
    (tmp_path / "feed").write_text("cat\x0cdog\u2028cat\n", encoding="utf-8")
    (found,) = said(capsys, *command, "--file", tmp_path / "feed")
    assert found["text"] == "cat\x0cdog\u2028cat"


def test_prompt_and_answer_make_the_whole(run, capsys):
    def log_prob(text, prompt=""):
        return said(capsys, "score", run, "--device", "cpu", "--prompt", prompt, "--text", text)[0][
            "log_prob"
        ]

    assert log_prob("cat") + log_prob(" sat", "cat") == pytest.approx(log_prob("cat sat"), abs=1e-5)


def test_a_text_longer_than_the_context_is_scored_in_windows(run, tmp_path, capsys):
    (tmp_path / "long.txt").write_text(TEXT)
    whole, *_ = said(
        capsys, "score", run, "--device", "cpu", "--whole-file", tmp_path / "long.txt", "--stride", 8
    )
    assert whole["tokens"] == len(TEXT)
    assert 0 < -whole["per_token"] < 1.5 * math.log(20)
    empty, *_ = said(capsys, "score", run, "--device", "cpu", "--text", "")
    assert (empty["log_prob"], empty["per_token"]) == (0, None)


def test_a_search_prints_texts_with_their_log_probabilities(run, capsys):
    beam = said(capsys, "search", run, "--device", "cpu", "--prompt", "the", "--length", "3", "--width", "5")
    exact, *_ = said(
        capsys, "search", run, "--device", "cpu", "--prompt", "the", "--length", "3", "--best-first"
    )
    greedy, *_ = said(
        capsys, "search", run, "--device", "cpu", "--prompt", "the", "--length", "3", "--width", "1"
    )
    assert len(beam) == 5
    assert [each["log_prob"] for each in beam] == sorted((each["log_prob"] for each in beam), reverse=True)
    assert exact["certainly_the_mode"]
    assert exact["log_prob"] >= max(beam[0]["log_prob"], greedy["log_prob"]) - 1e-6
    scored, *_ = said(capsys, "score", run, "--device", "cpu", "--prompt", "the", "--text", exact["text"])
    assert scored["log_prob"] == pytest.approx(exact["log_prob"], abs=1e-4)
    ended, *_ = said(capsys, "search", run, "--device", "cpu", "--length", "4", "--best-first", "--end", ".")
    assert ended["text"].endswith(".") and ended["whole"]


def test_the_example_that_a_refusal_gives_is_a_sound_table(tmp_path, capsys):
    (tmp_path / "table.json").write_text("[]")
    example = refused(capsys, "audit", tmp_path / "table.json").split("such as ")[1].strip()
    (tmp_path / "table.json").write_bytes(b"\xef\xbb\xbf" + example.encode())
    found = said(capsys, "audit", tmp_path / "table.json")
    assert (found["kind"], found["findings"]) == ("nats", [])


def test_an_audit_names_base_shift_and_start(tmp_path, capsys):
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.full(6, 0.2), size=12) * 0.9 + 0.1 / 6
    tokens = probs.argmax(axis=1)
    path = tmp_path / "table.json"
    path.write_text(json.dumps({"rows": np.log2(probs).tolist(), "tokens": tokens.tolist()}))
    found = said(capsys, "audit", path)
    assert (found["kind"], found["shift"], len(found["findings"])) == ("bits", 0, 1)
    assert found["perplexity"] == pytest.approx(math.exp(-np.log(probs.max(axis=1)).mean()))
    path.write_text(json.dumps({"rows": np.log(probs)[1:].tolist(), "tokens": tokens[:-1].tolist()}))
    assert said(capsys, "audit", path)["shift"] == 1


def test_what_can_not_be_done_is_said(run, bytes_run, tmp_path, capsys):
    score, search = ["score", run, "--device", "cpu"], ["search", run, "--device", "cpu"]
    assert "could not be read" in refused(capsys, *score, "--file", tmp_path / "none.txt")
    (tmp_path / "empty.txt").write_text("")
    assert "one candidate a line" in refused(capsys, *score, "--file", tmp_path / "empty.txt")
    (tmp_path / "bytes.txt").write_bytes(b"\xff")
    assert "no UTF-8" in refused(capsys, *score, "--file", tmp_path / "bytes.txt")
    assert "training text" in refused(capsys, *score, "--text", "Ω")
    assert "give 1 to 8" in refused(capsys, *score, "--text", "cat", "--stride", "9")
    assert "give one character" in refused(capsys, *search, "--end", "at")
    assert "width is 0" in refused(capsys, *search, "--width", "0")
    assert "did not settle it" in refused(capsys, *search, "--best-first", "--length", "30", "--limit", "5")
    assert "did not settle it" in refused(capsys, *search, "--best-first", "--length", "30", "--limit", "-1")
    assert "UTF-8 does not have" in refused(capsys, "score", bytes_run, "--device", "cpu", "--text", "\udcff")
    assert refused(capsys, "audit", tmp_path / "none.json").count("none.json") == 1
    for wrong, reason in {
        "no JSON": "is no JSON",
        "": "is no JSON",
        "[" * 100_000: "is no JSON",
        "[]": "has no rows",
        "{}": "has no rows",
        '{"rows": [[0.5]]}': "at least one row of two numbers",
        '{"rows": [["a", "b"]]}': "give numbers only",
        '{"rows": [[NaN, 0]]}': "row 0 holds nan",
        '{"rows": [[0, -1], [0]]}': "different lengths",
        '{"rows": [[0, -1]], "tokens": [7]}': "give integers in 0..1",
        '{"rows": [[0, -1]], "token": [0], "text": ""}': "has text, token; give rows",
        '{"rows": [[0, -1]], "start": 0}': "give the tokens, too",
    }.items():
        (tmp_path / "table.json").write_text(wrong)
        assert reason in refused(capsys, "audit", tmp_path / "table.json"), wrong[:20]
