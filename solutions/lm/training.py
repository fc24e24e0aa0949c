"""Training: the model learns to give each next token of a sequence a high probability, given the true tokens before it.

The recipe. Muon (Jordan et al., 2024) for the matrices of the blocks: the gradient's momentum, with all its singular
values made about equal. AdamW (Loshchilov and Hutter, 2019) for the table of tokens and the gain. The rates fall
linearly to 0. Everything random is a function of the seed and the step, so a run that was stopped goes on exactly
as if it had not been, and several processes draw the batch that one would.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import AdamW, Muon, Optimizer
from tqdm import tqdm

from solutions.lm import LMError
from solutions.lm.checkpoint import Checkpoint, load, save
from solutions.lm.data import MAX_SEED, MAX_STEPS, Data
from solutions.lm.devices import computing, find_precision, not_compiled, out_of_memory, total_memory
from solutions.lm.feeding import shifted
from solutions.lm.metrics import Metrics, plot
from solutions.lm.model import Sizes, Transformer
from solutions.lm.team import Team, team

CHECKPOINT, METRICS, PICTURE = "checkpoint.pt", "metrics.jsonl", "loss.png"
OF_THE_MACHINE = ("accumulate", "compile")  # settings of a recipe that a run may change when it goes on
BYTES_PER_PARAMETER = 12  # float32: the weight, its gradient, and at least one moment
BYTES_PER_BLOCK = 6_000  # of Python's objects; measured with Torch 2.13


@dataclass(frozen=True)
class Recipe:
    """How a model is trained.

    steps: of optimisation. batch: sequences a step, of all processes together. accumulate: parts into which each
    process cuts its share to need less memory; the gradient is the same.
    optimizer: "muon", or "adamw" for all parameters. rate: of the matrices, at the start (None: 0.06 for Muon,
    0.003 for AdamW); table_rate: of the table and the gain. momentum: of Muon. weight_decay: of the matrices.
    clip: the largest norm of the gradient. warmup: steps in which the rates rise.
    seed: of the weights and the batches. precision, compile: see `solutions.lm.devices` and `torch.compile`.
    """

    steps: int = 300
    batch: int = 24
    accumulate: int = 1
    optimizer: str = "muon"
    rate: float | None = None
    table_rate: float = 0.06
    momentum: float = 0.85
    weight_decay: float = 0.0
    clip: float = 1.0
    warmup: int = 0
    seed: int = 0
    precision: str = "auto"
    compile: bool = False

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "accumulate"):
            if getattr(self, name) < 1:
                raise LMError(f"{name} is {getattr(self, name)}; give at least 1")
        if not 0 <= self.seed < MAX_SEED or self.steps > MAX_STEPS or not 0 <= self.warmup < self.steps:
            raise LMError(
                f"seed {self.seed}, {self.steps} steps, warmup {self.warmup}; give a seed of 0 to {MAX_SEED - 1}, at "
                f"most {MAX_STEPS} steps, and a warmup of fewer steps than these"
            )
        if not 0 <= self.momentum < 1 or not 0 <= self.weight_decay < 1:
            raise LMError(
                f"momentum {self.momentum}, weight_decay {self.weight_decay}; give 0 or more, and less than 1"
            )
        if self.optimizer not in ("muon", "adamw"):
            raise LMError(f"the optimizer is {self.optimizer!r}; give muon or adamw")
        rates = {"rate": self.rate, "table_rate": self.table_rate, "clip": self.clip}
        for name, value in rates.items():
            if value is not None and not (math.isfinite(value) and value > 0):
                raise LMError(f"{name} is {value}; give a positive number")

    def share(self, step: int) -> float:
        """Return the share of the rates at a step, counted from 0: up in the warm-up, then linearly to 0."""
        return min(1.0, (step + 1) / (self.warmup + 1), (self.steps - step) / (self.steps - self.warmup))


def optimizers(model: Transformer, recipe: Recipe) -> list[Optimizer]:
    """Return the optimizers, each group with its rate at the start as `initial`."""
    matrices, ends = list(model.blocks.parameters()), [model.embedding.weight, model.gain]
    table = {"params": ends, "initial": recipe.table_rate, "weight_decay": 0.0}
    blocks: dict[str, Any] = {"params": matrices, "weight_decay": recipe.weight_decay}
    fused = model.gain.device.type in ("cpu", "cuda")
    if recipe.optimizer == "adamw":
        blocks["initial"] = recipe.rate or 0.003
        return [AdamW([blocks, table], betas=(0.9, 0.95), fused=fused)]
    blocks["initial"] = recipe.rate or 0.06
    return [Muon([blocks], momentum=recipe.momentum), AdamW([table], betas=(0.9, 0.95), fused=fused)]


def train(
    data: Data,
    sizes: Sizes,
    recipe: Recipe,
    out: Path | str | None = None,
    *,
    device: str = "auto",
    evaluate_every: int = 100,
    save_every: int = 100,
    log_every: int = 10,
    resume: bool = False,
    progress: bool = False,
) -> Transformer:
    """Train a model and return it, on its device.

    Args:
        data: what to learn from; its vocabulary is the model's.
        out: folder for `checkpoint.pt`, `metrics.jsonl` and `loss.png`; nothing is written when left out.
        device: "auto", "cpu", "cuda" or "mps".
        evaluate_every, save_every, log_every: steps between two validations, checkpoints, lines of training loss.
            Each also happens after the last step; with evaluate_every = 0 the run never validates.
        resume: go on from the folder's checkpoint, which must be of the same data, sizes and recipe; into how many
            parts a batch is cut, and whether the model is compiled, may change.
        progress: show a bar with loss, perplexity, tokens a second and the time left.

    Raises:
        LMError: for a device that is not there, a folder that holds another run, a loss that is not finite, and
            memory that does not suffice. The last good checkpoint is kept.
    """
    if evaluate_every < 0 or save_every < 1 or log_every < 1:
        raise LMError(
            f"evaluate_every {evaluate_every}, save_every {save_every}, log_every {log_every}; give steps, at least 1 "
            "(0 for evaluate_every alone: never)"
        )
    with team(device) as crew:
        if recipe.batch % (crew.size * recipe.accumulate):
            raise LMError(
                f"a batch of {recipe.batch} does not split into {crew.size} processes of {recipe.accumulate} parts; "
                f"give a multiple of {crew.size * recipe.accumulate}"
            )
        require_memory(sizes, crew.device)
        folder = Path(out) if out is not None else None
        try:
            run = Run(data, sizes, recipe, folder, crew, resume)
            run.go(evaluate_every, save_every, log_every, progress)
        except RuntimeError as error:
            if not_compiled(error):
                raise LMError(
                    f"the model could not be compiled on this machine ({first_line(error)}); leave --compile out, or "
                    f"install a C++ compiler{kept(folder)}"
                ) from error
            if not out_of_memory(error):
                raise
            raise LMError(
                f"the memory of {crew.device} does not suffice; give --accumulate {2 * recipe.accumulate} (a run may "
                f"go on with it), or begin anew with a smaller --batch, --context or --width{kept(folder)}"
            ) from error
        return run.model


def require_memory(sizes: Sizes, device: torch.device) -> None:
    """Raise LMError for a model that the device's whole memory could not hold in training."""
    needed, there = (
        sizes.parameters * BYTES_PER_PARAMETER + sizes.layers * BYTES_PER_BLOCK,
        total_memory(device),
    )
    if there is not None and needed > there:
        raise LMError(
            f"a model of {sizes.layers} layers of width {sizes.width} has {sizes.parameters:,} parameters and takes at "
            f"least {needed / 1e9:,.0f} GB to train; {device} has {there / 1e9:,.0f} GB: give fewer --layers or a "
            "smaller --width"
        )


