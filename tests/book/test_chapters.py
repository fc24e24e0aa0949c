"""The chapters' prose and cells agree: numbers, equations, pictures, references."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom, multinomial, norm

from solutions import information
from tests.book.executed import Chapter
from tests.book.oracles import AUTOGRAD, BEYOND, DECODING, EXAM, LANGUAGE_MODEL, MAXIMUM_LIKELIHOOD, SEQUENCES

GLUE = re.compile(r"\{glue:text\}`([^`:]+)(?::[^`]*)?`")
LOGITS, THREE = [2.0, 1.0, 3.0], [1 / 2, 1 / 8, 1 / 4]
LENGTHS, MEAN_NLLS = np.array([16, 4]), np.array([1.5, 4.0])
SENTENCE = "The naïve café owner slept."
FAIR, BIASED, CERTAIN = [0.5, 0.5], [0.7, 0.3], [1.0, 0.0]
TOSSES = [[0.25, 0.25, 0.35, 0.15], [0.35, 0.35, 0.15, 0.15]]  # two tosses: of the data, of the model
COINS = [[1 / 2, 1 / 2], [1 / 4, 3 / 4], [1 / 10, 9 / 10]]
FOUR, UNIFORM = [1 / 2, 1 / 4, 1 / 8, 1 / 8], [1 / 4] * 4
DRAWN = multinomial(20, [0.5, 0.3, 0.2])
OUTCOMES_OF_20 = [(i, j, 20 - i - j) for i in range(21) for j in range(21 - i)]
SMOOTHED = [0.91] + [0.01] * 9
BINS = np.linspace(-12.0, 12.0, 3001)  # of the mixture that a Gaussian is fitted to


def squared_error(step: float) -> float:
    """Return ½ Σ_i (ŷ_i − δ_iy)² for the logits (step, 6), where the first class was observed."""
    probs = information.softmax([step, 6.0])
    return float(((probs - np.array([1.0, 0.0])) ** 2).sum() / 2)


def binned(mean: float, sd: float) -> np.ndarray:
    """Return the probabilities of narrow bins under a Gaussian."""
    cells = norm.pdf(BINS, mean, sd)
    return cells / cells.sum()


# Each number that the prose quotes, computed a second time by the reference implementations.
ORACLES: dict[str, dict[str, Any]] = {
    "01_sequences": SEQUENCES,
    "02_maximum_likelihood": MAXIMUM_LIKELIHOOD,
    "03_kl_divergence": {
        "kl-forward": information.kl_divergence(FAIR, BIASED),
        "kl-reverse": information.kl_divergence(BIASED, FAIR),
        "kl-forward-bits": information.bits_from_nats(information.kl_divergence(FAIR, BIASED)),
        "kl-reverse-bits": information.bits_from_nats(information.kl_divergence(BIASED, FAIR)),
        "kl-first-term": (information.surprisal(0.5) - information.surprisal(0.7)) / 2,
        "kl-second-term": (information.surprisal(0.3) - information.surprisal(0.5)) / 2,
        "kl-straight": information.kl_divergence(COINS[0], COINS[2]),
        "kl-detour": information.kl_divergence(COINS[:2], COINS[1:]).sum(),
        "kl-never-fair": information.kl_divergence(CERTAIN, FAIR),
        "kl-chain-next": information.kl_divergence(BIASED, FAIR) / 2,
        "kl-chain-texts": information.kl_divergence(*TOSSES),
        "kl-chain-swapped": information.kl_divergence(FAIR, BIASED) + 0.3 * information.kl_divergence(BIASED, FAIR),
        "kl-negative-percent": 100 * binom(20, 0.5).sf(20 * np.log(5 / 3) / np.log(7 / 3)),
        "softmax-zero": 104,  # exp(-103.97) is half of the smallest float32
    },
    "04_cross_entropy": {
        "worked-entropy": information.entropy(FAIR),
        "worked-kl": information.kl_divergence(FAIR, BIASED),
        "worked-ce": information.cross_entropy(FAIR, BIASED),
        "worked-ce-swapped": information.cross_entropy(BIASED, FAIR),
        "worked-ce-bits": information.bits_from_nats(information.cross_entropy(FAIR, BIASED)),
        "code-right": information.bits_from_nats(information.entropy(FOUR)),
        "code-equal": information.bits_from_nats(information.cross_entropy(FOUR, UNIFORM)),
        "code-wrong": information.bits_from_nats(information.cross_entropy(FOUR, FOUR[::-1])),
        "price-right": 0.0,
        "price-equal": information.bits_from_nats(information.kl_divergence(FOUR, UNIFORM)),
        "price-wrong": information.bits_from_nats(information.kl_divergence(FOUR, FOUR[::-1])),
        "linear-timid": 0.7 * 0.6 + 0.3 * 0.4,
        "linear-honest": 0.7**2 + 0.3**2,
        "linear-boastful": 0.7 * 0.99 + 0.3 * 0.01,
        "smooth-gap": information.surprisal(0.01) - information.surprisal(0.91),
        "smooth-floor": information.entropy(SMOOTHED),
        "smooth-nll": information.cross_entropy([1.0] + [0.0] * 9, SMOOTHED),
        "smooth-label-spared": 0.9,
        "sample-entropy": information.entropy(DRAWN.p),
        "sample-fitted": sum(
            DRAWN.pmf(counts) * information.entropy(np.array(counts) / 20) for counts in OUTCOMES_OF_20
        ),
        "sample-below-percent": 100 * sum(
            DRAWN.pmf(counts) for counts in OUTCOMES_OF_20
            if np.dot(counts, information.surprisal(DRAWN.p)) < 20 * information.entropy(DRAWN.p)
        ),
        "loss-uniform": information.surprisal(1 / 50_257),
        "loss-2.1-bits": information.bits_from_nats(2.1),
        "loss-2.1-probability": 1 / information.perplexity(2.1),
        "loss-tenth": information.perplexity(0.1),
    },
    "05_softmax_gradient": {
        "worked-lse": information.log_sum_exp(LOGITS),
        "worked-nll-from-0": information.nll_from_logits(LOGITS, 2),
        "worked-nll-from-1": information.nll_from_logits(LOGITS, 1),
        "worked-p-2": information.softmax(LOGITS)[1],
        "worked-p-3": information.softmax(LOGITS)[2],
        "worked-p-wrong": -information.nll_gradient(LOGITS, 2)[2],
        "eigenvalue-middle": np.linalg.eigvalsh(information.nll_hessian(LOGITS))[1],
        "eigenvalue-largest": np.linalg.eigvalsh(information.nll_hessian(LOGITS))[2],
        "nll-early": information.nll_from_logits(LOGITS, 2),
        "double-softmax-floor": information.nll_from_logits([1.0, 0.0, 0.0], 0),
        "wrong-margin-p": information.softmax([0.0, 6.0])[0],
        "wrong-margin-log": -information.nll_gradient([0.0, 6.0], 0)[0],
        "wrong-margin-squared": (squared_error(-1e-5) - squared_error(1e-5)) / 2e-5,
        "gains-after": information.softmax(np.log([0.05, 0.9, 0.05]) + [0.95, -0.9, -0.05])[2],
        "hot-limit": information.entropy([1 / 3] * 3),
        "cold-least": information.nll_from_logits([20.0, 10.0, 30.0], 1),
        "overflow-float32": 88.72,
        "overflow-float64": 709.78,
    },
    "06_perplexity": {
        "three-total": information.nll(THREE),
        "three-mean": information.nll(THREE) / 3,
        "three-ppl": information.perplexity(information.nll(THREE), 3),
        "ppl-1.5": information.perplexity(1.5),
        "ppl-2.1": information.perplexity(2.1),
        "ppl-2.3": information.perplexity(2.3),
        "bits-2.1": information.bits_from_nats(2.1),
        "bits-per-nat": information.bits_from_nats(1.0),
        "ln2": information.nats_from_bits(1.0),
        "wrong-2.1": information.perplexity(information.nats_from_bits(2.1)),
        "wrong-uniform-8": information.perplexity(information.nats_from_bits(np.log(8))),
        "corpus-easy": information.perplexity(1.5),
        "corpus-hard": information.perplexity(4.0),
        "corpus-ppl": information.corpus_perplexity(LENGTHS * MEAN_NLLS, LENGTHS),
        "corpus-weighted-ppl": np.average(information.perplexity(MEAN_NLLS), weights=LENGTHS),
        "corpus-mean-ppl": information.perplexity(MEAN_NLLS).mean(),
        "corpus-mean-loss": information.perplexity(MEAN_NLLS.mean()),
        "swapped-ppl": information.corpus_perplexity(LENGTHS[::-1] * MEAN_NLLS, LENGTHS[::-1]),
        "words-ppl": information.perplexity(24.0, 6),
        "pieces-ppl": information.perplexity(24.0, 11),
        "sentence-bpb": information.bits_per_byte(24.0, SENTENCE),
        "sentence-bpc": information.bits_per_character(24.0, SENTENCE),
        "sure-entropy": information.entropy([0.01, 0.99]),
        "sure-choices": information.perplexity(information.entropy([0.01, 0.99])),
        "stride-100-scored": 1000 - 10,
        "stride-100-context": np.mean([place % 100 for place in range(1000) if place % 100]),
        "stride-50-scored": 1000 - 1,
        "stride-50-context": np.mean([place if place < 100 else 50 + place % 50 for place in range(1, 1000)]),
        "stride-1-scored": 1000 - 1,
        "stride-1-context": np.mean([min(place, 99) for place in range(1, 1000)]),
        "copy-ppl": 2.0,
        "copy-kl": np.mean(information.kl_divergence([[0.5, 0.5]] * 2, [[0.625, 0.375], [0.4, 0.6]])),
        "with-start": information.perplexity(information.nll([1.0, *THREE]), 4),
        "with-end": information.perplexity(information.nll([*THREE, 0.9]), 4),
    },
    "07_autograd": AUTOGRAD,
    "08_language_model": LANGUAGE_MODEL,
    "09_decoding": DECODING,
    "10_beyond_autoregression": BEYOND,
    "11_exam": EXAM,
}  # fmt: skip


def found(pattern: str, text: str) -> list[Any]:
    """Return the matches, where ^ and $ are a line's ends and a dot is any character but a line's end."""
    return re.findall(pattern, text, re.MULTILINE)


def displayed(text: str) -> list[str]:
    """Return the display mathematics that stands in the prose by hand."""
    return found(r"^\$\$[\s\S]*?^\$\$", text)


def labels(chapter: Chapter) -> list[str]:
    """Return the labels of a chapter's equations: the derivations', then the definitions'."""
    return [d.label for d in [*chapter.derivations, *chapter.flawed]] + found(
        r"^\$\$ \(([^)]+)\)$", chapter.text
    )


