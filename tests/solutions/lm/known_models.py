"""Models whose distributions are known: a source, or its bigram, behind the interface of the Transformer."""

from types import SimpleNamespace

import torch
from torch import nn


class SourceModel(nn.Module):
    """Logits are the logs of a source's conditionals, times `sharpness`."""

    def __init__(self, source, context=16, sharpness=1.0):
        super().__init__()
        self.source, self.sharpness, self.start = source, sharpness, source.vocabulary
        self.sizes = SimpleNamespace(vocabulary=source.vocabulary, context=context)
        self.weight = nn.Parameter(torch.zeros(1))  # so that there is a gradient to switch off
        self.fed = []

    def forward(self, tokens):
        assert tokens.shape[1] <= self.sizes.context
        assert (tokens[:, 0] == self.start).all()
        assert not self.training
        assert not torch.is_grad_enabled()
        self.fed.append(tokens)
        return self.sharpness * self.source.next_probs(tokens[:, 1:]).log() + self.weight.double()


class BigramModel(SourceModel):
    """Logits are the logs of the source's bigram; after the start symbol, of its unigram."""

    def forward(self, tokens):
        self.fed.append(tokens)
        return torch.cat([self.source.bigram(), self.source.unigram()[None]]).log()[tokens]


class CachedSourceModel(SourceModel):
    """The same with a cache that remembers the tokens."""

    def cache(self):
        return []

    def forward(self, tokens, cache=None):
        if cache is None:
            return super().forward(tokens)
        cache.append(tokens)
        everything = torch.cat(cache, dim=1)
        logits = super().forward(everything)[:, everything.shape[1] - tokens.shape[1] :]
        self.fed[-1] = tokens
        return logits
