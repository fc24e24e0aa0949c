"""The commands ``python -m solutions.lm train|evaluate|sample|score|search|audit``."""

import argparse
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from solutions.lm import LMError, verbs
from solutions.lm.checkpoint import Checkpoint, load
from solutions.lm.data import Data, SourceData, TextData
from solutions.lm.devices import DEVICES, PRECISIONS, find_device
from solutions.lm.generation import generate
from solutions.lm.model import Sizes
from solutions.lm.reports import print_report
from solutions.lm.sources import SOURCES
from solutions.lm.text import Alphabet, read_corpus
from solutions.lm.training import CHECKPOINT, Recipe, train

HELP = {
    "context": "positions that are read together, the start symbol included",
    "layers": "number of blocks",
    "heads": "heads of attention in each block",
    "width": "channels",
    "steps": "optimisation steps",
    "batch": "sequences a step, over all processes together",
    "accumulate": "parts into which a batch is cut to need less memory",
    "optimizer": "muon, or adamw for all parameters",
    "rate": "of the matrices at the start (0.06 for muon, 0.003 for adamw)",
    "table_rate": "of the table of tokens at the start",
    "momentum": "of muon",
    "weight_decay": "of the matrices",
    "clip": "the largest norm of the gradient",
    "warmup": "steps in which the rates rise",
    "seed": "of the weights and the batches",
    "precision": f"of large products: {', '.join(PRECISIONS)}",
    "compile": "compile the model first (torch.compile); pays in long runs",
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the commands."""
    commands = argparse.ArgumentParser(prog="python -m solutions.lm", description="A small language model.")
    sub = commands.add_subparsers(dest="command", required=True)
    formatter = argparse.ArgumentDefaultsHelpFormatter

    training = sub.add_parser("train", help="train a model", formatter_class=formatter)
    data = training.add_mutually_exclusive_group()
    data.add_argument(
        "--source", choices=sorted(SOURCES), default="markov", help="a source whose entropy rate is known"
    )
    data.add_argument(
        "--text", type=Path, help="a text file to learn from instead", default=argparse.SUPPRESS
    )
    training.add_argument(
        "--unit", choices=("characters", "bytes"), default="characters", help="of a text's tokens"
    )
    training.add_argument(
        "--out", type=Path, required=True, help="folder for checkpoint, metrics and picture"
    )
    training.add_argument("--resume", action="store_true", help="go on with the run that the folder holds")
    for field in [*fields(Sizes), *fields(Recipe)]:
        if field.name in HELP:
            _add(training, field.name, field.default)
    for name, steps in (("evaluate", 100), ("save", 100), ("log", 10)):
        training.add_argument(f"--{name}-every", type=int, default=steps, help="steps")

    evaluation = sub.add_parser(
        "evaluate", help="print what a trained model is worth", formatter_class=formatter
    )
    evaluation.add_argument("run", type=Path, help="the folder that train wrote")
    evaluation.add_argument(
        "--text", type=Path, help="judge by this text's last tenth; needed for a model of text"
    )

    sampling = sub.add_parser("sample", help="print what a trained model writes", formatter_class=formatter)
    sampling.add_argument("run", type=Path, help="the folder that train wrote")
    sampling.add_argument("--prompt", default="", help="how the text begins")
    sampling.add_argument("--length", type=int, default=500, help="tokens to add")
    sampling.add_argument(
        "--temperature", type=float, default=1.0, help="0 takes the most probable token always"
    )
    sampling.add_argument("--top-k", type=int, help="draw from the k most probable tokens only")
    sampling.add_argument(
        "--top-p", type=float, help="draw from the most probable tokens that have this together"
    )
    sampling.add_argument("--seed", type=int, default=0, help="of the draws")
    for command in (training, evaluation, sampling, *verbs.add_verbs(sub, formatter)):
        command.add_argument("--device", choices=DEVICES, default="auto", help="where to compute")
    return commands


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with a sentence on stderr when it could not."""
    given = parser().parse_args(arguments)
    try:
        if given.command in verbs.COMMANDS:
            verbs.run(given, _found)
        else:
            {"train": _train, "evaluate": _evaluate, "sample": _sample}[given.command](given)
    except LMError as error:
        print(f"solutions.lm: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        resume = "; go on with --resume from the last checkpoint" if given.command == "train" else ""
        print(f"solutions.lm: stopped{resume}", file=sys.stderr)
        return 130
    return 0


def _add(command: argparse.ArgumentParser, name: str, default: Any) -> None:
    option = f"--{name.replace('_', '-')}"
    if isinstance(default, bool):
        command.add_argument(option, action="store_true", help=HELP[name])
    else:
        kind = float if default is None else type(default)
        command.add_argument(option, type=kind, default=default, help=HELP[name])


def _train(given: argparse.Namespace) -> None:
    text = getattr(given, "text", None)
    data: Data = TextData(read_corpus(text, given.unit)) if text else SourceData(SOURCES[given.source]())
    settings = vars(given)
    sizes = Sizes(data.vocabulary, **{f.name: settings[f.name] for f in fields(Sizes) if f.name in settings})
    recipe = Recipe(**{f.name: settings[f.name] for f in fields(Recipe)})
    train(data, sizes, recipe, given.out, device=given.device, evaluate_every=given.evaluate_every,
          save_every=given.save_every, log_every=given.log_every, resume=given.resume, progress=True)  # fmt: skip


def _evaluate(given: argparse.Namespace) -> None:
    checkpoint = _found(given.run)
    data = _data(checkpoint, given.text)
    model = checkpoint.model(find_device(given.device))
    loss, divergence = data.validate(model)
    report: dict[str, Any] = {"data": data.name, "step": checkpoint.step, "tokens": loss.tokens}
    report |= {
        "nll": loss.nll,
        "standard_error": loss.standard_error,
        "perplexity": loss.perplexity,
        "bits": loss.bits,
    }
    if isinstance(data, TextData):
        per = data.corpus.alphabet.bits(loss.bits, data.corpus.validation[1:])
        report |= {f"bits_per_{unit}": bits for unit, bits in per.items()}
    if divergence is not None:
        report |= {"floor": data.floor(model.sizes.context), "kl_to_source": divergence.kl}
        report["kl_standard_error"] = divergence.standard_error
    report["calibration"] = asdict(data.calibrate(model))
    print_report(report)


def _sample(given: argparse.Namespace) -> None:
    checkpoint = _found(given.run)
    model = checkpoint.model(find_device(given.device))
    alphabet = verbs.alphabet_of(checkpoint)
    prompt = alphabet.encode(given.prompt)[None]
    tokens = generate(
        model,
        given.length,
        given.seed,
        prompt=prompt,
        temperature=given.temperature,
        top_k=given.top_k,
        top_p=given.top_p,
    )
    print(alphabet.decode(tokens[0]))


def _found(run: Path) -> Checkpoint:
    return load(run / CHECKPOINT if run.is_dir() else run)


def _data(checkpoint: Checkpoint, text: Path | None) -> Data:
    """Return the data that a checkpoint's model is judged by."""
    if text is None and checkpoint.data["kind"] == "text":
        raise LMError(
            f"this model was trained on the text {checkpoint.data['name']}; give a text with --text"
        )
    if text is not None and checkpoint.data["kind"] != "text":
        raise LMError(f"this model was trained on {checkpoint.data['name']}, not on a text; leave --text out")
    if text is not None:
        return TextData(read_corpus(text, alphabet=Alphabet(checkpoint.data["symbols"])))
    for make in SOURCES.values():
        if (source := make()).name == checkpoint.data["name"]:
            return SourceData(source)
    raise LMError(f"the source {checkpoint.data['name']!r} is not among {', '.join(SOURCES)}; train again")


if __name__ == "__main__":
    sys.exit(main())
