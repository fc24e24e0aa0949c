"""Exercise set 10, beyond autoregression: which numbers are likelihoods, which are bounds, and which are neither.

Log-likelihoods, ELBOs and log-determinants are in nats, unless a task says bits.
"""

import numpy as np
from sympy import Sum, exp, log

from grader.algebra import index, positive, probabilities, real, simplex, size
from grader.cases import (
    Choice,
    DerivationTask,
    Expression,
    Form,
    Milestone,
    Mistake,
    Value,
)
from solutions import adversarial, flows
from solutions.tasks._flows import COUPLING_LOG_DET, FLOW_NLL
from solutions.tasks._latent import DIFFUSION_POSTERIOR, ELBO_FROM_TABLE

# --- 1 · affine-density ----------------------------------------------------------------------------------------------

x, b = real("x"), real("b")
a = positive("a")


def gumbel(u):
    return exp(-u - exp(-u))


NOISE = (b - x) / a  # of which x was made

AFFINE_DENSITY = Expression(
    "affine-density",
    points=1,
    answer=gumbel(NOISE) / a,
    symbols=(x, a, b),
    mistakes=(
        Mistake(
            "forgets-the-slope",
            "This is the density of the noise at the right place. Stretched by a, the same mass lies on a longer line.",
            gumbel(NOISE),
        ),
        Mistake(
            "multiplies-by-the-slope",
            "You multiplied by the factor. What is stretched gets thinner: with a = 2 the density halves.",
            gumbel(NOISE) * a,
        ),
        Mistake(
            "negative-density",
            "You divided by the factor with its minus. A density is never negative: take the size of the slope.",
            -gumbel(NOISE) / a,
        ),
        Mistake(
            "not-turned-round",
            "You solved x = b + a u. The model turns the axis round: look where a large u lands.",
            gumbel((x - b) / a) / a,
        ),
        Mistake(
            "not-solved",
            "You put the model's map into the density. What belongs there is the noise that x was made from.",
            gumbel(b - a * x) / a,
        ),
        Mistake(
            "not-solved-nor-stretched",
            "You put the model's map into the density, and multiplied. Solve for the noise that x was made from.",
            gumbel(b - a * x) * a,
        ),
        Mistake(
            "gives-the-logarithm",
            "This is the logarithm of the density. The density itself is asked.",
            -NOISE - exp(-NOISE) - log(a),
        ),
        Mistake(
            "gives-the-nll",
            "This is the negative log-likelihood. The density itself is asked.",
            NOISE + exp(-NOISE) + log(a),
        ),
        Mistake(
            "square-of-the-slope",
            "You divided by the square of the factor. The slope of u as a function of x is there once.",
            gumbel(NOISE) / a**2,
        ),
    ),
)

# --- 4 · bits-per-dimension ------------------------------------------------------------------------------------------

IMAGE_NLL, PIXELS, DIMENSIONS = -9500.0, 32 * 32, 32 * 32 * 3


def in_bits(nll: float, dimensions: int, levels: float = 256) -> float:
    return float(flows.bits_per_dimension(nll, dimensions, bin_width=1 / levels))


