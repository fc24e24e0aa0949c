"""How fast the reference language model learns, against the usual recipe, and how near it comes to its source.

Run from the repository's root: ``python -m benchmarks.lm [--text FILE]``. Seconds are wall time of training without
validation, on this machine's CPU; both recipes run in this process, one after the other, with all its threads. The
last line is one JSON object:

ratio            seconds of the baseline (see benchmarks/baseline.py) over ours: on the source, or on the text
kl_to_source     ours, in nats per token; with kl_bigram and kl_uniform beside it
seconds          ours on the source; with seconds_baseline beside it

With --text: seconds_on_text and seconds_baseline_on_text, whose ratio is then `ratio`; baseline_nll and ours_nll, in
nats per token over the whole last tenth, each token given the tokens before it in windows of 64. Ours is trained with
three seeds; seconds are the median, the loss is the worst.

Where there is a CUDA device, --text also trains 6 layers of 384 channels there: cuda_seconds, cuda_nll,
cuda_tokens_per_second, and cuda_share of the peak when --peak-tflops says what that is (bfloat16, without sparsity).
"""

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from benchmarks.baseline import train_baseline
from solutions.lm.data import SourceData, TextData
from solutions.lm.evaluation import kl_to_source
from solutions.lm.model import Sizes, Transformer
from solutions.lm.sources import default
from solutions.lm.text import read_corpus
from solutions.lm.training import Recipe, train
from solutions.torch_information import nll_from_logits