def test_every_quoted_number_is_what_the_references_compute(chapter: Chapter) -> None:
    for key, expected in ORACLES[chapter.name].items():
        tolerance = 5e-3 if key.startswith("overflow") else 1e-6  # the known constants have two places
        assert chapter.glued[key] == pytest.approx(float(expected), abs=tolerance), key


def test_the_numbers_of_the_worked_examples_are_the_published_ones(chapters: dict[str, Chapter]) -> None:
    softmax, perplexity = chapters["05_softmax_gradient"].glued, chapters["06_perplexity"].glued
    kl, cross_entropy = chapters["03_kl_divergence"].glued, chapters["04_cross_entropy"].glued
    assert f"{kl['kl-forward']:.3f} {kl['kl-forward-bits']:.3f} {kl['kl-reverse']:.3f}" == "0.087 0.126 0.082"
    assert f"{cross_entropy['worked-ce']:.3f}" == "0.780"
    assert f"{softmax['worked-nll-from-0']:.3f} {softmax['worked-nll-from-1']:.3f}" == "0.408 2.408"
    assert [f"{perplexity[f'ppl-{nll}']:.2f}" for nll in (2.1, 1.5, 2.3)] == ["8.17", "4.48", "9.97"]


def test_every_number_in_the_prose_comes_from_a_cell(chapter: Chapter) -> None:
    quoted = set(GLUE.findall(chapter.text))
    assert quoted == set(chapter.glued), "glued and never quoted, or quoted and never glued"
    typed = re.findall(r"\d+\.\d{2,}", GLUE.sub("", chapter.text))
    assert set(typed) <= {"0.01"}, "0.01 is an input of an example; a result is taken from its cell by glue"