def first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return next(iter(str(error).strip().splitlines()), "no reason given")


class Run:
    """One run: the model, its optimizers, and the step it has reached."""

    def __init__(
        self, data: Data, sizes: Sizes, recipe: Recipe, out: Path | None, crew: Team, resume: bool
    ) -> None:
        if data.vocabulary != sizes.vocabulary:
            raise LMError(
                f"the data have {data.vocabulary} tokens, the model {sizes.vocabulary}; make them equal"
            )
        self.data, self.recipe, self.out, self.crew = data, recipe, out, crew
        self.identity = data.identity()
        stopped = self._stopped(sizes, resume)
        with torch.random.fork_rng(devices=[]):  # the caller's own draws go on as they would have
            torch.manual_seed(recipe.seed)
            self.model = (stopped.model() if stopped else Transformer(sizes)).to(crew.device)
        self.optimizers = optimizers(self.model, recipe)
        self.step = 0
        if stopped:
            self.step = stopped.step
            try:
                for optimizer, state in zip(self.optimizers, stopped.optimizers, strict=True):
                    optimizer.load_state_dict(state)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                raise LMError(
                    f"the checkpoint's optimizers do not fit its recipe ({first_line(error)}); give another --out"
                ) from error
        self.precision = find_precision(recipe.precision, crew.device)
        self.metrics = Metrics(out / METRICS, self.step) if out and crew.leads else None

    def go(self, evaluate_every: int, save_every: int, log_every: int, progress: bool) -> None:
        """Take the steps that are left."""
        network = self.crew.joined(self.model)
        network = torch.compile(network) if self.recipe.compile else network
        steps, tokens = self.recipe.steps, self.recipe.batch * self.model.sizes.context
        bar = tqdm(total=steps * tokens, initial=self.step * tokens, unit="token", unit_scale=True,
                   disable=not (progress and self.crew.leads), smoothing=0.1)  # fmt: skip
        with bar:
            self._count()
            if self.step == 0 and evaluate_every:
                self._validate(bar)
            while self.step < steps:
                loss = self._step(network)
                self.step += 1
                due = self.step == steps or self.step % save_every == 0
                if due or self.step % log_every == 0:
                    self._log(loss, bar)
                if evaluate_every and (self.step == steps or self.step % evaluate_every == 0):
                    self._validate(bar)
                if due:
                    self._save()
                    self._count()
                bar.update(tokens)
        if self.metrics and self.out:
            plot(self.out / METRICS, self.out / PICTURE, self.data.floor(self.model.sizes.context))

    def _step(self, network: nn.Module) -> Tensor:
        """Take one step; return the training loss before it, and with it whether the gradient was finite."""
        self.model.train()
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["initial"] * self.recipe.share(self.step)
            optimizer.zero_grad()
        loss = torch.zeros((), device=self.crew.device)
        for rows in self._parts():
            with computing(self.crew.device, self.precision, rows.shape[1]):
                logits = network(shifted(self.model, rows))
            part = F.cross_entropy(logits.float().flatten(0, 1), rows.flatten()) / self.recipe.accumulate
            part.backward()
            loss += part.detach()
        length = nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip)
        for optimizer in self.optimizers:
            optimizer.step()
        return torch.where(length.isfinite(), self.crew.mean(loss), torch.nan)

    def _parts(self) -> Iterator[Tensor]:
        rows = self.data.sequences(self.recipe.seed, self.step, self.recipe.batch, self.model.sizes.context)
        for part in self.crew.share(rows).chunk(self.recipe.accumulate):
            yield part.to(self.crew.device, non_blocking=True)

    def _log(self, loss: Tensor, bar: Any) -> None:
        value = float(loss)  # waits for the device, so the clock is read after it
        self._require_finite(math.isfinite(value))
        bar.set_postfix_str(f"loss {value:.4f}, perplexity {math.exp(min(value, 99)):.2f}")
        if self.metrics:
            rate = (self._tokens() - self._counted[0]) / (time.perf_counter() - self._counted[1])
            self.metrics.write(
                step=self.step, tokens=self._tokens(), loss=value, tokens_per_second=round(rate)
            )
        self._count()

    def _count(self) -> None:
        """Begin to count tokens and seconds anew, so that validating and saving do not count as training."""
        self._counted = self._tokens(), time.perf_counter()

    def _require_finite(self, finite: bool) -> None:
        if not finite:
            raise LMError(
                f"the loss, its gradient or a weight is not finite at step {self.step}; give a lower --rate"
                f"{kept(self.out)}"
            )

    def _validate(self, bar: Any) -> None:
        if not self.crew.leads:
            return
        loss, divergence = self.data.validate(self.model)
        line: dict[str, Any] = {"validation_nll": loss.nll, "perplexity": loss.perplexity}
        if divergence is not None:
            line |= {"kl_to_source": divergence.kl, "kl_standard_error": divergence.standard_error}
        if self.metrics:
            self.metrics.write(step=self.step, tokens=self._tokens(), **line)
        if not bar.disable:
            bar.write(
                f"step {self.step:6}: " + ", ".join(f"{key} {value:.4f}" for key, value in line.items())
            )
        self._count()

    def _tokens(self) -> int:
        return self.step * self.recipe.batch * self.model.sizes.context

    def _save(self) -> None:
        if self.out and self.crew.leads:
            self._require_finite(all(bool(weight.isfinite().all()) for weight in self.model.parameters()))
            states = [optimizer.state_dict() for optimizer in self.optimizers]
            weights = self.model.state_dict()
            save(
                Checkpoint(self.step, self.model.sizes, asdict(self.recipe), self.identity, weights, states),
                self.out / CHECKPOINT,
            )

    def _stopped(self, sizes: Sizes, resume: bool) -> Checkpoint | None:
        """Return the checkpoint to go on from; LMError when the folder's run is not this one."""
        path = self.out / CHECKPOINT if self.out else None
        if path is None or not path.exists():
            return None
        found = load(path)
        if not resume:
            raise LMError(
                f"{path} holds a run of {found.step} steps; go on with it by --resume, or give another --out"
            )
        mine = {"data": self.identity, "sizes": asdict(sizes), "recipe": asdict(self.recipe)}
        its = {"data": found.data, "sizes": asdict(found.sizes), "recipe": found.recipe}
        for part, given in mine.items():
            for name, value in given.items():
                if name not in OF_THE_MACHINE and its[part].get(name) != value:
                    raise LMError(
                        f"{path} is of another run: its {name} is {str(its[part].get(name))[:60]}, yours "
                        f"{str(value)[:60]}; give the same settings, or another --out"
                    )
        return found


def kept(folder: Path | None) -> str:
    """Return the end of an error's sentence: which checkpoint stands."""
    path = folder / CHECKPOINT if folder else None
    return f"; the checkpoint of step {load(path).step} is kept in {path}" if path and path.exists() else ""
