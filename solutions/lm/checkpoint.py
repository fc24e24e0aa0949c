"""Checkpoints: all that is needed to go on exactly where training stopped, in one file that is never half written."""

import os
import warnings
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from solutions.lm import LMError
from solutions.lm.model import Sizes, Transformer

FORMAT = "surprisal.lm"
VERSION = 1


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds.

    step: optimisation steps taken. sizes: of the model. recipe: as the training command was given it.
    data: what the tokens were and stand for; two runs go on from each other only when it is equal.
    weights, optimizers: state dictionaries.
    """

    step: int
    sizes: Sizes
    recipe: dict[str, Any]
    data: dict[str, Any]
    weights: dict[str, Any]
    optimizers: list[dict[str, Any]]

    def model(self, device: torch.device | str = "cpu") -> Transformer:
        """Return the model on that device."""
        model = Transformer(self.sizes)
        try:
            model.load_state_dict(self.weights)
        except (RuntimeError, KeyError, TypeError, AttributeError) as error:
            raise LMError(f"the checkpoint's weights do not fit its sizes {self.sizes}: {error}") from error
        return model.to(device)


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write the file: beside its place first, then moved there, so that a kill leaves the one before.

    Raises LMError when it cannot be written; the one before stays.
    """
    content = {"format": FORMAT, "version": VERSION, **vars(checkpoint), "sizes": asdict(checkpoint.sizes)}
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except (OSError, RuntimeError) as error:  # Torch raises RuntimeError for a disk that is full
        beside.unlink(missing_ok=True)
        kept = "; the one before is kept" if path.exists() else ""
        raise LMError(f"the checkpoint {path} could not be written ({error}){kept}") from error


def load(path: Path | str) -> Checkpoint:
    """Return the file's checkpoint, its tensors on the CPU. No code in the file is run.

    Raises LMError for a file that is missing, damaged or not of this program.
    """
    path = Path(path)
    if not path.is_file():
        raise LMError(f"there is no checkpoint {path}; give the folder that `train --out` was given")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Torch warns of in a foreign file, the error below says
            content = torch.load(path, map_location="cpu", weights_only=True)
        with zipfile.ZipFile(path) as archive:  # Torch does not look at the check sums
            broken = archive.testzip()
        if broken is not None:
            raise zipfile.BadZipFile(broken)
    except (
        Exception
    ) as error:  # a file of other bytes makes Torch's reader fail in any way, IndexError included
        raise LMError(
            f"{path} is damaged or no checkpoint of this program ({type(error).__name__}); train again, or give another"
        ) from error
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise LMError(
            f"{path} is a file of another program; give a checkpoint that `python -m solutions.lm train` wrote"
        )
    version = content.pop("version", None)
    if version != VERSION:
        raise LMError(
            f"{path} has version {version!r}, this program reads {VERSION}; use the program that wrote it"
        )
    try:
        found = Checkpoint(**{**content, "sizes": Sizes(**content["sizes"])})
    except (TypeError, KeyError, LMError) as error:
        raise LMError(
            f"{path} lacks parts of a checkpoint ({error}); train again, or give another"
        ) from error
    wrong = _wrong_part(found)
    if wrong:
        raise LMError(
            f"{path} was altered: its {wrong} is not what this program writes; train again, or give another"
        )
    return found


def _wrong_part(found: Checkpoint) -> str | None:
    """Return the first part whose content no run of this program writes."""
    data, symbols = found.data, found.data.get("symbols", "") if isinstance(found.data, dict) else None
    sound = {
        "step": type(found.step) is int and found.step >= 0,
        "recipe": isinstance(found.recipe, dict),
        "data": isinstance(data, dict)
        and isinstance(data.get("name"), str)
        and data.get("kind") in ("source", "text"),
        "alphabet": isinstance(symbols, str) and (not symbols or len(symbols) == found.sizes.vocabulary),
        "weights": isinstance(found.weights, dict),
        "optimizers": isinstance(found.optimizers, list)
        and all(isinstance(each, dict) for each in found.optimizers),
    }
    return next((part for part, is_sound in sound.items() if not is_sound), None)