BITS_PER_DIMENSION = Value(
    "bits-per-dimension",
    points=1,
    answer=in_bits(IMAGE_NLL, DIMENSIONS),
    within=(-20, 40),
    rtol=0.0,
    atol=1e-3,
    unit="bits",
    mistakes=(
        Mistake(
            "forgets-the-bins",
            "This is the density's, on numbers from 0 to 1, and a count of bits can't be negative. A bin of a whole "
            "number is only 1/256 wide.",
            in_bits(IMAGE_NLL, DIMENSIONS, 1),
        ),
        Mistake(
            "subtracts-the-bins",
            "You subtracted the bits of a bin. Its probability is about density times width, so the loss gets larger.",
            in_bits(IMAGE_NLL, DIMENSIONS, 1 / 256),
        ),
        Mistake(
            "in-nats",
            "This is in nats. The last step is missing: the change to bits.",
            in_bits(IMAGE_NLL, DIMENSIONS) * float(np.log(2)),
        ),
        Mistake(
            "mixes-the-units",
            "You added 8 bits to a number of nats. Bring both to one unit first.",
            answers=(
                IMAGE_NLL / DIMENSIONS + 8,
                IMAGE_NLL / DIMENSIONS / float(np.log(2)) + float(np.log(256)),
            ),
        ),
        Mistake(
            "forgets-the-colours",
            "You divided by the pixels. Each of them has three numbers, and each is a dimension.",
            in_bits(IMAGE_NLL, PIXELS),
        ),
        Mistake(
            "per-image",
            "This is for a whole image. It is asked for one dimension.",
            answers=(
                in_bits(IMAGE_NLL, DIMENSIONS) * DIMENSIONS,
                IMAGE_NLL / float(np.log(2)) + 8,
                IMAGE_NLL / float(np.log(2)),
            ),
        ),
        Mistake(
            "dropped-sign",
            "You dropped the minus of the NLL, or turned it round. A high density is good: it takes bits off.",
            in_bits(-IMAGE_NLL, DIMENSIONS),
        ),
        Mistake(
            "bins-of-another-count",
            "Each of the 3,072 numbers has a bin of its own, and so its bits: not each image, nor each pixel.",
            answers=(
                (IMAGE_NLL / float(np.log(2)) + 8) / DIMENSIONS,
                in_bits(IMAGE_NLL, DIMENSIONS, 1) + 8 / 3,
            ),
        ),
        Mistake("in-bytes", "You divided by 8, so this is in bytes.", in_bits(IMAGE_NLL, DIMENSIONS) / 8),
        Mistake(
            "counts-255",
            "You took 255 for the number of levels. From 0 to 255 there are 256.",
            in_bits(IMAGE_NLL, DIMENSIONS, 255),
        ),
        Mistake(
            "multiplies-by-log-2",
            "You multiplied by log 2, which turns bits into nats. Nats become bits when you divide.",
            answers=(
                IMAGE_NLL / DIMENSIONS * float(np.log(2)) + 8,
                in_bits(IMAGE_NLL, DIMENSIONS) * float(np.log(2)) ** 2,
            ),
        ),
    ),
)

# --- 6 · best-discriminator ------------------------------------------------------------------------------------------

DATA, MADE = np.array([0.6, 0.4, 0.0]), np.array([0.2, 0.4, 0.4])
BEST = adversarial.best_discriminator(DATA, MADE)
VALUE = adversarial.discriminator_value(DATA, MADE, BEST)


def told(d, value) -> list[float]:
    """Return D for the three outcomes, and a value."""
    return [*map(float, d), float(value)]


