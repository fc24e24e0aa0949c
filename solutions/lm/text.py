"""Text as tokens: characters or bytes of a file, split into a part to learn from and a part to be judged by."""

import codecs
import itertools
import string
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from solutions.lm import LMError

SHORTEST = 100  # characters or bytes; below it the validation split has less than ten tokens
MAX_CHARACTERS = 20_000  # distinct ones; a table of more is no character model any more


@dataclass(frozen=True)
class Alphabet:
    """What tokens stand for: token i is the i-th symbol, or the byte i when there are no symbols.

    >>> Alphabet("abc").encode("cab")
    tensor([2, 0, 1])
    >>> Alphabet().decode(Alphabet().encode("é"))
    'é'
    """

    symbols: str = ""

    @property
    def vocabulary(self) -> int:
        """V, the number of tokens."""
        return len(self.symbols) or 256

    @property
    def unit(self) -> str:
        """What one token is."""
        return "character" if self.symbols else "byte"

    def encode(self, text: str) -> Tensor:
        """Return the text's tokens, int64 ``(N,)``. Raises LMError for a character that has no token."""
        if not self.symbols:
            try:
                return torch.tensor(list(text.encode()), dtype=torch.int64)
            except (
                UnicodeEncodeError
            ) as error:  # a half of a surrogate pair, as from a terminal that sends no UTF-8
                raise LMError(
                    f"character {error.start + 1} is {text[error.start]!r}, which UTF-8 does not have; leave it out"
                ) from error
        number = {symbol: token for token, symbol in enumerate(self.symbols)}
        unseen = next((place for place, symbol in enumerate(text) if symbol not in number), None)
        if unseen is not None:
            raise LMError(
                f"character {unseen + 1} is {text[unseen]!r} (U+{ord(text[unseen]):04X}), which the training text "
                "does not have; leave it out, or train another model, with `train --unit bytes`, that knows every one"
            )
        return torch.tensor([number[symbol] for symbol in text], dtype=torch.int64)

    def bits(self, per_token: float, tokens: Tensor) -> dict[str, float]:
        """Return bits per character and per byte of these tokens' text, from bits per token.

        A byte of the form 10xxxxxx goes on with a character, any other begins one, so a text that was cut inside a
        character counts right. Bytes that are no UTF-8 at all have no characters.
        """
        if self.symbols:
            return {
                "character": per_token,
                "byte": per_token * len(tokens) / len(self.decode(tokens).encode()),
            }
        begins = int((tokens & 0b1100_0000 != 0b1000_0000).sum())
        whole = bytes(tokens.tolist()).lstrip(bytes(range(0b1000_0000, 0b1100_0000)))
        try:
            codecs.getincrementaldecoder("utf-8")().decode(whole)  # which minds no cut at the end
        except UnicodeDecodeError:
            return {"byte": per_token}
        return {"character": per_token * len(tokens) / begins, "byte": per_token}

    def decode(self, tokens: Tensor | Sequence[int]) -> str:
        """Return the tokens' text; bytes that are no UTF-8 become the replacement character."""
        tokens = [int(token) for token in tokens]
        return (
            "".join(self.symbols[t] for t in tokens)
            if self.symbols
            else bytes(tokens).decode(errors="replace")
        )


@dataclass(frozen=True)
class Corpus:
    """A text file: its alphabet, its tokens ``(N,)``, and where the validation split begins."""

    name: str
    alphabet: Alphabet
    tokens: Tensor

    @property
    def train(self) -> Tensor:
        """The first nine tenths."""
        return self.tokens[: len(self.tokens) * 9 // 10]

    @property
    def validation(self) -> Tensor:
        """The last tenth."""
        return self.tokens[len(self.tokens) * 9 // 10 :]


def letters(V: int) -> str:
    """Return V letters to show a source's tokens by: those of ASCII, then those of other alphabets.

    >>> letters(54)[:3], letters(54)[51:]
    ('abc', 'ZÀÁ')
    """
    others = filter(str.isalpha, map(chr, range(0xC0, sys.maxunicode)))
    return "".join(itertools.islice(itertools.chain(string.ascii_letters, others), V))


def read_corpus(path: Path | str, unit: str = "characters", alphabet: Alphabet | None = None) -> Corpus:
    """Return a text file as tokens.

    Args:
        path: a file in UTF-8. A byte order mark at its beginning is no character of the text and is left out;
            as bytes, everything is kept.
        unit: "characters" or "bytes".
        alphabet: of a model that is to read this file; made from the file's own characters when left out.

    Raises:
        LMError: for a file that is missing, empty, too short or no UTF-8, and for a character that the alphabet
            does not have.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LMError(f"{path} could not be read ({error.strerror}); give a text file") from error
    aim = "to learn from" if alphabet is None else "to be judged by"
    if len(content) < SHORTEST:
        raise LMError(f"{path} has {len(content)} bytes; give a text of at least {SHORTEST} {aim}")
    if alphabet is not None:
        unit = f"{alphabet.unit}s"
    if unit not in ("characters", "bytes"):
        raise LMError(f"the unit is {unit!r}; give characters or bytes")
    if unit == "bytes":
        tokens = torch.frombuffer(bytearray(content), dtype=torch.uint8).long()
        return Corpus(path.name, Alphabet(), tokens)
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        place = error.start + len(content) - len(content.removeprefix(codecs.BOM_UTF8))
        remedy = "convert it, or give --unit bytes" if alphabet is None else "convert it"
        raise LMError(f"{path} is no UTF-8: byte {place} is {content[place]:#04x}; {remedy}") from error
    if len(text) < SHORTEST:
        raise LMError(f"{path} has {len(text)} characters; give a text of at least {SHORTEST} {aim}")
    symbols = "".join(sorted(set(text)))
    if alphabet is None and not 2 <= len(symbols) <= MAX_CHARACTERS:
        raise LMError(
            f"{path} has {len(symbols)} different characters; give a text of 2 to {MAX_CHARACTERS} of them"
        )
    alphabet = alphabet or Alphabet(symbols)
    return Corpus(path.name, alphabet, alphabet.encode(text))
