"""The topics of the course, each with the place where it is taught: a page, an anchor, and words that stand there.

The anchor is a label of a section or of an equation (``equation-…``). The words are looked for in the section that the
anchor opens, or around the equation. Where the question is one that users of the common libraries asked, it is marked.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A topic and its home. asked: whether users asked it."""

    name: str
    page: str
    anchor: str
    words: tuple[str, ...]
    asked: bool = False


def topics(page: str, rows: str, asked: bool = False) -> tuple[Topic, ...]:
    """Read rows ``topic | anchor | words, words`` of one page."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows.strip().splitlines()]
    return tuple(
        Topic(name, page, anchor, tuple(word.strip() for word in words.split(";")), asked)
        for name, anchor, words in cells
    )


SEQUENCES = topics("01_sequences", """
chain rule of probability | equation-chain-rule | exact
log-likelihood of a sequence | sequence-log-likelihood-section | negative log-likelihood; surprisal
a worked log-likelihood | sequence-worked-example | The cat sat; sum of the log-probabilities
underflow | sequence-underflow | exactly; float32
gradients of sums and products | sequence-gradients | sum of the gradients
start and end symbol | sequence-boundaries | BOS; EOS
objectives over a dataset | sequence-dataset | mean per token; mean of the sequences' means
one unlikely token | sequence-one-token | floor
which conditionals change | sequence-changed-token | bigram model
padding and masks | sequence-padding | mask
running example, log-likelihood | sequence-running-example | nats per token
""")  # fmt: skip

MAXIMUM_LIKELIHOOD = topics("02_maximum_likelihood", """
likelihood | likelihood-section | maximum-likelihood estimate
independence of examples | likelihood-independence | duplicates
argmax of product, sum and NLL | argmax-section | never changes an order
counts over total | categorical-section | Lagrange multiplier
bigram model | bigram-section | row
smoothing as a prior | smoothing-section | Dirichlet; maximum a posteriori
law of large numbers | sample-mean-section | standard error
consistency | consistency-section | uniform
why likelihood makes fluent text | fluency-section | Fluent is not true
Fisher information | fisher-section | score
Cramér–Rao bound | cramer-rao-section | unbiased
efficiency | efficiency-section | asymptotically efficient
invariance | invariance-section | log-odds
running example, estimate | likelihood-running-example | no bigram table has less
""")  # fmt: skip

KL = topics("03_kl_divergence", """
KL divergence | kl-definition-section | what it costs to believe
Gibbs' inequality | gibbs-section | never negative
Jensen's inequality | jensen-section | concave
KL is zero only for equal distributions | kl-zero-section | if and only if
KL is no distance | kl-no-distance | not symmetric; no metric
zeros in KL | kl-infinite-section | infinite
chain rule of KL | kl-chain-rule-section | chain rule of KL
maximum likelihood is least forward KL | forward-kl-section | hinge of the whole course
empirical NLL | empirical-nll-section | empirical
forward or reverse | forward-not-reverse | nobody knows it
mass-covering and mode-seeking | covering-and-seeking | covers; seeks
running example, KL | kl-running-example | smoothing
""")  # fmt: skip

CROSS_ENTROPY = topics("04_cross_entropy", """
cross-entropy | cross-entropy-definition-section | average surprise
entropy plus KL | entropy-plus-kl | floor
one-hot targets | one-hot-section | NLL
code lengths | code-length-section | Kraft's inequality
proper scoring rules | proper-scores | strictly proper
the log score | log-score-section | fresh data
accuracy as a score | accuracy-not-strict | boastful
the linear score | linear-not-proper | certainty pays
label smoothing | label-smoothing-section | floor moves
one objective, many names | names-side-by-side | deviance; log-loss
what a loss value means | reading-a-loss | knowing nothing
running example, cross-entropy | cross-entropy-running-example | bits
""")  # fmt: skip

SOFTMAX = topics("05_softmax_gradient", """
softmax | softmax-from-logits | log-odds
NLL from logits | nll-section | tug of war
stable log-sum-exp | stable-log-sum-exp | overflow
gradient: prediction minus target | nll-gradient-section | prediction minus target
Jacobian of the softmax | softmax-jacobian-section | chain rule
why the gradient is a good signal | error-signal | confidently wrong
Hessian and convexity | softmax-hessian-section | variance
temperature | softmax-temperature | Cold; Hot
the loss under a temperature | temperature-loss-section | soft maximum; gap
running example, gradient | softmax-running-example | prediction minus the counts
""")  # fmt: skip

PERPLEXITY = topics("06_perplexity", """
product, sum, mean, exp | product-sum-mean-exp | geometric mean
what a perplexity counts | reading-a-perplexity | effective branching factor
base 2 beside natural logarithms | bits-and-nats | only when
averaging over a corpus | averaging-over-a-corpus | weighted by
no averages of perplexities | perplexities-do-not-average | Jensen's inequality
bits per byte | bits-per-byte-section | UTF-8
comparable perplexities | comparable-perplexities | tokenisation
running example, perplexity | perplexity-running-example | perplexity of
""")  # fmt: skip

AUTOGRAD = topics("07_autograd", """
computation graph | computation-graph | slope
total derivative | total-derivative-section | sum over its users
reverse order | reverse-order-section | topological
cost of a gradient | cost-section | memory
a loss in one node | stable-node-section | large logits; one node
gradient check | gradient-check-section | central
model of the next character | character-model-section | embedding
gradient descent | descent-section | learning rate
running example, descent | autograd-running-example | counting
""")  # fmt: skip

LANGUAGE_MODEL = topics("08_language_model", """
floor and distance | lm-floor-section | best possible perplexity
entropy rate | entropy-rate-section | Markov source
what a short memory costs | lm-window-section | hidden source
Transformer | lm-model-section | attention
first loss is log V | lm-first-loss-section | gain
teacher forcing | teacher-forcing-section | teacher forcing
training to the floor | lm-training-section | Three ways to the same KL
calibration | lm-calibration-section | first choice
temperature, top-k, top-p | lm-generation-section | top-k; top-p
real text | lm-text-section | overfitting
running example, entropy rate | lm-running-example | stationary
""")  # fmt: skip

DECODING = topics("09_decoding", """
log q of an answer given a prompt | answer-score-section | conditional-score; prompt's own score cancels
a score is a sum of logits minus log-sum-exps | score-from-logits-section | raw logits
raw logits rank nothing | equation-raw-logits-shift | shift
greedy loses on two steps | most-probable-section | if and only if
a certificate that greedy is the mode | certificate-section | runner-up
a prefix bounds its extensions | best-first-section | exact search
the empty text as the mode | empty-mode-section | constant end probability
the mean and one more token | answer-length-section | exceeds the mean
equal lengths rank alike | equation-equal-lengths | equal
softmax of totals is a posterior | candidate-posterior-section | Bayes' rule; means
the mode and the entropy | mode-untypical-section | min-entropy
KL of texts and whose prefixes | exposure-section | first argument
total variation of texts | tv-section | Pinsker's inequality
scheduled sampling | scheduled-section | no consistent objective
speculative decoding | speculative-section | keeps the distribution
Gumbel-max | gumbel-section | rings first
reads with and without a cache | cache-section | without a cache
teacher forcing and exposure bias | exposure-section | exposure bias
tokens across the join | join-section | Tokens across the join
BOS doubled or missing, EOS for all or for none | join-section | BOS; EOS
which terms change with the prompt | join-section | when the prompt changes
answers ranked by what the prompt adds | answer-length-section | mutual information
sum, mean per token, mean per byte | answer-length-section | per byte
beam search | beam-section | wider beam
experiment: mode, beams and samples | beam-section | dynamic programming
pseudo-likelihood | pseudo-section | pseudo-log-likelihood
windows and stride | long-text-section | stride
quantised model, perplexity against KL | pseudo-section | quantised model
softmax over the wrong axis | incident-axis | last axis
high confidence, wrong token | incident-best | model's
a doubled softmax | incident-double | another
base 2 beside nats | incident-base | log2
a temperature left on | incident-temperature | sampling temperature
token-by-token winner loses in total | incident-total | Add up
ranking by raw logits or by length | incident-raw | raw logits
an average of perplexities | incident-perplexity | averages the perplexities
likelihood in training, the maximum in use | incident-selection | mode
scoring by the command | long-text-section | solutions.lm score
audit of foreign tables | incidents-section | solutions.lm audit
running example, score | decoding-running-example | mode
""")  # fmt: skip

BEYOND = topics("10_beyond_autoregression", """
density of a monotone function | flow-section | strictly increasing; the inverse and its slope
log-determinants add | equation-log-dets-add | layers multiply
coupling layers | log-det-section | triangular; block of zeros
an autoregressive density is a flow | log-det-section | autoregression is a flow
NLL in other units, dequantisation | bits-per-dimension-section | per dimension; dequantisation
ELBO and its gap | latent-section | evidence lower bound; the gap is
what a VAE makes small | elbo-data-section | a mean gap
KL of Gaussians, linear-Gaussian model | gaussian-kl-section | standard normal; complete the square
importance-weighted bound | iwae-section | it never falls
two noising steps are one | diffusion-section | in one jump
posterior of a noising step | diffusion-posterior-section | bayes' rule
masked models in any order | any-order-section | pseudo-likelihood; upper bound
best discriminator, Jensen-Shannon | gan-section | measures a divergence
a generator has no density | no-density-section | no function to evaluate; wasserstein
the paradigms in one table | compare-section | exact or bound; bound against exact
the experiment | beyond-experiment-section | exact denoiser
""") + topics("10_beyond_autoregression", """
a negative loss of a density | density-section | may be negative
the 8 of bits per dimension | beyond-questions-section | why do they add 8
a log-likelihood out of a VAE | beyond-questions-section | you get a bound
is the epsilon-loss a likelihood | diffusion-bound-section | without them
perplexity of masked and diffusion models | beyond-questions-section | pseudo-perplexity; as its number is a bound
FID against likelihood | beyond-questions-section | FID
""", asked=True)  # fmt: skip

EXAM = topics("11_exam", """
memory nuggets as cards | exam-nuggets-section | one-hot
the six classic questions with their marking | exam-questions-section | points
a worked marking | exam-worked-section | points
question 1, two points | exam-question-1 | likelihood
question 2, two points | exam-question-2 | perplexity
question 3, two points | exam-question-3 | floor
question 4, two points | exam-question-4 | gradient
question 5, three points | exam-question-5 | KL
question 6, three points | exam-question-6 | temperature
ten debugging cases | exam-debugging-section | wrong
debugging case 1 | exam-case-1 | points
debugging case 2 | exam-case-2 | points
debugging case 3 | exam-case-3 | points
debugging case 4 | exam-case-4 | points
debugging case 5 | exam-case-5 | points
debugging case 6 | exam-case-6 | points
debugging case 7 | exam-case-7 | points
debugging case 8 | exam-case-8 | points
debugging case 9 | exam-case-9 | points
debugging case 10 | exam-case-10 | points
six derivations with one wrong line | exam-flawed-section | wrong line
the mock exam, with a time limit | exam-exercises | minutes
""")  # fmt: skip

SHEET = topics("cheat_sheet", """
cheat sheet of fifteen results | cheat-sheet | Print this page
""")  # fmt: skip

ASKED = (
    *topics("06_perplexity", """
