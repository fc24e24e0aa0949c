"""Set 10's tasks on flows in code: a coupling layer with its log-determinant, and the NLL of an autoregressive flow."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from grader.cases import Example, Function, Mistake
from solutions import flows
from solutions.flows import gaussian_log_density
from solutions.tasks._slips import EPSILONS, in_base, quietly

# --- 2 · coupling-log-det --------------------------------------------------------------------------------------------


def coupling(u, S, T):
    """Return x and the log-determinants of a coupling layer whose networks are two matrices."""
    return flows.coupling_forward(u, lambda kept: kept @ S, lambda kept: kept @ T)


def draw_layers(rng: np.random.Generator) -> list[Example]:
    """Return points (N, D) and two matrices (D // 2, D − D // 2)."""

    def layer(N: int, D: int, spread: float = 0.6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        shape = D // 2, D - D // 2
        return rng.normal(size=(N, D)), spread * rng.normal(size=shape), rng.normal(size=shape)

    def with_factors(N: int, D: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A layer all of whose log-scales lie between two numbers."""
        u, S, T = layer(N, D)
        u[:, 0] = rng.uniform(0.5, 1.0, size=N)
        S[1:], T[1:] = 0.0, 0.0
        S[0] = rng.uniform(low, high, size=S.shape[1])
        return u, S, T

    def tiny(N: int, D: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A layer with a few factors of e^-800 and less, the others of ordinary size."""
        u, S, T = layer(N, D)
        u[:, 0] = rng.uniform(0.0, 0.05, size=N)  # above 0, so that no factor is e^800
        u[0, : D // 2] = np.eye(D // 2)[0]
        S[0, -1] = -float(rng.uniform(850, 900))
        return u, S, T

    return [
        Example("one point", np.array([[2.0, 5.0]]), np.array([[0.0]]), np.array([[3.0]])),
        Example("one point", *layer(1, 4)),
        Example("one point", *layer(1, 8)),
        Example("several points", *layer(5, 4)),
        Example("several points", *layer(3, 6)),
        Example("several points", *layer(2, 4)),  # as many points as numbers that are moved
        Example("parts of different size", *layer(4, 5)),
        Example("parts of different size", *layer(2, 3)),
        Example("parts of different size", *layer(1, 7)),
        Example("tiny factors", *tiny(1, 4)),
        Example("tiny factors", *tiny(3, 6)),
        Example("many numbers", *with_factors(1, 120, -30.0, -15.0)),
        Example("many numbers", *with_factors(1, 201, 10.0, 20.0)),
    ]


Layer = Callable[[Any, Any, Any], Any]


def parts_of(u, S, T):
    """Return u₂, s and t."""
    d = len(S)
    return u[:, d:], u[:, :d] @ S, u[:, :d] @ T


def with_log_det(log_det: Callable[[Any], Any]) -> Layer:
    """Return the layer with another function of the log-scales (N, D − d) for the log-determinant."""

    def answer(u, S, T):
        return coupling(u, S, T)[0], log_det(parts_of(u, S, T)[1])

    return answer


def with_second_part(second: Layer, log_det: Callable[[Any], Any] = lambda s: s.sum(axis=1)) -> Layer:
    """Return the layer with another x₂, a function of u₂, s and t."""

    def answer(u, S, T):
        moved, s, t = parts_of(u, S, T)
        return np.concatenate([u[:, : len(S)], second(moved, s, t)], axis=1), log_det(s)

    return answer


def other_part_decides(u, S, T):
    """Return the layer whose last numbers decide how the first are moved."""
    d = len(S)
    kept, moved = u[:, -d:], u[:, :-d]
    s, t = kept @ S, kept @ T
    return np.concatenate([moved * np.exp(s) + t, kept], axis=1), s.sum(axis=1)


BOUNDS: tuple[Callable[[Any], Any], ...] = (
    np.tanh,
    *(partial(np.clip, a_min=-bound, a_max=bound) for bound in (5, 10, 20)),
)
"""What people do to log-scales so that a flow trains without accidents."""


def with_bounded(change: Callable[[Any], Any]) -> Layer:
    """Return the layer whose log-scales are changed first."""

    def answer(u, S, T):
        moved, s, t = parts_of(u, S, T)
        bounded = change(s)
        return np.concatenate([u[:, : len(S)], moved * np.exp(bounded) + t], axis=1), bounded.sum(axis=1)

    return answer


def through_the_determinant(s):
    return np.log(np.prod(np.exp(s), axis=1))


def through_factors(s):
    return np.log(np.exp(s)).sum(axis=1)


COUPLING_LOG_DET = Function(
    "coupling-log-det",
    points=2,
    reference=coupling,
    accepts=("float32",),
    # A factor of e^30 makes large numbers, of which the last digits depend on the order of a sum.
    rtol=1e-9,
    draw=draw_layers,
    promises={
        "Each row has a log-determinant of its own": lambda u, S, T: np.ptp(coupling(u, S, T)[1]) > 0.1,
        "If $D$ is odd": lambda u, S, T: u.shape[1] % 2 == 1 and S.shape[1] == S.shape[0] + 1,
        "as small as $e^{-800}$": lambda u, S, T: (u[:, : len(S)] @ S).min() < -800,
        "A row may have hundreds of numbers": lambda u, S, T: (
            u.shape[1] > 200 and abs((u[:, : len(S)] @ S).sum(axis=1)).max() > 750
        ),
        "`coupling(np.array([[2.0, 5.0]]), np.array([[0.0]]), np.array([[3.0]]))`": lambda u, S, T: (
            u.tolist() == [[2.0, 5.0]]
        ),
    },
    mistakes=(
        Mistake(
            "flipped-sign",
            "Your log-determinant has the other sign: it is the one of the way back, from x to u.",
            with_log_det(lambda s: -s.sum(axis=1)),
        ),
        Mistake(
            "gives-the-determinant",
            "This is the determinant itself. Its logarithm is asked.",
            answers=(
                with_log_det(lambda s: np.exp(s.sum(axis=1))),
                with_log_det(lambda s: np.prod(np.exp(s), axis=1)),
            ),
        ),
        Mistake(
            "sums-the-factors",
            "You added up the factors, or took the logarithm of their sum. A determinant is their product.",
            answers=(
                with_log_det(lambda s: np.exp(s).sum(axis=1)),
                with_log_det(lambda s: np.log(np.exp(s).sum(axis=1))),
            ),
        ),
        Mistake(
            "through-the-product",
            "You multiply the factors, or leave their logarithms, and then a tiny one is 0 and a long product is no "
            "float. The logarithm of e^s is s.",
            answers=tuple(
                change(with_log_det(log_det))
                for log_det in (through_the_determinant, through_factors)
                for change in (lambda f: f, quietly)
            ),
        ),
        Mistake(
            "mean-for-sum",
            "You took a mean over the numbers of a row. Log-determinants of the factors add up.",
            with_log_det(lambda s: s.mean(axis=1)),
        ),
        Mistake(
            "whole-batch",
            "You gave one number for all rows. Each row has a log-determinant of its own.",
            answers=(with_log_det(np.sum), with_log_det(lambda s: s.sum(axis=1).mean())),
        ),
        Mistake(
            "wrong-axis",
            "You added up over the points. The factors of one point lie along the last axis.",
            with_log_det(lambda s: s.sum(axis=0)),
        ),
        Mistake(
            "absolute-values",
            "You took the size of each logarithm. A factor below 1 shrinks, and its logarithm counts with its minus.",
            with_log_det(lambda s: np.abs(s).sum(axis=1)),
        ),
        Mistake(
            "forgets-the-shift",
            "The shift t is missing in the second part.",
            with_second_part(lambda moved, s, t: moved * np.exp(s)),
        ),
        Mistake(
            "shifts-first",
            "You shift first and stretch afterwards. Here the stretching comes first.",
            with_second_part(lambda moved, s, t: (moved + t) * np.exp(s)),
        ),
        Mistake(
            "way-back",
            "This is the way back, from x to u: it takes the shift away and divides.",
            with_second_part(lambda moved, s, t: (moved - t) * np.exp(-s), lambda s: -s.sum(axis=1)),
        ),
        Mistake(
            "factor-is-s",
            "You stretch by s. The factor is its exponential, so that it is never 0 and never turns a sign.",
            answers=(
                with_second_part(lambda moved, s, t: moved * s + t),
                with_second_part(lambda moved, s, t: moved * s + t, lambda s: np.log(np.abs(s)).sum(axis=1)),
                quietly(
                    with_second_part(
                        lambda moved, s, t: moved * s + t, lambda s: np.log(np.abs(s)).sum(axis=1)
                    )
                ),
            ),
        ),
        Mistake(
            "second-part-decides",
            "Your second part decides, and the first is moved. In this layer it is the other way round.",
            other_part_decides,
        ),
        Mistake(
            "counts-the-shift",
            "The shift t is in your log-determinant. What is only moved is not stretched.",
            lambda u, S, T: (coupling(u, S, T)[0], sum(parts_of(u, S, T)[1:]).sum(axis=1)),
        ),
        Mistake(
            "exchanged",
            "You made s with T and t with S.",
            lambda u, S, T: coupling(u, T, S),
        ),
        Mistake(
            "keeps-scales-small",
            "You keep the log-scales within bounds, by a clip or a tanh. Here they stay as they are.",
            answers=tuple(map(with_bounded, BOUNDS)),
        ),
        Mistake(
            "drops-the-first-part",
            "Your x holds the second part only. The first one belongs to it, as it is.",
            lambda u, S, T: (coupling(u, S, T)[0][:, len(S) :], coupling(u, S, T)[1]),
        ),
        Mistake(
            "in-bits",
            "Your log-determinant is in bits: its logarithm has base 2.",
            with_log_det(lambda s: s.sum(axis=1) / np.log(2)),
        ),
    ),
)

# --- 8 · flow-nll ----------------------------------------------------------------------------------------------------


def flow_nll(x, A, B):
    """Return the NLL of one point under an autoregressive flow with linear networks, in nats."""

    def to_noise(points):
        s = points @ np.asarray(B).T
        return (points - points @ np.asarray(A).T) * np.exp(-s), -s.sum(axis=-1)

    return flows.flow_nll(np.asarray(x)[None], [to_noise])


def draw_points(rng: np.random.Generator) -> list[Example]:
    """Return a point (D,) and two matrices (D, D), 0 on and above the diagonal."""

    def matrices(D: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
        below = np.tri(D, k=-1)
        return below * rng.normal(size=(D, D)), spread * below * rng.normal(size=(D, D))

    def point(D: int, spread: float = 0.4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        A, B = matrices(D, spread)
        return made_of(rng.normal(size=D), A, B), A, B

    def far_apart(D: int, log_scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A point of which the last number has a scale of e^log_scale, and a mean of 0."""
        A, B = matrices(D, 0.3)
        noise = rng.normal(size=D)
        noise[0] = rng.uniform(0.5, 1.5)
        A[-1], B[-1] = 0.0, 0.0
        x = made_of(noise, A, B)
        B[-1, 0] = log_scale / x[0]
        x[-1] = noise[-1] * np.exp(min(log_scale, 5.0))  # where the scale is huge, near the middle
        return x, A, B

    def many(D: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A point with the same sort of scale in each dimension but the first."""
        A, B = np.tri(D, k=-1) * rng.normal(size=(D, D)) / D, np.zeros((D, D))
        B[1:, 0] = rng.uniform(low, high, size=D - 1)
        noise = rng.normal(size=D)
        noise[0] = 1.0
        A[:, 0] = 0.0
        return made_of(noise, A, B), A, B

    return [
        Example("a few dimensions", np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2))),
        Example("a few dimensions", *point(2)),
        Example("a few dimensions", *point(3)),
        Example("a few dimensions", *point(5)),
        Example("one dimension", rng.normal(size=1), np.zeros((1, 1)), np.zeros((1, 1))),
        Example("one dimension", 5 + rng.normal(size=1), np.zeros((1, 1)), np.zeros((1, 1))),
        Example("a negative NLL", *many(4, -6.0, -3.0)),
        Example("a negative NLL", *many(7, -6.0, -3.0)),
        Example("a tiny scale", *far_apart(2, -float(rng.uniform(58, 60)))),
        Example("a tiny scale", *far_apart(4, -float(rng.uniform(58, 60)))),
        Example("a huge scale", *far_apart(2, float(rng.uniform(780, 800)))),
        Example("a huge scale", *far_apart(3, float(rng.uniform(780, 800)))),
        Example("many dimensions", *many(60, 12.0, 20.0)),
        Example("many dimensions", *many(60, -20.0, -12.0)),
    ]


def made_of(noise, A, B):
    """Return the point that is made of a noise (D,)."""
    x = np.zeros(len(noise))
    for i in range(len(noise)):
        x[i] = A[i] @ x + np.exp(B[i] @ x) * noise[i]
    return x


Nll = Callable[[Any, Any, Any], Any]
HALF_LOG_2_PI = 0.5 * float(np.log(2 * np.pi))


def from_noise(nll: Callable[[Any, Any], Any], noise: Callable[[Any, Any], Any] | None = None) -> Nll:
    """Return the NLL as a function of u and s; u as a function of x − m and s."""
    made = noise or (lambda moved, s: moved * np.exp(-s))

    def answer(x, A, B):
        s = B @ x
        return nll(made(x - A @ x, s), s)

    return answer


def of_noise(u):
    return -gaussian_log_density(u).sum()


def through_the_density(u, s):
    return -np.log(np.prod(np.exp(gaussian_log_density(u)) * np.exp(-s)))


def through_densities(u, s):
    return -np.log(np.exp(gaussian_log_density(u)) / np.exp(s)).sum()


def through_logs_of_scales(u, s):
    return of_noise(u) + np.log(np.exp(s)).sum()


def with_changed_scales(change: Callable[[Any], Any]) -> Nll:
    """Return the NLL whose log-scales are changed first."""

    def answer(x, A, B):
        s = change(B @ x)
        return of_noise((x - A @ x) * np.exp(-s)) + s.sum()

    return answer


def log_of_changed(epsilon, s):
    return np.log(np.exp(s) + epsilon)


def with_noise_from_the_transposed(x, A, B):
    return flow_nll(x, A.T, B.T)


def from_the_noise_itself(x, A, B):
    """Return the NLL where the networks read the noise, as in a flow that is fast to sample from."""
    u = np.zeros(len(x))
    for i in range(len(x)):
        u[i] = (x[i] - A[i] @ u) * np.exp(-B[i] @ u)
    return of_noise(u) + (B @ u).sum()


FLOW_NLL = Function(
    "flow-nll",
    points=3,
    reference=flow_nll,
    accepts=("float32",),
    forbidden=(
        "scipy.stats.*",
        "torch.distributions.*",
        "statistics.NormalDist",
        "jax.scipy.stats.*",
        "tensorflow_probability.*",
        "torch.nn.functional.gaussian_nll_loss",
        "torch.nn.GaussianNLLLoss",
    ),
    draw=draw_points,
    promises={
        "so it may be negative": lambda x, A, B: flow_nll(x, A, B) < -5,
        "as small as $e^{-60}$": lambda x, A, B: -60 < (B @ x).min() < -55,
        "as large as $e^{800}$": lambda x, A, B: 750 < (B @ x).max() < 801,
        "the density itself may be 0": lambda x, A, B: len(x) > 50 and flow_nll(x, A, B) > 750,
        "or infinite as a float": lambda x, A, B: len(x) > 50 and flow_nll(x, A, B) < -710,
        "`flow_nll(np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2)))`": lambda x, A, B: not x.any(),
    },
    mistakes=(
        Mistake(
            "flipped-log-determinant",
            "Your log-scales have the other sign. Where a flow stretches the noise, the density of x gets lower, and "
            "the NLL higher.",
            from_noise(lambda u, s: of_noise(u) - s.sum()),
        ),
        Mistake(
            "forgets-the-log-determinant",
            "This is the NLL of the noise. Stretching changes a density: the log-scales are missing.",
            from_noise(lambda u, s: of_noise(u)),
        ),
        Mistake(
            "forgets-the-constant",
            "The normal density has a constant in front. It is there once for each dimension, or is missing in all of "
            "your loss.",
            answers=(
                from_noise(lambda u, s: 0.5 * (u**2).sum() + s.sum()),
                from_noise(lambda u, s: 0.5 * (u**2).sum() + s.sum() + HALF_LOG_2_PI),
                from_noise(lambda u, s: 0.5 * (u**2).sum() + s.sum() + 2 * HALF_LOG_2_PI * len(u)),
            ),
        ),
        Mistake(
            "forgets-the-half",
            "The normal density has exp of minus half the square. The half is missing.",
            answers=(from_noise(lambda u, s: (u**2).sum() + s.sum() + HALF_LOG_2_PI * len(u)),),
        ),
        Mistake(
            "multiplies-by-the-scale",
            "You multiplied by the scale. To find the noise, solve for it: the scale divides.",
            from_noise(lambda u, s: of_noise(u) + s.sum(), lambda moved, s: moved * np.exp(s)),
        ),
        Mistake(
            "forgets-the-mean",
            "You did not take the mean m away from x.",
            lambda x, A, B: flow_nll(x, np.zeros_like(A), B),
        ),
        Mistake(
            "forgets-the-scale",
            "You did not divide by the scale to find the noise.",
            from_noise(lambda u, s: of_noise(u) + s.sum(), lambda moved, s: moved),
        ),
        Mistake(
            "scale-for-variance",
            "You took e^s for the variance. It is the factor of the noise, so its square is the variance.",
            from_noise(
                lambda u, s: of_noise(u) + s.sum() / 2,
                lambda moved, s: moved * np.exp(-s / 2),
            ),
        ),
        Mistake(
            "mean-for-sum",
            "You took a mean over the dimensions. The NLL of the whole point is their sum.",
            lambda x, A, B: flow_nll(x, A, B) / len(x),
        ),
        Mistake(
            "gives-the-log-density",
            "This is log p(x). The NLL has a minus in front.",
            lambda x, A, B: -flow_nll(x, A, B),
        ),
        Mistake(
            "gives-the-density",
            "This is the density. Its negative logarithm is asked.",
            lambda x, A, B: np.exp(-flow_nll(x, A, B)),
        ),
        Mistake(
            "transposed",
            "You read the matrices the other way round: a number depends on those after it. Row i is about xᵢ.",
            answers=(with_noise_from_the_transposed, quietly(with_noise_from_the_transposed)),
        ),
        Mistake(
            "reads-the-noise",
            "Your m and s come from the noise. They are made of the numbers of x before, which you have.",
            answers=(from_the_noise_itself, quietly(from_the_noise_itself)),
        ),
        Mistake(
            "through-the-density",
            "A scale or a density became 0 or infinite as a float. Stay with logarithms: that of e^s is s.",
            answers=tuple(
                change(from_noise(nll))
                for nll in (through_the_density, through_densities, through_logs_of_scales)
                for change in (lambda f: f, quietly)
            ),
        ),
        Mistake(
            "exchanged",
            "You took A for the scales and B for the means.",
            answers=(lambda x, A, B: flow_nll(x, B, A), quietly(lambda x, A, B: flow_nll(x, B, A))),
        ),
        Mistake(
            "keeps-scales-small",
            "You keep the log-scales within bounds, by a clip or a tanh. Here they stay as they are.",
            answers=tuple(with_changed_scales(change) for change in BOUNDS),
        ),
        Mistake(
            "adds-epsilon",
            "You added a little to the scale, or cut it off. A tiny scale is no accident: its logarithm counts.",
            answers=tuple(
                change(with_changed_scales(partial(log_of_changed, epsilon)))
                for epsilon in (1e-3, 1e-4, 1e-5, *EPSILONS[:10])
                for change in (lambda f: f, quietly)
            ),
        ),
        Mistake(
            "absolute-values",
            "You took the size of each log-scale. Where the scale is below 1, the density gets higher.",
            from_noise(lambda u, s: of_noise(u) + np.abs(s).sum()),
        ),
        Mistake(
            "never-negative",
            "You made a negative NLL positive, or 0. An NLL of a density may be negative: leave it.",
            answers=(
                lambda x, A, B: np.maximum(flow_nll(x, A, B), 0.0),
                lambda x, A, B: np.abs(flow_nll(x, A, B)),
            ),
        ),
        Mistake(
            "in-bits",
            "This is in bits. In nats the logarithm is the natural one.",
            in_base(2, flow_nll),
        ),
    ),
)
