"""Does training reach the floor, go on exactly where it stopped, and keep the last good checkpoint whatever happens?"""

import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from solutions.lm import LMError, training  # noqa: E402
from solutions.lm.checkpoint import load, save  # noqa: E402
from solutions.lm.data import MAX_SEED, MAX_STEPS, SourceData, TextData  # noqa: E402
from solutions.lm.devices import find_device, find_precision  # noqa: E402
from solutions.lm.metrics import Metrics, read_metrics  # noqa: E402
from solutions.lm.model import Sizes, Transformer  # noqa: E402
from solutions.lm.sources import MarkovSource  # noqa: E402
from solutions.lm.text import Alphabet, Corpus  # noqa: E402
from solutions.lm.training import CHECKPOINT, METRICS, PICTURE, Recipe, train  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
SIZES = Sizes(vocabulary=4, context=9, layers=1, heads=2, width=16)
RECIPE = Recipe(steps=12, batch=8, precision="float32")
EVERY = {"evaluate_every": 4, "save_every": 4, "log_every": 1}


def source_data():
    return SourceData(MarkovSource.random(1, 4, seed=2))


def losses(out):
    return [line["loss"] for line in read_metrics(out / METRICS) if "loss" in line]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    out = tmp_path_factory.mktemp("unbroken")
    model = train(source_data(), SIZES, RECIPE, out, device="cpu", **EVERY)
    return out, model


def test_the_first_loss_is_log_v_and_kl_nears_0():
    data = source_data()
    recipe = replace(RECIPE, steps=150, batch=32)
    untrained = Transformer(SIZES)
    before, _ = data.validate(untrained)
    assert before.nll == pytest.approx(math.log(4), abs=1e-6)
    loss, divergence = data.validate(train(data, SIZES, recipe, device="cpu"))
    assert divergence.kl < 0.01
    assert loss.nll == pytest.approx(data.floor(9) + divergence.kl, abs=4 * loss.standard_error)


def test_no_step_of_any_run_draws_what_validates_or_what_another_draws():
    data = source_data()
    corners = [(seed, step) for seed in (0, 1, MAX_SEED - 1) for step in (0, 1, MAX_STEPS - 1)]
    held_out = data.held_out(9)
    drawn = [data.sequences(seed, step, len(held_out), 9) for seed, step in corners] + [held_out]
    assert len({tuple(tokens.flatten().tolist()) for tokens in drawn}) == len(corners) + 1


def test_adamw_for_all_parameters_learns_too():
    data = source_data()
    model = train(data, SIZES, replace(RECIPE, steps=150, batch=32, optimizer="adamw"), device="cpu")
    assert data.validate(model)[1].kl < 0.05


def test_a_run_leaves_metrics_a_picture_and_a_checkpoint(unbroken):
    out, model = unbroken
    lines = read_metrics(out / METRICS)
    assert [line["step"] for line in lines if "loss" in line] == list(range(1, 13))
    assert [line["step"] for line in lines if "validation_nll" in line] == [0, 4, 8, 12]
    assert all(line["tokens"] == line["step"] * 8 * 9 for line in lines)
    assert all(line["perplexity"] == pytest.approx(math.exp(line["validation_nll"]))
               for line in lines if "validation_nll" in line)  # fmt: skip
    assert (out / PICTURE).read_bytes().startswith(b"\x89PNG")
    weights = load(out / CHECKPOINT).model().state_dict()
    assert all(torch.equal(weights[name], value) for name, value in model.state_dict().items())


def test_the_same_seed_gives_the_same_losses_and_another_seed_others(unbroken, tmp_path):
    train(source_data(), SIZES, RECIPE, tmp_path / "same", device="cpu", **EVERY)
    train(source_data(), SIZES, replace(RECIPE, seed=1), tmp_path / "other", device="cpu", **EVERY)
    assert losses(tmp_path / "same") == losses(unbroken[0])
    assert losses(tmp_path / "other") != losses(unbroken[0])


