"""Do train, evaluate and sample do what they say, and does each say plainly what it cannot do?"""

import json
import math

import pytest

torch = pytest.importorskip("torch")

from solutions.lm import __main__ as command  # noqa: E402
from solutions.lm.__main__ import main  # noqa: E402
from solutions.lm.data import SourceData  # noqa: E402
from solutions.lm.model import Sizes  # noqa: E402
from solutions.lm.sources import MarkovSource, default  # noqa: E402
from solutions.lm.text import letters  # noqa: E402
from solutions.lm.training import Recipe, train  # noqa: E402

SMALL = ["--device", "cpu", "--precision", "float32", "--steps", "4", "--batch", "4", "--context", "8",
         "--layers", "1", "--heads", "2", "--width", "16"]  # fmt: skip
TEXT = "the cat sat on the mat, and the dog did not.\n" * 30


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "cats.txt"
    path.write_text(TEXT)
    return path


@pytest.fixture(scope="module")
def on_text(text, tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    assert main(["train", *SMALL, "--text", str(text), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def on_source(tmp_path_factory):
    out = tmp_path_factory.mktemp("source")
    assert main(["train", *SMALL, "--out", str(out)]) == 0
    return out


def test_a_model_of_a_source_is_judged_by_its_source(on_source, capsys):
    assert main(["evaluate", str(on_source), "--device", "cpu"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["floor"] == pytest.approx(default().entropy_per_token(8))
    assert report["perplexity"] == pytest.approx(math.exp(report["nll"]))
    assert report["bits"] == pytest.approx(report["nll"] / math.log(2))
    assert 0 < report["kl_to_source"] < math.log(20)
    assert sum(report["calibration"]["counts"]) == report["tokens"] == report["calibration"]["tokens"]


def test_the_report_is_json_for_any_reader_with_null_for_an_empty_bin(on_source, capsys):
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    assert main(["evaluate", str(on_source), "--device", "cpu"]) == 0
    table = json.loads(capsys.readouterr().out, parse_constant=refuse)["calibration"]
    assert [value is None for value in table["accuracy"]] == [count == 0 for count in table["counts"]]
    assert 0 in table["counts"]


def test_a_model_of_a_text_is_judged_by_a_text(on_text, text, capsys):
    assert main(["evaluate", str(on_text), "--text", str(text), "--device", "cpu"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (
        report["bits_per_character"]
        == pytest.approx(report["bits_per_byte"])
        == pytest.approx(report["bits"])
    )


def test_the_report_of_a_single_window_is_json_too(tmp_path, capsys):
    short = tmp_path / "short.txt"
    short.write_text(TEXT[:110])
    arguments = ["--text", str(short), "--device", "cpu"]
    assert main(["train", *SMALL, "--context", "11", *arguments, "--out", str(tmp_path / "run")]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(tmp_path / "run"), *arguments]) == 0
    report = json.loads(
        capsys.readouterr().out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")
    )
    assert report["standard_error"] is None
    assert report["nll"] > 0


def test_loss_and_calibration_judge_the_same_tokens(on_text, text, capsys):
    assert main(["evaluate", str(on_text), "--text", str(text), "--device", "cpu"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["calibration"]["tokens"] == report["tokens"] == len(TEXT) - len(TEXT) * 9 // 10 - 1


def test_a_source_of_many_tokens_is_shown_in_as_many_letters(tmp_path, capsys):
    data, sizes = (
        SourceData(MarkovSource(0, [1 / 300] * 300)),
        Sizes(300, context=8, layers=1, heads=1, width=8),
    )
    train(data, sizes, Recipe(steps=1, batch=1), tmp_path, device="cpu", evaluate_every=0)
    assert main(["sample", str(tmp_path), "--device", "cpu", "--length", "100", "--prompt", "aZ"]) == 0
    assert len(capsys.readouterr().out) == 103
    shown = letters(300)
    assert len(set(shown)) == 300
    assert shown.isalpha()


@pytest.mark.parametrize("verb", ["evaluate", "sample"])
def test_only_a_stopped_training_is_told_to_resume(verb, on_source, monkeypatch, capsys):
    def interrupted(given):
        raise KeyboardInterrupt

    for name in ("_train", "_evaluate", "_sample"):
        monkeypatch.setattr(command, name, interrupted)
    assert main([verb, str(on_source)]) == 130
    assert "--resume" not in capsys.readouterr().err
    assert main(["train", "--out", str(on_source)]) == 130
    assert "--resume" in capsys.readouterr().err


def test_a_sample_goes_on_from_the_prompt_and_its_seed_repeats(on_text, capsys):
    command = ["sample", str(on_text), "--device", "cpu", "--prompt", "the cat", "--length", "20"]
    written = []
    for extra in ([], [], ["--seed", "1"], ["--top-k", "1"], ["--temperature", "0"]):
        assert main([*command, *extra]) == 0
        written.append(capsys.readouterr().out)
    assert all(each.startswith("the cat") and len(each) == 28 for each in written)
    assert written[0] == written[1] != written[2]
    assert written[3] == written[4]


def test_bytes_are_learnt_and_sampled(text, tmp_path, capsys):
    assert main(["train", *SMALL, "--text", str(text), "--unit", "bytes", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["sample", str(tmp_path), "--device", "cpu", "--prompt", "né", "--length", "3"]) == 0
    assert capsys.readouterr().out.startswith("né")


def test_a_run_goes_on_by_the_same_command_with_resume(text, tmp_path, capsys):
    command = ["train", *SMALL, "--text", str(text), "--out", str(tmp_path)]
    assert main(command) == 0
    assert main(command) == 1
    assert "go on with it by --resume" in capsys.readouterr().err
    assert main([*command, "--resume"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["train", "--text", "{text}", "--context", "2000", "--out", "{new}"],
            "give a longer text, or --context of",
        ),
        (["train", "--text", "{text}x", "--out", "{new}"], "could not be read"),
        (["train", "--width", "30", "--out", "{new}"], "does not split into 4 heads"),
        (["train", "--evaluate-every", "-1", "--out", "{new}"], "give steps, at least 1"),
        (["evaluate", "{text_run}"], "give a text with --text"),
        (["evaluate", "{source_run}", "--text", "{text}"], "not on a text; leave --text out"),
        (["evaluate", "{text}"], "damaged or no checkpoint"),
        (["evaluate", "{new}"], "there is no checkpoint"),
        (["sample", "{text_run}", "--prompt", "é"], "character 1 is 'é'"),
        (["sample", "{text_run}", "--temperature", "-1"], "temperature"),
        (["sample", "{text_run}", "--length", "-1"], "length"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_on_stderr(
    arguments, said, text, on_text, on_source, tmp_path, capsys
):
    places = {"text": text, "text_run": on_text, "source_run": on_source, "new": tmp_path / "new"}
    assert main([each.format(**places) for each in arguments] + ["--device", "cpu"]) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_said(tmp_path, capsys):
    assert main(["train", "--device", "cuda", "--out", str(tmp_path)]) == 1
    assert "has no cuda device" in capsys.readouterr().err
