"""The usual small recipe for a character model on a CPU, to measure ours against.

nanoGPT's README gives it: 4 layers, 4 heads, 128 channels, context 64, batch 12, no dropout; AdamW from 1e-3 to 1e-4
by a cosine over 2,000 iterations, 100 of warm-up, β₂ 0.99, weight decay 0.1 on matrices, gradients clipped at 1.
The model is GPT-2's: LayerNorm, GELU, learned positions, tied table. Written anew from that description.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from solutions.lm.data import Data, TextData
from solutions.lm.feeding import shifted
from solutions.lm.model import Sizes

STEPS, WARMUP, BATCH, CONTEXT, RATE, LOWEST = 2000, 100, 12, 64, 1e-3, 1e-4


class Baseline(nn.Module):
    """A GPT-2 of these sizes. Its context is one longer than it reads, for the start symbol that it may be shown."""

    def __init__(self, vocabulary: int, reads_start: bool) -> None:
        super().__init__()
        self.sizes = Sizes(vocabulary, CONTEXT + 1, 4, 4, 128)
        self.start, self.reads_start = vocabulary, reads_start
        self.table = nn.Embedding(vocabulary + 1, self.sizes.width)
        self.positions = nn.Embedding(self.sizes.context, self.sizes.width)
        self.blocks = nn.Sequential(
            *(Block(self.sizes.width, self.sizes.heads) for _ in range(self.sizes.layers))
        )
        self.norm = nn.LayerNorm(self.sizes.width, bias=False)
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                nn.init.normal_(weight, std=0.02 / (math.sqrt(2 * 4) if name.endswith("out.weight") else 1))

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits ``(B, T, V)``; without `reads_start` the start symbol is not read, and its row is 0."""
        unread = 0 if self.reads_start else 1
        logits = self.logits(tokens[:, unread:])
        return F.pad(logits, (0, 0, unread, 0))

    def logits(self, tokens: Tensor) -> Tensor:
        x = self.table(tokens) + self.positions.weight[: tokens.shape[1]]
        return self.norm(self.blocks(x)) @ self.table.weight[: self.start].T


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width, bias=False), nn.LayerNorm(width, bias=False)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.attention_out = nn.Linear(width, width, bias=False)
        self.widen = nn.Linear(width, 4 * width, bias=False)
        self.out = nn.Linear(4 * width, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attention_out(y.transpose(1, 2).reshape(B, T, C))
        return x + self.out(F.gelu(self.widen(self.norm2(x))))


def train_baseline(data: Data, steps: int = STEPS, seed: int = 0) -> Baseline:
    """Return the model after that many iterations of the recipe."""
    torch.manual_seed(seed)
    reads_start = not isinstance(data, TextData)
    model = Baseline(data.vocabulary, reads_start)
    matrices = [weight for weight in model.parameters() if weight.ndim == 2]
    rest = [weight for weight in model.parameters() if weight.ndim != 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], betas=(0.9, 0.99)
    )
    for step in range(steps):
        rows = data.sequences(seed, step, BATCH, CONTEXT + 1)
        inputs, targets = (shifted(model, rows), rows) if reads_start else (rows[:, :-1], rows[:, 1:])
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, steps)
        optimizer.zero_grad()
        F.cross_entropy(model.logits(inputs).flatten(0, 1), targets.flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return model


def _rate(step: int, steps: int) -> float:
    if step < WARMUP:
        return RATE * (step + 1) / (WARMUP + 1)
    fallen = (1 + math.cos(math.pi * (step - WARMUP) / max(1, steps - WARMUP))) / 2
    return LOWEST + fallen * (RATE - LOWEST)
