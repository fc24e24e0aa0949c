"""The processes that train one model together, started by `torchrun`; or the one process that trains alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from solutions.lm.devices import find_device


@dataclass(frozen=True)
class Team:
    """This process's place in the team: number `rank` of `size`, on its device."""

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this is the process that validates, writes and reports."""
        return self.rank == 0

    def share(self, rows: Tensor) -> Tensor:
        """Return this process's rows of a batch whose length the size divides."""
        return rows.chunk(self.size)[self.rank]

    def joined(self, model: nn.Module) -> nn.Module:
        """Return a module that computes as the model does and whose gradients are the team's mean."""
        if self.size == 1:
            return model
        return DistributedDataParallel(
            model, device_ids=[self.device] if self.device.type == "cuda" else None
        )

    def mean(self, value: Tensor) -> Tensor:
        """Return the mean over the team of each process's value."""
        if self.size > 1:
            value = value.clone()
            dist.all_reduce(value)
        return value / self.size


@contextmanager
def team(device: str = "auto") -> Iterator[Team]:
    """Join the team that `torchrun` describes in the environment, and leave it at the end."""
    size, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    found = find_device(device, int(os.environ.get("LOCAL_RANK", 0)))
    if found.type == "cuda":
        torch.cuda.set_device(found)
    if size > 1:
        dist.init_process_group("nccl" if found.type == "cuda" else "gloo")
    try:
        yield Team(rank, size, found)
    finally:
        if size > 1:
            dist.destroy_process_group()
