"""A decoder-only Transformer: tokens in, the logits of the next token at every position out.

Shapes: B sequences of T tokens, V tokens in the vocabulary, C channels, H heads of D = C / H channels.

What is not in the paper of 2017, and why it is here:
RMSNorm without a gain before each part (Zhang and Sennrich, 2019), and after the embedding; rotary positions
(Su et al., 2021); queries and keys normalised too, so that no attention logit grows without bound (Henry et al.,
2020); a squared ReLU (So et al., 2021); half of what attention reads comes from the token before (the token
shift of Peng et al., 2023), so that one layer already sees pairs of tokens; one table for the tokens at both
ends (Press and Wolf, 2017). Each part begins as "add nothing", and the gain before the logits begins at 0:
an untrained model gives every token the same probability, and its first loss is log V exactly.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from solutions.lm import LMError

MATRICES = (
    12  # of C by C in a block: 3 for queries, keys and values, 1 that mixes, 4 that widen, 4 that narrow
)


@dataclass(frozen=True)
class Sizes:
    """The sizes of a `Transformer`.

    vocabulary: V, number of tokens. The start symbol is one more and has the number V.
    context: the largest number of positions that are read together, the start symbol's included.
    layers: number of blocks; heads: of attention in each; width: C, number of channels.

    Raises LMError unless all are at least 1 and the width is a multiple of twice the heads.
    """

    vocabulary: int
    context: int = 64
    layers: int = 4
    heads: int = 4
    width: int = 128

    @property
    def parameters(self) -> int:
        """How many numbers a model of these sizes learns."""
        return (self.vocabulary + 2) * self.width + self.layers * MATRICES * self.width**2

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if type(value) is not int or value < 1:
                raise LMError(f"{name} is {value!r}; give a whole number of at least 1")
        if self.width % (2 * self.heads):
            raise LMError(
                f"a width of {self.width} does not split into {self.heads} heads of an even number of channels; "
                f"give a multiple of {2 * self.heads}"
            )


class Transformer(nn.Module):
    """The model. `model(tokens)` gives logits; row t is the distribution of what follows tokens 0..t.

    >>> model = Transformer(Sizes(vocabulary=5, context=8, layers=1, heads=2, width=8))
    >>> model(torch.tensor([[model.start, 0, 4]])).shape
    torch.Size([1, 3, 5])
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.start = sizes.vocabulary
        self.embedding = nn.Embedding(sizes.vocabulary + 1, sizes.width)
        self.blocks = nn.ModuleList(Block(sizes) for _ in range(sizes.layers))
        self.gain = nn.Parameter(torch.zeros(sizes.width))
        self.register_buffer(
            "rotation", rotations(sizes.context, sizes.width // sizes.heads), persistent=False
        )

    def forward(self, tokens: Tensor, cache: "Cache | None" = None) -> Tensor:
        """Return logits ``(B, T, V)`` for tokens ``(B, T)``, int64 in 0..V, where V is the start symbol.

        With a cache the tokens go on where the cache ends, and the cache grows by them.

        Raises LMError for tokens of another type or shape, or more of them than the context holds.
        """
        self._require(tokens, cache)
        first = cache.length if cache is not None else 0
        rotation = self.rotation[first : first + tokens.shape[1]]
        x = norm(self.embedding(tokens))  # (B, T, C)
        for number, block in enumerate(self.blocks):
            x = block(x, rotation, None if cache is None else cache.layers[number])
        if cache is not None:
            cache.length += tokens.shape[1]
        return (norm(x) * self.gain) @ self.embedding.weight[: self.sizes.vocabulary].T

    def cache(self) -> "Cache":
        """Return an empty cache, for sequences that are read piece by piece."""
        return Cache(self.sizes.layers)

    def _require(self, tokens: Tensor, cache: "Cache | None") -> None:
        if tokens.ndim != 2 or tokens.dtype != torch.int64 or tokens.numel() == 0:
            raise LMError(
                f"tokens are {tokens.dtype} {tuple(tokens.shape)}; give int64 (B, T), at least one token"
            )
        length = tokens.shape[1] + (0 if cache is None else cache.length)
        if length > self.sizes.context:
            raise LMError(
                f"{length} positions; the context is {self.sizes.context}, the start symbol included"
            )


class Block(nn.Module):
    """Attention, then a layer that works on each position alone; each adds to the stream x."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        C = sizes.width
        self.heads = sizes.heads
        self.qkv = nn.Linear(C, 3 * C, bias=False)
        self.mix = nn.Linear(C, C, bias=False)
        self.widen = nn.Linear(C, 4 * C, bias=False)
        self.narrow = nn.Linear(4 * C, C, bias=False)
        for linear in (self.qkv, self.widen):
            nn.init.normal_(linear.weight, std=0.7 / C**0.5)
        for linear in (self.mix, self.narrow):
            nn.init.zeros_(linear.weight)

    def forward(self, x: Tensor, rotation: Tensor, past: "LayerCache | None") -> Tensor:
        x = x + self.attention(norm(x), rotation, past)
        return x + self.narrow(F.relu(self.widen(norm(x))).square())

    def attention(self, x: Tensor, rotation: Tensor, past: "LayerCache | None") -> Tensor:
        B, T, C = x.shape
        x = half_from_before(x, None if past is None else past.last(x))
        q, k, v = (
            self.qkv(x).view(B, T, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        )  # (B, H, T, D)
        q, k = rotate(norm(q), rotation), rotate(norm(k), rotation)
        mask = None
        if past is not None:
            k, v = past.extend(k, v)
            mask = torch.ones(T, k.shape[2], dtype=torch.bool, device=x.device).tril(k.shape[2] - T)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        return self.mix(y.transpose(1, 2).reshape(B, T, C))


def norm(x: Tensor) -> Tensor:
    """Return x divided by the root of its mean square over the last axis."""
    return F.rms_norm(x, (x.shape[-1],))


def half_from_before(x: Tensor, before: Tensor | None) -> Tensor:
    """Return x ``(B, T, C)`` with the second half of the channels taken from one position earlier.

    `before` is what stood before the first position, ``(B, 1, C)``; None means nothing did, which reads as 0.
    """
    C = x.shape[-1]
    before = torch.zeros_like(x[:, :1]) if before is None else before
    return torch.cat([x[..., : C // 2], torch.cat([before, x[:, :-1]], dim=1)[..., C // 2 :]], dim=-1)


def rotations(T: int, D: int) -> Tensor:
    """Return the cosine and the sine of position times frequency, ``(T, 2, D/2)``: 1 down to 1/1000 radian a step."""
    angles = torch.arange(T)[:, None] * 1000.0 ** -torch.linspace(0, 1, D // 2)
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def rotate(x: Tensor, rotation: Tensor) -> Tensor:
    """Return x ``(B, H, T, D)`` with the pair of channels (d, d + D/2) turned by the position's angle.

    The product of a query and a key then depends on their distance and not on where they stand.
    """
    cos, sin = rotation.unbind(dim=1)  # each (T, D/2)
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


class Cache:
    """What the blocks keep of the tokens they have read, so that no token is read twice."""

    def __init__(self, layers: int) -> None:
        self.length = 0
        self.layers = [LayerCache() for _ in range(layers)]


class LayerCache:
    """Of one block: keys and values ``(B, H, S, D)`` of S positions, and what attention read at the last."""

    def __init__(self) -> None:
        self.keys: Tensor | None = None
        self.values: Tensor | None = None
        self.read: Tensor | None = None

    def last(self, x: Tensor) -> Tensor | None:
        """Return what attention read at the position before x ``(B, T, C)``, and keep x's own last."""
        before, self.read = self.read, x[:, -1:]
        return before

    def extend(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Return all keys and values so far, these included."""
        if self.keys is not None:
            keys, values = torch.cat([self.keys, keys], dim=2), torch.cat([self.values, values], dim=2)
        self.keys, self.values = keys, values
        return keys, values