KILLED = """
import os, signal, sys
import solutions.lm.checkpoint as checkpoint
from tests.solutions.lm.test_training import EVERY, RECIPE, SIZES, source_data
from solutions.lm.training import train

data, where = source_data(), sys.argv[2]
sequences, replaced = data.sequences, os.replace

def dying_sequences(seed, step, B, T):
    if where == "step" and step == 6:
        os.kill(os.getpid(), signal.SIGKILL)
    return sequences(seed, step, B, T)

def dying_replace(beside, path):
    if where == "save" and os.path.exists(path):
        os.kill(os.getpid(), signal.SIGKILL)
    replaced(beside, path)

data.sequences, checkpoint.os.replace = dying_sequences, dying_replace
train(data, SIZES, RECIPE, sys.argv[1], device="cpu", **EVERY)
"""


@pytest.mark.parametrize("where", ["step", "save"])
def test_a_killed_run_goes_on_with_the_losses_of_the_unbroken_one(where, unbroken, tmp_path):
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), where], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert load(tmp_path / CHECKPOINT).step == 4
    assert len(losses(tmp_path)) > 4  # more was told than was saved; it comes again
    model = train(source_data(), SIZES, RECIPE, tmp_path, device="cpu", resume=True, **EVERY)
    out, whole = unbroken
    assert losses(tmp_path) == losses(out)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), whole.parameters(), strict=True))


def test_a_run_may_go_on_in_smaller_parts(tmp_path):
    halfway = {"evaluate_every": 0, "save_every": 6, "log_every": 1}

    class Stop(Exception):
        pass

    data = source_data()
    drawn = data.sequences

    def dying(seed, step, B, T):
        if step == 7:
            raise Stop
        return drawn(seed, step, B, T)

    data.sequences = dying
    with pytest.raises(Stop):
        train(data, SIZES, RECIPE, tmp_path, device="cpu", **halfway)
    parts = replace(RECIPE, accumulate=2)
    train(source_data(), SIZES, parts, tmp_path, device="cpu", resume=True, **halfway)
    assert load(tmp_path / CHECKPOINT).recipe["accumulate"] == 2
    assert [line["step"] for line in read_metrics(tmp_path / METRICS)] == list(range(1, 13))


def test_optimizers_that_do_not_fit_are_said(unbroken, tmp_path):
    kept = load(unbroken[0] / CHECKPOINT)
    for states in ([], [{"state": {}, "param_groups": []}] * 2, [{}, {}]):
        save(replace(kept, optimizers=states), tmp_path / CHECKPOINT)
        with pytest.raises(LMError, match="optimizers do not fit its recipe"):
            train(source_data(), SIZES, RECIPE, tmp_path, device="cpu", resume=True, **EVERY)


def test_a_finished_run_resumes_to_itself(unbroken, tmp_path):
    train(source_data(), SIZES, RECIPE, tmp_path, device="cpu", **EVERY)
    before = read_metrics(tmp_path / METRICS)
    train(source_data(), SIZES, RECIPE, tmp_path, device="cpu", resume=True, **EVERY)
    assert read_metrics(tmp_path / METRICS) == before


def test_gradients_in_parts_are_the_gradient(unbroken, tmp_path):
    train(source_data(), SIZES, replace(RECIPE, accumulate=4), tmp_path, device="cpu", **EVERY)
    # Muon rounds to bfloat16, so a difference in the last digit can grow to one of its steps.
    assert losses(tmp_path)[0] == pytest.approx(losses(unbroken[0])[0], abs=1e-6)
    assert losses(tmp_path) == pytest.approx(losses(unbroken[0]), abs=2e-3)


def test_two_processes_have_the_loss_of_one_at_the_same_batch(tmp_path):
    command = ["-m", "solutions.lm", "train", "--device", "cpu", "--precision", "float32", "--log-every", "1",
               "--steps", "6", "--batch", "4", "--context", "8", "--layers", "1", "--heads", "2", "--width", "16",
               "--optimizer", "adamw"]  # fmt: skip
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    for name, start in (("one", []), ("two", launcher)):
        subprocess.run([sys.executable, *start, *command, "--out", str(tmp_path / name)], cwd=ROOT, check=True,
                       env=environment, capture_output=True, timeout=300)  # fmt: skip
    assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / "one"), abs=1e-5)
    one, two = (read_metrics(tmp_path / name / METRICS)[-1]["kl_to_source"] for name in ("one", "two"))
    assert two == pytest.approx(one, abs=1e-5)