BEST_DISCRIMINATOR = Value(
    "best-discriminator",
    points=1,
    answer=told(BEST, VALUE),
    within=(-10, 11),
    rtol=0.0,
    atol=1e-3,
    unit="nats",
    mistakes=(
        Mistake(
            "for-the-generator",
            "Your D is the probability that an outcome was made. It says how probably it comes from the data.",
            answers=(
                told(1 - BEST, VALUE),
                told(1 - BEST, adversarial.discriminator_value(MADE, DATA, BEST)),
            ),
        ),
        Mistake(
            "always-a-half",
            "D = 1/2 is best where p and g are equal. Compare the two outcome by outcome.",
            told(np.full(3, 0.5), -np.log(4)),
        ),
        Mistake(
            "takes-the-likelier",
            "You decide for the likelier side. Sure of the wrong one, a logarithm is −∞: say how probable it is.",
            answers=(told([1, 0.5, 0], VALUE), told([1, 0, 0], VALUE), told([1, 1, 0], VALUE)),
        ),
        Mistake(
            "data-alone",
            "You gave the data's probabilities. What counts is their share of both.",
            answers=(told(DATA, VALUE), told(DATA, DATA[:2] @ np.log(DATA[:2]) + MADE @ np.log(1 - DATA))),
        ),
        Mistake(
            "gives-the-quotient",
            "You gave p/g. A discriminator gives a probability: p's share of both.",
            answers=(told([3, 1, 0], VALUE), told([1 / 3, 1, 0], VALUE)),
        ),
        Mistake(
            "value-of-a-half",
            "Your D is right, the value is that of D = 1/2. Put your own D into the expectations.",
            told(BEST, -np.log(4)),
        ),
        Mistake(
            "half-the-divergence",
            "Your D is right. Add the Jensen–Shannon divergence twice: both expectations hold one half of it.",
            told(BEST, adversarial.jensen_shannon(DATA, MADE) - np.log(4)),
        ),
        Mistake(
            "half-the-value",
            "Your D is right, your value is half of it. Both expectations count fully.",
            told(BEST, VALUE / 2),
        ),
        Mistake(
            "flipped-sign",
            "Your D is right. A logarithm of a probability is never above 0, and so is the value.",
            told(BEST, -VALUE),
        ),
        Mistake(
            "gives-the-divergence",
            "Your D is right, and the last number is a Jensen–Shannon divergence, or two. The value is less by log 4.",
            answers=(
                told(BEST, adversarial.jensen_shannon(DATA, MADE)),
                told(BEST, 2 * adversarial.jensen_shannon(DATA, MADE)),
            ),
        ),
        Mistake(
            "one-expectation",
            "Your D is right. The value has two expectations, one under p and one under g.",
            answers=(
                told(BEST, DATA[:2] @ np.log(BEST[:2])),
                told(BEST, MADE @ np.log(1 - BEST)),
            ),
        ),
        Mistake("in-bits", "Your D is right, your value is in bits.", told(BEST, VALUE / np.log(2))),
        Mistake(
            "without-weights",
            "Your D is right. In an expectation each logarithm is weighted by its probability.",
            told(BEST, np.log(BEST[:2]).sum() + np.log(1 - BEST).sum()),
        ),
    ),
)

# --- 7 · which-pairs -------------------------------------------------------------------------------------------------

WHICH_PAIRS = Choice(
    "which-pairs",
    points=1,
    options={
        "a": "M, autoregressive: an exact NLL of 3.1 bits per dimension. N, a VAE: a negative ELBO of 3.3.",
        "b": "M, a VAE: a negative ELBO of 3.1 bits per dimension. N, autoregressive: an exact NLL of 3.3.",
        "c": "M, a flow on pixels from 0 to 1: −2.0 nats per dimension. N, a flow on pixels from 0 to 255: 3.2 nats.",
        "d": "M, a generator of a GAN: 3.1, from narrow Gaussian kernels around 10,000 of its samples. N, a flow: 3.3.",
    },
    answer="b",
    mistakes=(
        Mistake(
            "bound-taken-for-exact",
            "A negative ELBO is an upper bound. N's own NLL may be below 3.3, and below 3.1 too.",
            "a",
        ),
        Mistake(
            "other-scale",
            "Divide pixels by 255, and the NLL of a density loses log 255 nats per dimension. Bring both to one scale.",
            "c",
        ),
        Mistake(
            "kernel-estimate",
            "That is the likelihood of the kernels, not of the generator. Another width gives another number.",
            "d",
        ),
    ),
)

# --- 9 · elbo-steps --------------------------------------------------------------------------------------------------

K = size("K")
j, k = (index(name, K) for name in "jk")
prior, q = simplex("pi", K), simplex("q", K)
lik = probabilities("ell", K)
EVIDENCE = Sum(prior[k] * lik[k], (k, 1, K))

DIVERGENCE = "the divergence from q to the posterior is seen, which is never negative"
# log q − log(prior · likelihood) + log p(x) under one sum: where log p(x) is only put beside, a likelihood stands alone
APART = Form(
    holds=("Sum>log>Sum", "Sum>log>q"),
    product=("pi", "ell"),
    inside=(("pi", "Mul"), ("ell", "Mul")),
    says=DIVERGENCE,
)

