"""Where a model is trained, and in which precision its large products are computed."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from solutions.lm import LMError

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "float32", "bfloat16")


def find_device(name: str = "auto", local_rank: int = 0) -> torch.device:
    """Return the device of that name; "auto" takes CUDA where there is one, then MPS, then the CPU.

    Raises LMError when this machine has no such device.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name not in DEVICES:
        raise LMError(f"the device is {name!r}; give one of {', '.join(DEVICES)}")
    if name == "auto":
        name = next(device for device, is_there in there.items() if is_there)
    if not there[name]:
        raise LMError(
            f"this machine (or this build of Torch, {torch.__version__}) has no {name} device; "
            "give --device auto or --device cpu"
        )
    if name != "cuda":
        return torch.device(name)
    if local_rank >= torch.cuda.device_count():
        raise LMError(
            f"this is process {local_rank + 1} on a machine of {torch.cuda.device_count()} GPUs; "
            "start no more processes than that (torchrun --nproc-per-node)"
        )
    return torch.device("cuda", local_rank)


def find_precision(name: str, device: torch.device) -> torch.dtype:
    """Return the type of large products; "auto" takes bfloat16 where the hardware multiplies it, else float32.

    Weights, sums and losses are float32 in any case.
    """
    if name not in PRECISIONS:
        raise LMError(f"the precision is {name!r}; give one of {', '.join(PRECISIONS)}")
    if name != "auto":
        return torch.float32 if name == "float32" else torch.bfloat16
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    elif device.type == "cpu":
        has = torch.cpu.get_capabilities()
        fast = bool(has.get("avx512_bf16") or has.get("amx_bf16"))
    else:
        fast = False
    return torch.bfloat16 if fast else torch.float32


@contextmanager
def computing(device: torch.device, precision: torch.dtype, positions: int) -> Iterator[None]:
    """Run the forward pass of training in that precision, on sequences of that many positions."""
    with ExitStack() as stack:
        if precision != torch.float32:
            stack.enter_context(torch.autocast(device.type, precision))
        if device.type == "cpu" and positions <= 256:
            # On short sequences the CPU's fused attention is slower backwards than the plain products: at 65
            # positions 2.3 ms against 1.8 ms in float32, and 9 ms against 2 ms in bfloat16 (Torch 2.13).
            stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        yield


def total_memory(device: torch.device) -> int | None:
    """Return the bytes of memory of the device, or None where nobody says: on MPS, and on a CPU outside POSIX."""
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def not_compiled(error: RuntimeError) -> bool:
    """Return whether the error comes from Torch's compiler; its own types are slow to import."""
    return type(error).__module__.startswith(("torch._dynamo", "torch._inductor"))


def out_of_memory(error: RuntimeError) -> bool:
    """Return whether the error says that the device's memory is used up."""
    return isinstance(error, torch.OutOfMemoryError) or any(
        words in str(error) for words in ("can't allocate memory", "not enough memory", "out of memory")
    )
