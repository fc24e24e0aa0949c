"""The commands ``python -m solutions.lm score|search|audit``: what a trained model, or a foreign table, is asked."""

import argparse
import codecs
import json
import math
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from solutions import SolutionsError, decoding
from solutions.audit import audit
from solutions.lm import LMError
from solutions.lm.checkpoint import Checkpoint
from solutions.lm.devices import find_device
from solutions.lm.reports import print_report
from solutions.lm.scores import Score, prefix_model, score
from solutions.lm.text import Alphabet, letters
from solutions.ranking import rank

RULES: dict[str, Callable[[Score], float]] = {
    "sum": lambda found: found.log_prob,
    "token": lambda found: found.per_token,
    "byte": lambda found: found.per_byte,
}
COMMANDS = ("score", "search", "audit")
TABLE = ("rows", "tokens", "scores", "start")


def add_verbs(sub: Any, formatter: Any) -> list[argparse.ArgumentParser]:
    """Add the three commands to the parser, and return those that run a model."""
    scoring = sub.add_parser(
        "score", help="print how probable texts are to a trained model", formatter_class=formatter
    )
    scoring.add_argument("run", type=Path, help="the folder that train wrote")
    scoring.add_argument(
        "--prompt", default="", help="what stands before each text; it is read and not scored"
    )
    texts = scoring.add_mutually_exclusive_group(required=True)
    texts.add_argument(
        "--text", dest="texts", action="append", help="a text to score; may be given several times"
    )
    texts.add_argument("--file", type=Path, help="a file with one candidate a line")
    texts.add_argument("--whole-file", type=Path, help="a file that is one text, however long")
    scoring.add_argument("--rank", choices=RULES, default="sum", help="what comes first: the sum, or a mean")
    scoring.add_argument(
        "--stride", type=int, help="tokens from window to window; half the context if left out"
    )

    search = sub.add_parser(
        "search", help="print a probable text of a trained model", formatter_class=formatter
    )
    search.add_argument("run", type=Path, help="the folder that train wrote")
    search.add_argument("--prompt", default="", help="how the text begins; it is not scored")
    search.add_argument("--length", type=int, default=20, help="the most tokens to add")
    search.add_argument("--width", type=int, default=4, help="of the beam; 1 is greedy")
    search.add_argument("--best-first", action="store_true", help="search exactly instead; for short texts")
    search.add_argument(
        "--limit", type=int, default=20_000, help="prefixes that the exact search may ask about"
    )
    search.add_argument("--end", help="a character or byte with which a text ends, such as a full stop")

    auditing = sub.add_parser(
        "audit", help="say what a table of log-probabilities is", formatter_class=formatter
    )
    auditing.add_argument(
        "table",
        type=Path,
        help='JSON: {"rows": [[…], …]}, one row a place and one number a token of the vocabulary; and where they are '
        'known "tokens", "scores" (one number a place) and "start" (the start symbol)',
    )
    return [scoring, search]


def run(given: argparse.Namespace, found: Callable[[Path], Checkpoint]) -> None:
    """Run one of the commands. found: opens the checkpoint of a run. Raises LMError."""
    if given.command == "audit":
        print_report(_audited(given.table))
        return
    checkpoint = found(given.run)
    model, alphabet = checkpoint.model(find_device(given.device)), alphabet_of(checkpoint)
    print_report(
        _scored(given, model, alphabet) if given.command == "score" else _searched(given, model, alphabet)
    )


def alphabet_of(checkpoint: Checkpoint) -> Alphabet:
    """Return what a model's tokens stand for; those of a source are shown as letters."""
    return Alphabet(checkpoint.data.get("symbols", letters(checkpoint.sizes.vocabulary)))