def test_a_loss_that_is_not_finite_stops_and_keeps_the_last_good_checkpoint(tmp_path):
    with pytest.raises(
        LMError, match=r"is not finite at step \d+; give a lower --rate; the checkpoint of step \d+ is kept"
    ):
        train(
            source_data(),
            SIZES,
            replace(RECIPE, rate=1e38),
            tmp_path,
            device="cpu",
            save_every=1,
            log_every=1,
        )
    kept = load(tmp_path / CHECKPOINT)
    assert kept.step >= 1
    assert all(value.isfinite().all() for value in kept.weights.values())


def test_weights_that_are_not_finite_are_not_saved(tmp_path, monkeypatch):
    def poisoned(self, network):
        loss = step(self, network)
        if self.step == 5:  # the loss before the update is still fine
            self.model.gain.data[0] = torch.inf
        return loss

    step = training.Run._step
    monkeypatch.setattr(training.Run, "_step", poisoned)
    with pytest.raises(
        LMError, match="a weight is not finite at step 6; give a lower --rate; the checkpoint of step 3"
    ):
        train(source_data(), SIZES, RECIPE, tmp_path, device="cpu", save_every=3, evaluate_every=0)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LMError, match="cannot be written .*; give another folder"):
        train(source_data(), SIZES, RECIPE, tmp_path / "file", device="cpu")


def test_training_leaves_the_callers_random_numbers_alone():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    train(source_data(), SIZES, replace(RECIPE, steps=1), device="cpu", evaluate_every=0)
    assert torch.equal(torch.rand(2), expected)


def test_memory_that_does_not_suffice_is_said_with_what_to_do():
    data = TextData(Corpus("text", Alphabet("ab"), torch.zeros(1000, dtype=torch.int64)))
    with pytest.raises(LMError, match=r"memory of cpu does not suffice; give --accumulate 2"):
        train(data, replace(SIZES, vocabulary=2), replace(RECIPE, batch=2**45), device="cpu")


def test_a_model_that_no_memory_here_holds_is_refused_before_it_is_built(monkeypatch):
    monkeypatch.setattr(training, "Transformer", None)  # building one would raise TypeError
    with pytest.raises(LMError, match=r"12,288,000,000,096 parameters .* GB: give fewer --layers"):
        train(source_data(), replace(SIZES, layers=4 * 10**9, width=16), RECIPE, device="cpu")


def test_the_number_of_parameters_is_the_models():
    for sizes in (SIZES, Sizes(vocabulary=7, context=5, layers=3, heads=1, width=8)):
        assert sizes.parameters == sum(weight.numel() for weight in Transformer(sizes).parameters())


def test_a_model_that_cannot_be_compiled_is_said(monkeypatch):
    class CompilerError(RuntimeError):
        __module__ = "torch._inductor.exc"

    def failing(network):
        raise CompilerError("no working compiler\n\nwith many lines below")

    monkeypatch.setattr(training.torch, "compile", failing)
    with pytest.raises(
        LMError, match=r"could not be compiled .*\(no working compiler\); leave --compile out"
    ):
        train(source_data(), SIZES, replace(RECIPE, compile=True), device="cpu")