ELBO_STEPS = DerivationTask(
    "elbo-steps",
    points=3,
    start=Sum(q[k] * log(lik[k]), (k, 1, K)) - Sum(q[k] * log(q[k] / prior[k]), (k, 1, K)),
    goal=log(EVIDENCE),
    milestones=(
        Milestone(
            "one-logarithm",
            "prior and likelihood stand in one logarithm",
            forms=(
                Form(holds=("Sum>log>pi", "Sum>log>ell"), product=("pi", "ell"), free_of=("log>Sum",)),
                Form(
                    holds=("log>Sum>inverse",),
                    product=("pi", "ell", "q", "inverse"),
                    free_of=("Sum>log",),
                    says="the logarithm of a mean under q is there, with prior, likelihood and q in it",
                    written=True,
                ),
                Form(
                    holds=("Sum>log>Sum",),
                    product=("pi", "ell", "Sum"),
                    says="the posterior stands in a logarithm",
                ),
                APART,
            ),
        ),
        Milestone(
            "bound",
            "Jensen's inequality is used, or the divergence to the posterior is seen",
            termwise="q",
            after="one-logarithm",
            forms=(
                Form(
                    holds=("Sum>log>Sum", "Sum>log>q"),
                    product=("pi", "ell", "Sum"),
                    says=DIVERGENCE,
                ),
                APART,
            ),
        ),
    ),
    symbols=(K, j, k, prior, q, lik),
    names={"pi": "prior", "ell": "lik"},
    relation="≤",
    form=Form(
        free_of=("q", "Derivative", "Sum>log"),
        says="The last line has to be the logarithm of p(x), with no q left.",
    ),
    mistakes=(
        Mistake(
            "adds-the-divergence",
            "The divergence to the prior is added here. It is taken away: a guess far from the prior costs something.",
            Sum(q[k] * log(lik[k] * q[k] / prior[k]), (k, 1, K)),
        ),
        Mistake(
            "forgets-the-entropy",
            "The logarithm of q is gone. It belongs below the line, under prior and likelihood.",
            Sum(q[k] * log(prior[k] * lik[k]), (k, 1, K)),
        ),
        Mistake(
            "drops-the-weights",
            "The weights q_k are gone. Each term counts as often as q chooses it.",
            Sum(log(prior[k] * lik[k] / q[k]), (k, 1, K)),
        ),
        Mistake(
            "keeps-the-weights",
            "The mean under q is that of the quotient, in which q is below the line. There it cancels the weight.",
            log(Sum(q[k] * prior[k] * lik[k], (k, 1, K))),
        ),
        Mistake(
            "forgets-the-prior",
            "The prior is gone. What was observed has the probability of prior times likelihood, summed.",
            log(Sum(lik[k], (k, 1, K))),
        ),
        Mistake(
            "without-the-logarithm",
            "This is p(x) itself. The ELBO bounds its logarithm.",
            EVIDENCE,
        ),
        Mistake(
            "swapped",
            "q and the joint have changed places in the logarithm. This is minus the ELBO.",
            Sum(q[k] * log(q[k] / (prior[k] * lik[k])), (k, 1, K)),
        ),
        Mistake(
            "reconstruction-only",
            "The divergence to the prior is gone. It is never negative, so without it the bound may break.",
            Sum(q[k] * log(lik[k]), (k, 1, K)),
        ),
    ),
)

TASKS = (
    AFFINE_DENSITY,
    COUPLING_LOG_DET,
    ELBO_FROM_TABLE,
    BITS_PER_DIMENSION,
    DIFFUSION_POSTERIOR,
    BEST_DISCRIMINATOR,
    WHICH_PAIRS,
    FLOW_NLL,
    ELBO_STEPS,
)