def _scored(given: argparse.Namespace, model: nn.Module, alphabet: Alphabet) -> list[dict[str, Any]]:
    """Return the texts with their scores, the best one first; texts without a token, such as blank lines, come last."""
    prompt = alphabet.encode(given.prompt)
    if given.whole_file and not alphabet.symbols:  # as training reads it: whatever its bytes are
        content = _bytes(given.whole_file)
        tokens = torch.tensor(list(content), dtype=torch.int64)
        texts = [alphabet.decode(tokens)]
        scores = [score(model, prompt, tokens, content, stride=given.stride)]
    else:
        texts = given.texts or (_lines(given.file) if given.file else [_read(given.whole_file)])
        scores = [score(model, prompt, alphabet.encode(text), text, stride=given.stride) for text in texts]
    order = rank([RULES[given.rank](each) if each.tokens else -math.inf for each in scores])
    return [
        {"text": texts[n]}
        | asdict(scores[n])
        | {"per_token": scores[n].per_token, "per_byte": scores[n].per_byte}
        for n in order
    ]


def _searched(given: argparse.Namespace, model: nn.Module, alphabet: Alphabet) -> list[dict[str, Any]]:
    """Return the texts that the search found, the most probable one first."""
    prompt = tuple(alphabet.encode(given.prompt).tolist())
    end = None
    if given.end is not None:
        if len(symbols := alphabet.encode(given.end).tolist()) != 1:
            raise LMError(f"the end is {given.end!r}, {len(symbols)} tokens; give one {alphabet.unit}")
        end = symbols[0]
    asked = prefix_model(model)
    try:
        if given.best_first:
            texts = [decoding.best_first(asked, given.length, prompt=prompt, end=end, limit=given.limit)]
        elif given.width == 1:
            texts = [decoding.greedy(asked, given.length, prompt=prompt, end=end)]
        else:
            texts = decoding.beam_search(asked, given.width, given.length, prompt=prompt, end=end)
    except SolutionsError as error:
        raise LMError(str(error)) from error
    return [
        {
            "text": alphabet.decode(each.tokens),
            "log_prob": each.log_prob,
            "whole": each.ended,
            "certainly_the_mode": each.is_the_mode,
            "prefixes_asked": each.asked,
        }
        for each in texts
    ]


def _audited(path: Path) -> dict[str, Any]:
    """Return what a table is, and what is wrong with it."""
    table = _table(path)
    try:
        found = audit(table["rows"], table.get("tokens"), table.get("scores"), start=table.get("start"))
    except SolutionsError as error:
        raise LMError(f"{path}: {error}") from error
    report: dict[str, Any] = {"kind": found.kind, "nll": found.nll, "shift": found.shift}
    if found.nll is not None:
        report["perplexity"] = math.exp(found.nll) if found.nll < 700 else math.inf
    return report | {"findings": list(found.findings)}


def _table(path: Path) -> dict[str, Any]:
    """Return a table by its names. Raises LMError for other JSON, and for a name that nobody would look at."""
    try:
        table = json.loads(_read(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise LMError(
            f'{path} is no JSON ({error}); give a table such as {{"rows": [[-0.1054, -2.3026]]}}'
        ) from error
    if not isinstance(table, dict) or "rows" not in table:
        raise LMError(f'{path} has no rows; give a table such as {{"rows": [[-0.1054, -2.3026]]}}')
    if unknown := sorted(table.keys() - set(TABLE)):
        raise LMError(
            f"{path} has {', '.join(unknown)}; give rows, and where they are known {', '.join(TABLE[1:])}"
        )
    return table


def _lines(path: Path) -> list[str]:
    """Return a file's lines, with any of the usual ends; a form feed and its like stand inside of a line."""
    lines = re.split(r"\r\n|\r|\n", _read(path))
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise LMError(f"{path} is empty; give one candidate a line")
    return lines


def _read(path: Path) -> str:
    """Return a file's text; a byte order mark at its beginning is no character of it."""
    content = _bytes(path).removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise LMError(f"{path} is no UTF-8 (byte {error.start}); convert it") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LMError(f"{path} could not be read ({error.strerror}); give a file") from error
