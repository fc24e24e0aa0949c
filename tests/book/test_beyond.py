"""Does chapter 10's experiment show what it claims: a floor, exact values, bounds in their order, and a free number?"""

import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from tests.book.executed import Chapter
from tests.book.oracles import blurred_circle, mixture

SHARES, MEANS, STDS = np.array([0.4, 0.6]), np.array([-2.0, 1.5]), np.array([0.4, 0.8])


@pytest.fixture(scope="module")
def names(chapters: dict[str, Chapter]) -> dict[str, Any]:
    return chapters["10_beyond_autoregression"].namespace


def over_data(log_value: Any) -> float:
    """Return −E[log value] over the data, by adaptive quadrature."""
    found, _ = integrate.quad(lambda x: -mixture(x) * log_value(x), -6, 7, points=[-2, 1.5], limit=200)
    return float(found)


def test_the_flow_is_a_density_and_its_loss_is_the_exact_one(names: dict[str, Any]) -> None:
    def log_density(x: float) -> float:
        with torch.no_grad():
            return float(names["flow_log_density"](torch.tensor([x], dtype=torch.float64)))

    far = np.linspace(-9, 9, 20_001)  # x = sinh: beyond the data its tails are long
    with torch.no_grad():
        density = names["flow_log_density"](torch.tensor(np.sinh(far))).exp().numpy()
    assert integrate.simpson(density * np.cosh(far), x=far) == pytest.approx(1, abs=1e-6)
    assert over_data(log_density) == pytest.approx(names["flow_expected"], abs=1e-6)
    assert names["h"] < names["flow_expected"] < names["h"] + 0.01