sliding window and stride, which tokens count | sliding-windows-section | Each token once; join
pseudo-perplexity of masked models | other-perplexities | Pseudo-perplexity
KL against perplexity for quantised models | other-perplexities | quantisation
answers of different length, per token or per byte | bits-per-byte-section | Texts of different length; per byte
""", asked=True),
    *topics("01_sequences", """
BOS missing, doubled or replaced by EOS | sequence-boundaries | Missing; Doubled; Replaced
the loss of an answer, tokens across the join | sequence-padding | A mask for the prompt; tokeniser may merge
""", asked=True),
    *topics("04_cross_entropy", """
weighted cross_entropy divides by the sum of the weights | names-side-by-side | sum of the
other conventions of label smoothing | label-smoothing-section | other conventions
""", asked=True),
    *topics("03_kl_divergence", """
scipy's entropy and kl_div, Torch's KLDivLoss | kl-mistakes | scipy.stats.entropy; log_target; batchmean
""", asked=True),
    *topics("05_softmax_gradient", """
sigmoid and BCE beside softmax | softmax-from-logits | Softmax or sigmoid
the loss as T goes to 0 and to infinity | temperature-loss-section | hot limit; grows without bound
the batch loss displayed | equation-batch-loss | batch
""", asked=True),
    *topics("08_language_model", """
gradient accumulation as a mean of means | teacher-forcing-section | Accumulated gradients
pre-training | lm-text-section | pre-training
""", asked=True),
)  # fmt: skip

PAGES = (
    *topics("glossary", """
glossary | glossary | units
base-2 perplexity over natural logs, corrected | term-perplexity | percent too low
"""),
    *topics("concept_map", """
concept map, chapter by chapter | map-of-chapters | leads to
concept map, with exercises | map-06-perplexity | exercises
"""),
)  # fmt: skip

TOPICS = (
    *SEQUENCES, *MAXIMUM_LIKELIHOOD, *KL, *CROSS_ENTROPY, *SOFTMAX, *PERPLEXITY, *AUTOGRAD, *LANGUAGE_MODEL,
    *DECODING, *BEYOND, *EXAM, *SHEET, *ASKED, *PAGES,
)  # fmt: skip