def test_another_error_of_torch_is_not_called_one_of_memory(monkeypatch):
    def broken(*_):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(training.F, "cross_entropy", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        train(source_data(), SIZES, RECIPE, device="cpu")


def test_a_folder_with_a_run_is_never_written_over(unbroken):
    out, _ = unbroken
    before = (out / CHECKPOINT).read_bytes()
    with pytest.raises(LMError, match="holds a run of 12 steps; go on with it by --resume"):
        train(source_data(), SIZES, RECIPE, out, device="cpu")
    for sizes, recipe, named in (
        (replace(SIZES, width=32), RECIPE, "width is 16, yours 32"),
        (SIZES, replace(RECIPE, steps=13), "steps is 12, yours 13"),
    ):
        with pytest.raises(LMError, match=named):
            train(source_data(), sizes, recipe, out, device="cpu", resume=True)
    other = SourceData(MarkovSource.random(2, 4, seed=2))
    with pytest.raises(LMError, match="name is"):
        train(other, SIZES, RECIPE, out, device="cpu", resume=True)
    assert (out / CHECKPOINT).read_bytes() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"steps": 0}, "steps is 0; give at least 1"),
        ({"batch": -1}, "batch is -1"),
        ({"rate": -1.0}, "rate is -1.0; give a positive number"),
        ({"clip": math.nan}, "clip is nan"),
        ({"optimizer": "sgd"}, "give muon or adamw"),
        ({"seed": -1}, "seed -1"),
        ({"warmup": 12}, "a warmup of fewer steps"),
        ({"momentum": 2.0}, "momentum 2.0"),
        ({"weight_decay": -1.0}, "weight_decay -1.0"),
        ({"seed": 2**12 - 1}, "give a seed of 0 to 4094"),
        ({"steps": 2**21}, "at most 1048576 steps"),
    ],
)
def test_a_recipe_outside_its_range_is_refused(change, said):
    with pytest.raises(LMError, match=said):
        replace(RECIPE, **change)


def test_a_batch_that_does_not_split_is_refused():
    with pytest.raises(LMError, match="give a multiple of 3"):
        train(source_data(), SIZES, replace(RECIPE, accumulate=3), device="cpu")


def test_data_and_model_must_have_one_vocabulary():
    with pytest.raises(LMError, match="the data have 4 tokens, the model 5"):
        train(source_data(), replace(SIZES, vocabulary=5), RECIPE, device="cpu")


def test_rates_rise_in_the_warm_up_and_fall_to_0():
    recipe = replace(RECIPE, steps=10, warmup=4)
    shares = [recipe.share(step) for step in range(10)]
    assert shares == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6])
    assert [RECIPE.share(step) for step in (0, 6, 11)] == pytest.approx([1, 1 / 2, 1 / 12])


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_said():
    with pytest.raises(LMError, match="has no cuda device; give --device auto or --device cpu"):
        train(source_data(), SIZES, RECIPE, device="cuda")
    assert find_device("auto").type in ("cpu", "mps")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_learns_as_the_cpu_does():
    data = source_data()
    model = train(data, SIZES, replace(RECIPE, steps=150, batch=32), device="cuda")
    assert data.validate(model)[1].kl < 0.01


def test_unknown_devices_and_precisions_are_refused():
    with pytest.raises(LMError, match="the device is 'tpu'"):
        find_device("tpu")
    with pytest.raises(LMError, match="the precision is 'int8'"):
        find_precision("int8", torch.device("cpu"))


def test_bfloat16_learns_to_about_the_same_loss():
    data = source_data()
    models = [train(data, SIZES, replace(RECIPE, steps=60, precision=precision), device="cpu")
              for precision in ("float32", "bfloat16")]  # fmt: skip
    exact, rounded = (data.validate(model)[0].nll for model in models)
    assert rounded == pytest.approx(exact, abs=0.02)


def test_a_line_of_metrics_that_a_kill_cut_off_is_dropped_and_any_other_is_an_error(tmp_path):
    path = tmp_path / METRICS
    path.write_text(json.dumps({"step": 1}) + '\n{"step": 2, "lo')
    assert read_metrics(path) == [{"step": 1}]
    Metrics(path, last_step=1).write(step=2, loss=0.5)
    assert read_metrics(path) == [{"step": 1}, {"step": 2, "loss": 0.5}]
    for first in ('{"step": 1', "3", '{"loss": 3.0}', '{"step": "1"}'):
        path.write_text(first + '\n{"step": 2}\n')
        with pytest.raises(LMError, match="line 1"):
            read_metrics(path)