ON_SOURCE = Recipe(steps=360, batch=48), {"context": 32, "layers": 2}
ON_TEXT = Recipe(steps=170, batch=16), {"context": 65, "layers": 4}
ON_CUDA = (
    Recipe(steps=1200, batch=64, momentum=0.95, weight_decay=0.05, compile=True),
    {"context": 257, "layers": 6, "heads": 6, "width": 384},
)


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that the call takes, and its result."""
    begun = time.perf_counter()
    result = function()
    return time.perf_counter() - begun, result


def compare_losses(vocabulary: int, rows: int) -> dict[str, float]:
    """Return how our loss and its gradient differ from `torch.nn.functional.cross_entropy`, and the ratio of times.

    Differences are those of the mean loss, and of the largest entry of a row's gradient; in float64, and in float32,
    where both round. Times are of loss and gradient in float32.
    """
    logits = 5 * torch.randn(
        rows, vocabulary, generator=torch.Generator().manual_seed(0), dtype=torch.float64
    )
    targets = torch.randint(vocabulary, (rows,), generator=torch.Generator().manual_seed(1))

    def run(loss: Callable[..., torch.Tensor], dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
        z = logits.to(dtype, copy=True).requires_grad_()
        value = loss(z, targets)
        value.backward()
        return value.detach(), z.grad * rows

    losses = (lambda z, y: nll_from_logits(z, y).mean(), F.cross_entropy)
    figures = {"classes": vocabulary}
    for dtype, end in ((torch.float64, ""), (torch.float32, "_float32")):
        (ours, our_gradient), (theirs, their_gradient) = (run(loss, dtype) for loss in losses)
        figures[f"difference{end}"] = float((ours - theirs).abs())
        figures[f"gradient_difference{end}"] = float((our_gradient - their_gradient).abs().max())
    seconds = [[timed(lambda loss=loss: run(loss, torch.float32))[0] for loss in losses] for _ in range(7)]
    figures["ratio"] = statistics.median(ours / theirs for ours, theirs in seconds)
    return figures


def on_source() -> dict[str, float]:
    """Return the figures on the default source; the baseline trains as long as its recipe says."""
    data = SourceData(default())
    recipe, sizes = ON_SOURCE
    seconds, model = timed(
        lambda: train(data, Sizes(data.vocabulary, **sizes), recipe, device="cpu", evaluate_every=0)
    )
    baseline_seconds, baseline = timed(lambda: train_baseline(data))
    # The same sequences for both, no longer than the shorter context.
    tokens = data.held_out(sizes["context"])
    kl, baseline_kl = (kl_to_source(each, data.source, tokens) for each in (model, baseline))
    figures = {
        "ratio": baseline_seconds / seconds,
        "kl_to_source": kl.kl,
        "kl_standard_error": kl.standard_error,
        "seconds": seconds,
        "seconds_baseline": baseline_seconds,
        "kl_baseline": baseline_kl.kl,
        "kl_bigram": data.source.conditional_entropy(1) - data.source.entropy_rate(),
        "kl_uniform": math.log(data.vocabulary) - data.source.entropy_rate(),
        "entropy_rate": data.source.entropy_rate(),
    }
    rows = {
        "uniform": figures["kl_uniform"],
        "bigram": figures["kl_bigram"],
        f"baseline, {baseline_seconds:.1f} s": baseline_kl.kl,
        f"ours, {seconds:.1f} s": kl.kl,
    }
    for name, nats in rows.items():
        print(f"{name:20} KL to the source {nats:.4f} nats/token")
    return figures


def on_text(path: Path, peak_tflops: float | None) -> dict[str, float]:
    """Return the figures on a text."""
    data = TextData(read_corpus(path))
    recipe, sizes = ON_TEXT
    baseline_seconds, baseline = timed(lambda: train_baseline(data))
    baseline_nll = data.validate(baseline)[0].nll
    print(f"baseline {baseline_nll:.4f} nats/char in {baseline_seconds:.1f} s")
    runs = []
    for seed in range(3):
        settled = replace(recipe, seed=seed)
        seconds, model = timed(
            lambda settled=settled: train(
                data, Sizes(data.vocabulary, **sizes), settled, device="cpu", evaluate_every=0
            )
        )
        runs.append((seconds, data.validate(model)[0].nll))
        print(f"ours, seed {seed}: {runs[-1][1]:.4f} nats/char in {runs[-1][0]:.1f} s")
    seconds = statistics.median(run[0] for run in runs)
    figures = {
        "ratio": baseline_seconds / seconds,
        "seconds_on_text": seconds,
        "seconds_baseline_on_text": baseline_seconds,
        "ours_nll": max(run[1] for run in runs),
        "baseline_nll": baseline_nll,
    }
    return figures | (on_cuda(data, peak_tflops) if torch.cuda.is_available() else {})


def on_cuda(data: TextData, peak_tflops: float | None, device: str = "cuda") -> dict[str, float]:
    """Return the figures of the larger model on a GPU, compiling included in its seconds."""
    recipe, sizes = ON_CUDA
    seconds, model = timed(
        lambda: train(data, Sizes(data.vocabulary, **sizes), recipe, device=device, evaluate_every=0)
    )
    tokens = recipe.steps * recipe.batch * sizes["context"]
    figures = {
        "cuda_seconds": seconds,
        "cuda_nll": data.validate(model)[0].nll,
        "cuda_tokens_per_second": tokens / seconds,
    }
    if peak_tflops:
        figures["cuda_share"] = tokens / seconds * flops_per_token(model) / (peak_tflops * 1e12)
    return figures


def flops_per_token(model: Transformer) -> float:
    """Return the floating-point operations that training takes for a token: 6 a weight, and 12 C T a layer's attention.

    Source: Chowdhery et al. (2022), appendix B.
    """
    sizes = model.sizes
    return (
        6 * sum(weight.numel() for weight in model.parameters())
        + 12 * sizes.layers * sizes.width * sizes.context
    )


def main() -> None:
    """Print the figures; the last line is one JSON object."""
    arguments = argparse.ArgumentParser(description="How fast the reference language model learns.")
    arguments.add_argument("--text", type=Path, help="a text file to train on as well")
    arguments.add_argument("--peak-tflops", type=float, help="the GPU's bfloat16 peak, for the share of it")
    given = arguments.parse_args()
    for vocabulary, rows in ((65, 1536), (50_000, 256)):
        figures = compare_losses(vocabulary, rows)
        print("our loss against torch.nn.functional.cross_entropy:", json.dumps(_rounded(figures)))
    print(json.dumps(_rounded(on_source() | (on_text(given.text, given.peak_tflops) if given.text else {}))))


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.4g}") for name, value in figures.items()}


if __name__ == "__main__":
    main()
