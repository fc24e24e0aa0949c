"""Is text turned into tokens and back, and is a file that cannot be learnt from refused with a reason?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from solutions.lm import LMError  # noqa: E402
from solutions.lm.data import TextData  # noqa: E402
from solutions.lm.model import Sizes, Transformer  # noqa: E402
from solutions.lm.text import Alphabet, read_corpus  # noqa: E402

TEXT = "so it goes, and so it went: äöü.\n" * 40


@given(st.text(alphabet=sorted(set(TEXT)), max_size=30))
def test_characters_come_back(text):
    alphabet = Alphabet("".join(sorted(set(TEXT))))
    tokens = alphabet.encode(text)
    assert alphabet.decode(tokens) == text
    assert tokens.tolist() == [sorted(set(TEXT)).index(symbol) for symbol in text]


@given(st.text(max_size=30).filter(lambda text: text.isprintable()))
def test_bytes_come_back(text):
    assert Alphabet().decode(Alphabet().encode(text)) == text
    assert Alphabet().encode(text).tolist() == list(text.encode())


def test_a_text_is_split_in_nine_tenths_and_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    corpus = read_corpus(path)
    assert corpus.alphabet.vocabulary == len(set(TEXT))
    assert torch.equal(torch.cat([corpus.train, corpus.validation]), corpus.tokens)
    assert len(corpus.train) == len(TEXT) * 9 // 10
    assert corpus.alphabet.decode(corpus.tokens) == TEXT
    assert len(read_corpus(path, "bytes").tokens) == len(TEXT.encode())


def test_training_windows_come_from_the_training_split_only(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("ab" * 450 + "cd" * 50)
    data = TextData(read_corpus(path))
    windows = data.sequences(seed=0, step=3, B=500, T=7)
    assert set(windows.flatten().tolist()) == {0, 1}
    assert torch.equal(windows, data.sequences(seed=0, step=3, B=500, T=7))
    assert not torch.equal(windows, data.sequences(seed=0, step=4, B=500, T=7))
    whole = data.sequences(seed=0, step=0, B=3, T=900)
    assert torch.equal(whole, data.corpus.train.expand(3, -1))  # the only place where it fits
    with pytest.raises(
        LMError, match="900 tokens to learn from; give a longer text, or --context of at most 900"
    ):
        data.sequences(seed=0, step=0, B=1, T=901)


def test_validation_scores_every_character_but_the_first(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    corpus = read_corpus(path)
    model = Transformer(Sizes(corpus.alphabet.vocabulary, context=17, layers=1, heads=1, width=8))
    loss, divergence = TextData(corpus).validate(model)
    assert loss.tokens == len(corpus.validation) - 1
    assert divergence is None
    scored = corpus.alphabet.decode(corpus.validation[1:])
    assert loss.bits_per_character(scored) == pytest.approx(loss.bits)
    assert loss.bits_per_byte(scored) == pytest.approx(loss.bits * len(scored) / len(scored.encode()))


def test_bits_per_character_and_byte_follow_from_bits_per_token():
    alphabet = Alphabet("aé")
    assert alphabet.bits(3.0, alphabet.encode("aéaé")) == {"character": 3.0, "byte": pytest.approx(2.0)}
    tokens = Alphabet().encode("aéaé")
    assert Alphabet().bits(2.0, tokens) == {"character": pytest.approx(3.0), "byte": 2.0}
    assert Alphabet().bits(2.0, tokens[2:-1])["character"] == pytest.approx(
        3.0
    )  # cut inside both é: a and é begin
    assert Alphabet().bits(2.0, torch.tensor([97, 255, 97])) == {"byte": 2.0}  # no UTF-8


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has 0 bytes; give a text of at least 100"),
        (b"tiny", "has 4 bytes"),
        ("é".encode() * 60, "has 60 characters"),
        (b"a" * 200, "has 1 different characters; give a text of 2 to"),
        (b"ab" * 100 + b"\xff", "no UTF-8: byte 200 is 0xff; convert it, or give --unit bytes"),
    ],
)
def test_a_text_that_cannot_be_learnt_from_is_refused(content, said, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(LMError, match=said):
        read_corpus(path)


def test_a_byte_order_mark_is_no_character(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8-sig")
    corpus = read_corpus(path)
    assert corpus.alphabet.decode(corpus.tokens) == TEXT
    assert bytes(read_corpus(path, "bytes").tokens.tolist()) == path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + b"ab" * 100 + b"\xff")
    with pytest.raises(LMError, match="byte 203 is 0xff"):
        read_corpus(path)


def test_what_a_text_to_be_judged_by_lacks_is_said_without_the_advice_for_training(tmp_path):
    path, alphabet = tmp_path / "a.txt", Alphabet("ab")
    for content, said in (
        (b"ab", "at least 100 to be judged by"),
        ("é".encode() * 60, "at least 100 to be judged by"),
        (b"ab" * 100 + b"\xff", "0xff; convert it$"),
    ):
        path.write_bytes(content)
        with pytest.raises(LMError, match=said):
            read_corpus(path, alphabet=alphabet)


def test_bytes_need_no_encoding(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)))
    assert read_corpus(path, "bytes").tokens.tolist() == list(range(256))


def test_a_missing_file_a_folder_and_an_unknown_unit_are_refused(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(LMError, match="could not be read"):
            read_corpus(path)
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    with pytest.raises(LMError, match="give characters or bytes"):
        read_corpus(path, "words")


def test_an_unseen_character_is_named_with_its_place(tmp_path):
    alphabet = Alphabet("ab")
    with pytest.raises(LMError, match=r"character 3 is 'é' \(U\+00E9\).*--unit bytes"):
        alphabet.encode("abé")
    path = tmp_path / "a.txt"
    path.write_text("abc" * 100)
    with pytest.raises(LMError, match="character 3 is 'c'"):
        read_corpus(path, alphabet=alphabet)