def test_the_evidence_of_the_vae_is_the_integral_and_its_density_has_mass_1(names: dict[str, Any]) -> None:
    noise = float(names["log_noise"].detach().exp())

    def decoded(z: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            found: np.ndarray = names["decode"](torch.tensor(z)).numpy()
        return found

    z = np.linspace(-9, 9, 6001)
    x = np.linspace(-8, 9, 851)
    given = stats.norm.pdf(x[:, None], decoded(z), noise)
    evidence = integrate.simpson(given * stats.norm.pdf(z), x=z)
    assert integrate.simpson(evidence, x=x) == pytest.approx(1, abs=1e-4)
    weights = mixture(x)
    exact = integrate.simpson(-weights * np.log(evidence), x=x)
    assert exact == pytest.approx(names["vae"]["exact"], abs=1e-3)


def test_the_gap_of_the_elbo_is_the_divergence_to_the_posterior(names: dict[str, Any]) -> None:
    noise, at = float(names["log_noise"].detach().exp()), 0.4
    with torch.no_grad():
        point = torch.tensor([at], dtype=torch.float64)
        mean, std = (float(value) for value in names["encode"](point))
        z = np.linspace(mean - 8 * std, mean + 8 * std, 4001)
        wide = np.linspace(-9, 9, 8001)
        decode = names["decode"]
        joint, all_joint = (
            stats.norm.logpdf(at, decode(torch.tensor(values)).numpy(), noise) + stats.norm.logpdf(values)
            for values in (z, wide)
        )
        nodes = torch.linspace(-6, 6, 241, dtype=torch.float64)
        shares = torch.softmax(-0.5 * nodes**2, dim=0)
        elbo = -float((shares * names["negative_elbo"](point, nodes)).sum())
    log_evidence = math.log(integrate.simpson(np.exp(all_joint), x=wide))
    q = stats.norm.pdf(z, mean, std)
    gap = integrate.simpson(q * (np.log(q) - (joint - log_evidence)), x=z)
    assert log_evidence - elbo == pytest.approx(gap, abs=1e-3)


def test_the_bounds_of_the_vae_stand_in_their_order(names: dict[str, Any]) -> None:
    vae = names["vae"]
    assert vae["−ELBO"] > vae["IWAE 8"] > vae["IWAE 64"] > vae["exact"] > names["h"]
    assert [round(vae[key], 1) for key in ("−ELBO", "exact")] == [1.7, 1.7]


def test_the_bounds_with_more_draws_are_what_other_draws_give(names: dict[str, Any]) -> None:
    """The bounds are told apart by far more than the luck of the draws."""
    rng, noise = np.random.default_rng(5), float(names["log_noise"].detach().exp())
    x = np.linspace(-6, 7, 261)
    share = mixture(x)[:, None] * (x[1] - x[0])
    with torch.no_grad():
        mean, std = (part.numpy()[:, None] for part in names["encode"](torch.tensor(x)))
        z = mean + std * rng.normal(size=(len(x), 5 * 1024))
        rebuilt = names["decode"](torch.tensor(z)).numpy()
    log_w = (
        stats.norm.logpdf(x[:, None], rebuilt, noise) + stats.norm.logpdf(z) - stats.norm.logpdf(z, mean, std)
    )
    for draws in (8, 64):
        groups = np.logaddexp.reduce(log_w.reshape(len(x), -1, draws), axis=2) - math.log(draws)
        other = -float((share * groups).sum() / groups.shape[1])
        assert names["vae"][f"IWAE {draws}"] == pytest.approx(other, abs=1.5e-3)
    assert names["vae"]["IWAE 64"] - names["vae"]["exact"] > 2e-3


@pytest.mark.parametrize("steps", [20, 100])
def test_the_diffusion_bound_is_what_quadrature_gives(names: dict[str, Any], steps: int) -> None:
    """Every expectation of the bound from the mean squared error of the best denoiser, on a grid."""
    beta = names["geometric_schedule"](steps)
    bars = np.cumprod(1 - beta)
    x_0 = np.linspace(-6, 7, 651)
    p = mixture(x_0)
    p /= p.sum()

    def squared_error(signal: float) -> float:
        noise = math.sqrt(1 - signal)
        x_t = np.linspace(math.sqrt(signal) * -6 - 6 * noise, math.sqrt(signal) * 7 + 6 * noise, 901)
        joint = p * stats.norm.pdf(x_t[:, None], math.sqrt(signal) * x_0, noise)
        both = joint.sum(axis=1)
        first, second = joint @ x_0, joint @ x_0**2
        with np.errstate(invalid="ignore", divide="ignore"):
            left = np.where(both > 0, second - first**2 / both, 0)
        return float(integrate.simpson(left, x=x_t))

    signal = bars[-1]
    moments = p @ x_0**2
    total = 0.5 * (signal * moments + 1 - signal - 1 - math.log(1 - signal))
    for t in range(steps - 1, 0, -1):
        before, after = bars[t - 1], bars[t]
        if (
            1 - after < 1e-3
        ):  # narrower than the grid: the data's density is flat there, and nothing is shrunk
            error = (1 - after) / after
        else:
            error = squared_error(after)
        total += 0.5 * (before / (1 - before) - after / (1 - after)) * error
    total += 0.5 * math.log(2 * math.pi * beta[0]) + 0.5 * ((1 - bars[0]) / bars[0]) / beta[0]
    assert names["by_steps"][steps] == pytest.approx(total, abs=0.12 if steps == 20 else 0.06)


def test_more_steps_bring_the_bound_down_to_the_entropy(names: dict[str, Any]) -> None:
    bounds = list(names["by_steps"].values())
    assert bounds == sorted(bounds, reverse=True)
    assert names["h"] < bounds[-1] < names["h"] + 0.12
    assert bounds[0] > 2 * names["h"]


def test_the_denoiser_is_the_mean_of_the_clean_points(names: dict[str, Any]) -> None:
    beta = names["geometric_schedule"](20)
    denoise, signal = names["exact_denoiser"](beta), np.cumprod(1 - beta)[15]
    for x_t in (-1.3, 0.1, 0.8):
        x_0 = np.linspace(-6, 7, 20_001)
        weights = mixture(x_0)
        weights = weights * stats.norm.pdf(x_t, math.sqrt(signal) * x_0, math.sqrt(1 - signal))
        expected = integrate.simpson(weights * x_0, x=x_0) / integrate.simpson(weights, x=x_0)
        assert float(denoise(np.array([x_t]), 16)[0]) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("width", [1.0, 0.1, 0.003])
def test_the_kernel_number_is_that_of_the_blurred_circle(names: dict[str, Any], width: float) -> None:
    for radius in (1.0, 1.05):
        expected = blurred_circle(radius, width)
        assert names["kernel_nll"]([radius, 0.0], width) == pytest.approx(expected, abs=1e-6)
    assert names["on_curve"] == sorted(names["on_curve"], reverse=True)


def test_the_flow_of_the_picture_can_be_inverted(names: dict[str, Any]) -> None:
    """No two lines that did not cross before cross afterwards: all determinants are positive."""
    through, step = names["through"], 1e-6
    at = np.random.default_rng(0).uniform(-2, 2, size=(500, 2))
    columns = [(through(at + step * e) - through(at - step * e)) / (2 * step) for e in np.eye(2)]
    assert (np.linalg.det(np.stack(columns, axis=-1)) > 0).all()


def test_a_mixture_with_noise_costs_at_most_the_logarithm_of_its_share() -> None:
    rng = np.random.default_rng(0)
    good, noise = rng.dirichlet(np.ones(50), size=2)
    drawn = -np.log(0.01 * good + 0.99 * noise)
    assert (drawn <= -np.log(good) + math.log(100) + 1e-12).all()