def test_display_mathematics_typed_by_hand_only_defines(chapter: Chapter) -> None:
    definitions = found(r"^:::\{admonition\} Definition: [\s\S]*?^:::$", chapter.text)
    assert displayed(chapter.text) == [maths for part in definitions for maths in displayed(part)]
    assert not re.search(r"\{math\}|\\\[|\\begin\{", chapter.text)


def test_every_derivation_is_shown_and_holds(chapter: Chapter) -> None:
    built = sum(len(re.findall(r"\bDerivation\(|\bequation\(", cell.source)) for cell in chapter.code)
    assert (
        len(chapter.derivations) == built > (2 if chapter.name == "11_exam" else 10)
    )  # it prints theirs again
    for derivation in chapter.derivations:
        steps = [line for line in derivation.lines if line.relation]
        assert steps, derivation.label
        for line in steps:
            assert line.verdict is not None and line.verdict.holds, (derivation.label, line)
            assert len(line.because.split()) >= 2, f"{derivation.label}: a step needs a reason in words"


def test_labels_are_unique_in_the_book_and_kebab_case(chapters: dict[str, Chapter]) -> None:
    count = Counter(label for chapter in chapters.values() for label in labels(chapter))
    assert [label for label, times in count.items() if times > 1] == []
    assert [label for label in count if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", label)] == []


def test_the_labels_that_the_references_name_exist(chapters: dict[str, Chapter], root: Path) -> None:
    docstrings = "\n".join(path.read_text(encoding="utf-8") for path in (root / "solutions").rglob("*.py"))
    named = set(found(r"\{eq\}`([^`]+)`", docstrings))
    assert len(named) > 5
    assert named <= {label for chapter in chapters.values() for label in labels(chapter)}


def test_every_reference_has_its_target(chapter: Chapter, chapters: dict[str, Chapter], root: Path) -> None:
    every_text = "\n".join(other.text for other in chapters.values())
    equations = {label for other in chapters.values() for label in labels(other)}
    entries = found(r"^@\w+\{([^,]+),", (root / "book/references.bib").read_text(encoding="utf-8"))
    assert set(found(r"\{eq\}`([^`]+)`", chapter.text)) <= equations
    assert set(found(r"\{ref\}`([^`]+)`", chapter.text)) <= set(found(r"^\(([^)]+)\)=$", every_text))
    assert set(found(r"\{cite\}`([^`]+)`", chapter.text)) <= set(entries)


def test_every_heading_has_a_label_of_its_own(chapter: Chapter) -> None:
    headings = found(r"(?:^\(([^)]+)\)=\n)?^(#+ .+)$", chapter.text)
    names = [name for name, _ in headings]
    assert all(names) and len(set(names)) == len(names), headings


def test_every_picture_has_alternative_text_and_hides_its_code(chapter: Chapter) -> None:
    pictures = [cell for cell in chapter.code if "plt.show()" in cell.source]
    assert pictures
    for cell in pictures:
        assert len(cell.metadata["mystnb"]["image"]["alt"].split()) > 20
        assert "hide-input" in cell.metadata["tags"]


def test_every_chapter_has_its_parts(chapter: Chapter) -> None:
    for part in ("{admonition} Aims", "### A worked", "## The usual mistakes", "## Exercises", "## Summary"):
        assert part in chapter.text


def test_exp_overflows_and_underflows_where_the_chapter_says(chapters: dict[str, Chapter]) -> None:
    glued = chapters["05_softmax_gradient"].glued
    for dtype in (np.float32, np.float64):
        highest = glued[f"overflow-{dtype.__name__}"]
        lowest = float(glued[f"underflow-{dtype.__name__}"].replace("−", "-"))
        with np.errstate(over="ignore", under="ignore"):
            inside = np.exp(np.array([highest - 0.01, lowest + 0.01], dtype=dtype))
            outside = np.exp(np.array([highest + 0.01, lowest - 0.01], dtype=dtype))
        assert np.isfinite(inside[0]) and inside[1] > 0
        assert np.isinf(outside[0]) and outside[1] == 0


def test_the_two_gaussian_fits_are_what_an_optimiser_finds(chapters: dict[str, Chapter]) -> None:
    glued = {
        key: float(value.replace("−", "-"))
        for key, value in chapters["03_kl_divergence"].glued.items()
        if isinstance(value, str)
    }
    mixture = 0.6 * binned(-2.0, 0.7) + 0.4 * binned(2.0, 0.7)

    def forward(at: np.ndarray) -> float:
        return float(information.kl_divergence(mixture, binned(at[0], np.exp(at[1]))))

    def reverse(at: np.ndarray) -> float:
        return float(information.kl_divergence(binned(at[0], np.exp(at[1])), mixture))

    covering = minimize(forward, [0.0, 0.0], method="Nelder-Mead").x
    seeking, other = (minimize(reverse, [start, -0.4], method="Nelder-Mead").x for start in (-2.2, 2.2))
    between = minimize(reverse, [0.0, 0.7], method="Nelder-Mead").x
    assert [covering[0], np.exp(covering[1])] == pytest.approx(
        [glued["fit-forward-mean"], glued["fit-forward-sd"]], abs=0.01
    )
    assert [seeking[0], np.exp(seeking[1])] == pytest.approx(
        [glued["fit-reverse-mean"], glued["fit-reverse-sd"]], abs=0.01
    )
    values = {
        "fit-forward-kl": forward(covering), "fit-forward-back": reverse(covering),
        "fit-reverse-kl": reverse(seeking), "fit-reverse-forth": forward(seeking),
        "fit-reverse-other": reverse(other), "fit-log-shares": -np.log(0.6),
        "fit-middle-kl": reverse(between), "fit-middle-mean": between[0], "fit-middle-sd": np.exp(between[1]),
    }  # fmt: skip
    for name, value in values.items():
        assert glued[name] == pytest.approx(value, abs=0.02), name


def test_whether_reverse_kl_has_a_choice_depends_on_the_distance_of_the_peaks(
    chapters: dict[str, Chapter],
) -> None:
    glued = chapters["03_kl_divergence"].glued

    def ends(centre: float) -> list[tuple[float, float]]:
        mixture = 0.6 * binned(-centre, 0.7) + 0.4 * binned(centre, 0.7)

        def reverse(at: np.ndarray) -> float:
            return float(information.kl_divergence(binned(at[0], np.exp(at[1])), mixture))

        starts = ([-centre, -0.4], [centre, -0.4], [0.0, np.log(centre)])
        found = [minimize(reverse, start, method="Nelder-Mead").x for start in starts]
        return [(float(mean), float(np.exp(log_sd))) for mean, log_sd in found]

    near = [float(glued[key].replace("−", "-")) for key in ("fit-near-mean", "fit-near-sd")]
    assert all(end == pytest.approx(near, abs=0.01) for end in ends(1.5))
    left, right, _ = ends(3.0)
    assert left[0] == pytest.approx(float(glued["fit-far-mean"].replace("−", "-")), abs=0.01)
    assert right[0] == pytest.approx(3.0, abs=0.01)


def test_the_forward_fit_fills_the_valley_as_the_chapter_says(chapters: dict[str, Chapter]) -> None:
    glued = chapters["03_kl_divergence"].glued  # percent; the chapter adds up a grid and quotes whole ones
    shares = [np.diff(norm.cdf([-1, 1], -0.4, 4.33**0.5))[0], np.diff(norm.cdf([1, 3], 0, 0.7))[0]]
    assert [glued["fit-valley"], glued["target-valley"]] == pytest.approx(100 * np.array(shares), abs=0.3)
