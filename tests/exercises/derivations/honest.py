# Honest derivations by odd routes: each earns all points. A cell goes on after the start that the notebook gives.

# %% sequence-steps
# the definition of p_j as a step
steps.step("=", -log(Product(exp(s[j]) / Z[j], (j, 1, m))), because="the definition of p_j")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")

# %% sequence-steps
# the product first
steps.step("=", -log(Product(exp(s[j]), (j, 1, m)) / Product(Z[j], (j, 1, m))))
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)))

# %% sequence-steps
# the exponentials first
steps.step("=", -log(exp(Sum(s[j], (j, 1, m))) / Product(Z[j], (j, 1, m))))
steps.step("=", log(Product(Z[j], (j, 1, m))) - Sum(s[j], (j, 1, m)))
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)))

# %% sequence-steps
# surprisals
steps.step("=", Sum(log(1 / p(j)), (j, 1, m)))
steps.step("=", Sum(-s[j] + log(Z[j]), (j, 1, m)))

# %% sequence-steps
# the first position apart, and back
steps.step("=", -log(p(1)) - Sum(log(p(j)), (j, 2, m)))
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", -(Sum(s[j], (j, 1, m)) - Sum(log(Z[j]), (j, 1, m))))

# %% sequence-steps
# in bits on the way
steps.step("=", -log(2) * Sum(log(p(j)) / log(2), (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# a line twice, and a detour
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", -log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(s[j] - log(Z[j]), (j, 1, m)))

# %% lagrangian-slope
# the likelihood as a product
from sympy import Product

steps.step("=", Derivative(log(Product(theta[k] ** n[k], (k, 1, V))), theta[j]) - lam)
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# the slope of the constraint comes last
steps.step("=", n[j] / theta[j] - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# under the sums
steps.step("=", Sum(n[k] * Derivative(log(theta[k]), theta[j]), (k, 1, V)) - lam)
steps.step("=", -lam + n[j] * theta[j] ** -1)

# %% lagrangian-slope
# one term of each sum
steps.step("=", Derivative(n[j] * log(theta[j]) - lam * theta[j], theta[j]))
steps.step("=", (n[j] - lam * theta[j]) / theta[j])

# %% lagrangian-slope
# cases instead of deltas
from sympy import Eq, Piecewise

steps.step("=", Sum(Piecewise((n[k] / theta[k] - lam, Eq(k, j)), (0, True)), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# deltas, with the multiplier inside
steps.step("=", Sum((n[k] / theta[k] - lam) * KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% gibbs
# as short as it can be
steps.step("<=", Sum(q[k] - p[k], (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", 0)

# %% gibbs
# Jensen
steps.step("≤", log(Sum(p[k] * (q[k] / p[k]), (k, 1, V))), because="the logarithm is concave")
steps.step("=", log(Sum(q[k], (k, 1, V))))
steps.step("=", 0)

# %% gibbs
# the inequality moved to the other side: every term is at most 0
steps.step(
    "=",
    Sum(p[k] * (log(q[k] / p[k]) - q[k] / p[k] + 1), (k, 1, V)),
    because="the sums of p and of q are equal",
)
steps.step("≤", 0, because="every term is at most 0")

# %% gibbs
# with the constant put in at once
steps.step("≤", Sum(q[k], (k, 1, V)) - 1)
steps.step("=", 0)

# %% gibbs
# another letter, and e^x ≥ 1 + x
j = index("j", V)
steps.step("=", Sum(p[j] * log(q[j] / p[j]), (j, 1, V)))
steps.step(
    "≤",
    Sum(p[j] * (exp(log(q[j] / p[j])) - 1), (j, 1, V)) if False else Sum(p[j] * (q[j] / p[j] - 1), (j, 1, V)),
)
steps.step("=", Sum(q[j], (j, 1, V)) - Sum(p[j], (j, 1, V)))
steps.step("=", 0)

# %% gibbs
# with square roots: log t ≤ 2 (√t − 1), and 2 √(pq) ≤ p + q
from sympy import sqrt

steps.step("≤", 2 * Sum(sqrt(p[k] * q[k]), (k, 1, V)) - 2)
steps.step("≤", Sum(p[k] + q[k], (k, 1, V)) - 2)
steps.step("=", 0)

# %% gibbs
# with a minus in front
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("≤", -Sum(p[k] * (1 - q[k] / p[k]), (k, 1, V)))
steps.step("=", -(Sum(p[k], (k, 1, V)) - Sum(q[k], (k, 1, V))))
steps.step("=", 0)

# %% gibbs
# more inequalities than are needed, all of them seen term by term
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k] + (q[k] - p[k]) ** 2, (k, 1, V)) - Sum((q[k] - p[k]) ** 2, (k, 1, V)))
steps.step("=", 0)

# %% entropy-plus-kl
# three sums, two of which SymPy cancels at once
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * log(q[k]), (k, 1, V)),
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# one logarithm, in which p cancels as it is typed
steps.step("=", Sum(p[k] * log((p[k] / q[k]) / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the quotient turned over
steps.step("=", -Sum(p[k] * (log(p[k]) + log(q[k] / p[k])), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# a weight in front of a difference
steps.step("=", Sum(p[k] * (log(p[k]) - log(q[k]) - log(p[k])), (k, 1, V)))
steps.step("=", Sum(-p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the inverse stays for a line
steps.step("=", Sum(p[k] * log(1 / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[j] * log(q[j]), (j, 1, V)))

# %% nll-gradient-steps
# the chain rule with the Jacobian, where SymPy cancels
steps.step("=", -(1 / y_hat(y)) * y_hat(y) * (KroneckerDelta(y, j) - y_hat(j)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the chain rule, then the Jacobian
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# score and log-sum apart, and the answer
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]))
steps.step("=", exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# term by term under the sum
steps.step(
    "=", Sum(exp(z[k]) * KroneckerDelta(k, j), (k, 1, V)) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(y, j)
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y))


# %% nll-gradient-steps
# a function of one's own
def lse(index):
    return log(Sum(exp(z[index]), (index, 1, V)))


steps.step("=", Derivative(lse(i), z[j]) - Derivative(z[y], z[j]))
steps.step("=", y_hat(j) - Derivative(z[y], z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# a long route with a line that says nothing
total = Sum(exp(z[k]), (k, 1, V))
steps.step("=", -Derivative(log(exp(z[y]) / total), z[j]))
steps.step("=", -Derivative(z[y] - log(total), z[j]))
steps.step("=", -(Derivative(z[y], z[j]) - Derivative(total, z[j]) / total))
steps.step("=", -(KroneckerDelta(y, j) - Sum(Derivative(exp(z[k]), z[j]), (k, 1, V)) / total))
steps.step("=", exp(z[j] - log(total)) - KroneckerDelta(y, j))

# %% perplexity-steps
# exp of a logarithm, which SymPy undoes at once
steps.step("=", exp(log(Product(p[j], (j, 1, m)) ** (-1 / m))))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# the root into the product
steps.step("=", Product(p[j] ** (-1 / m), (j, 1, m)))
steps.step("=", exp(Sum(log(1 / p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# every factor as an exponential
steps.step("=", Product(exp(log(1 / p[j]) / m), (j, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# the logarithm of the root, by a sum
steps.step("=", exp(Sum(log(p[j]), (j, 1, m))) ** (-1 / m))
steps.step("=", exp(-(1 / m) * Sum(log(p[j]), (j, 1, m))))

# %% perplexity-steps
# through powers of 2
steps.step("=", 2 ** (-log(Product(p[j], (j, 1, m))) / log(2) / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% tanh-steps
# through the hyperbolic secant
steps.step("=", sympy.sech(x) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# through 4 over a square
steps.step("=", 4 / (up + down) ** 2)
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# through sinh and cosh
steps.step("=", (sympy.cosh(x) ** 2 - sympy.sinh(x) ** 2) / sympy.cosh(x) ** 2)
steps.step("=", (1 + tanh_x) * (1 - tanh_x))

# %% tanh-steps
# the product rule, half done
steps.step(
    "=", Derivative(up - down, x) / (up + down) - (up - down) * Derivative(up + down, x) / (up + down) ** 2
)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# in exp(2x)
E = sympy.exp(2 * x)
steps.step("=", 4 * E / (E + 1) ** 2)
steps.step("=", 1 - tanh_x * tanh_x)

# %% nll-gradient-steps
# the quotient rule in the Jacobian
total = Sum(exp(z[k]), (k, 1, V))
steps.step("=", -(exp(z[y]) * KroneckerDelta(y, j) * total - exp(z[y]) * exp(z[j])) / total**2 / y_hat(y))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# one is done, the other is not
steps.step("=", Derivative(-z[y], z[j]) + exp(z[j] - log(Sum(exp(z[k]), (k, 1, V)))))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))


# %% nll-gradient-steps
# a helper for the loss
def loss(c):
    return log(Sum(exp(z[k]), (k, 1, V))) - z[c]


steps.step("=", Derivative(loss(y), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# shifted by the score
steps.step("=", Derivative(log(Sum(exp(z[k] - z[y]), (k, 1, V))), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% lagrangian-slope
# three derivatives
steps.step(
    "=",
    Derivative(log_likelihood, theta[j])
    - Derivative(lam * Sum(theta[k], (k, 1, V)), theta[j])
    + Derivative(lam, theta[j]),
)
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# term j apart
steps.step("=", Derivative(n[j] * log(theta[j]), theta[j]) - Derivative(lam * theta[j], theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# chain rule written out
steps.step("=", n[j] * (1 / theta[j]) * Derivative(theta[j], theta[j]) - lam * Derivative(theta[j], theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% gibbs
# around 1
steps.step("=", Sum(p[k] * log(1 + (q[k] - p[k]) / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * ((q[k] - p[k]) / p[k]), (k, 1, V)))
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)))
steps.step("=", 0)

# %% gibbs
# the log-sum inequality
steps.step("≤", Sum(p[k], (k, 1, V)) * log(Sum(q[k], (k, 1, V)) / Sum(p[k], (k, 1, V))))
steps.step("=", 0)

# %% gibbs
# the log-sum inequality with its minus
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("≤", -Sum(p[k], (k, 1, V)) * log(Sum(p[k], (k, 1, V)) / Sum(q[k], (k, 1, V))))
steps.step("=", 0)

# %% gibbs
# convexity of minus the logarithm
steps.step("=", -Sum(p[k] * (-log(q[k] / p[k])), (k, 1, V)))
steps.step("≤", log(Sum(p[k] * q[k] / p[k], (k, 1, V))))
steps.step("=", log(1))

# %% gibbs
# strict, then with ≤
steps.step("=", Sum(p[k] * log(q[k]) - p[k] * log(p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)))
steps.step("=", 1 - Sum(p[k], (k, 1, V)))
steps.step("=", 1 - 1)

# %% gibbs
# 1 is taken out first
steps.step("≤", Sum(p[k] * (q[k] / p[k]), (k, 1, V)) - 1)
steps.step("=", Sum(q[k], (k, 1, V)) - 1)
steps.step("=", 0)

# %% gibbs
# the tangent as a quotient
steps.step("≤", Sum((q[k] - p[k]) / p[k] * p[k], (k, 1, V)))
steps.step("≤", 0)

# %% entropy-plus-kl
# one fraction of sums
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V))
    + Sum(p[k] * log(p[k]), (k, 1, V))
    + Sum(p[k] * log(1 / q[k]), (k, 1, V)),
)
steps.step("=", Sum(p[k] * log(1 / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# powers
steps.step("=", Sum(log(p[k] ** -p[k]) + p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(-p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# with brackets and a minus in front
steps.step("=", -(Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V))))
steps.step("=", -Sum(p[k] * (log(p[k]) - log(p[k]) + log(q[k])), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% sequence-steps
# the logarithm of the definition under the sum at once
steps.step("=", -Sum(log(exp(s[j])) - log(Z[j]), (j, 1, m)))
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)))

# %% sequence-steps
# logs of the products
steps.step("=", log(Product(Z[j], (j, 1, m))) - log(Product(exp(s[j]), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# exp of a sum inside
steps.step("=", -log(exp(Sum(log(p(j)), (j, 1, m)))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% perplexity-steps
# inverse product
steps.step("=", (1 / Product(p[j], (j, 1, m))) ** (1 / m))
steps.step("=", exp(log(1 / Product(p[j], (j, 1, m))) / m))
steps.step("=", exp(Sum(-log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# exp of the mean NLL of the product
nll = -log(Product(p[j], (j, 1, m)))
steps.step("=", exp(nll / m))
steps.step("=", exp(Sum(-log(p[j]) / m, (j, 1, m))))

# %% perplexity-steps
# one over a geometric mean
steps.step("=", 1 / exp(log(Product(p[j], (j, 1, m))) / m))
steps.step("=", 1 / exp(Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# in base 2
steps.step("=", 2 ** (-Sum(log(p[j]) / log(2), (j, 1, m)) / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% tanh-steps
# as 1 minus a fraction first
E = sympy.exp(2 * x)
steps.step("=", Derivative(1 - 2 / (E + 1), x))
steps.step("=", 4 * E / (E + 1) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# with sinh and cosh under the derivative
steps.step("=", Derivative(sympy.sinh(x) / sympy.cosh(x), x))
steps.step("=", (sympy.cosh(x) ** 2 - sympy.sinh(x) ** 2) / sympy.cosh(x) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% gibbs
# Jensen with roots, then their means inside of the logarithm
from sympy import sqrt

steps.step("≤", 2 * log(Sum(sqrt(p[k] * q[k]), (k, 1, V))))
steps.step("≤", 2 * log(Sum((p[k] + q[k]) / 2, (k, 1, V))))
steps.step("=", 0)

# %% gibbs
# a root in each logarithm, Jensen, and the mean of 1 and the quotient
from sympy import sqrt

steps.step("=", 2 * Sum(p[k] * log(sqrt(q[k] / p[k])), (k, 1, V)))
steps.step("≤", 2 * log(Sum(p[k] * sqrt(q[k] / p[k]), (k, 1, V))))
steps.step("≤", 2 * log(Sum(p[k] * (1 + q[k] / p[k]) / 2, (k, 1, V))))
steps.step("=", 0)

# %% gibbs
# a sum that is 1 stays in front of the terms
i = index("i", V)
steps.step("≤", Sum(p[k] * (q[k] / p[k] - Sum(q[i], (i, 1, V))), (k, 1, V)))
steps.step("=", 0)

# %% entropy-plus-kl
# both sums as one, with a weight that sums to 1
steps.step("=", Sum(q[j] * p[k] * (log(p[k] / q[k]) - log(p[k])), (j, 1, V), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% lagrangian-slope
# a mean, and the derivative goes into the sum under it
i = index("i", V)
steps.step(
    "=",
    Sum(
        theta[i] / theta[i] * Sum(Derivative(n[k] * log(theta[k]) - lam * theta[k], theta[j]), (k, 1, V)),
        (i, 1, V),
    )
    / V,
)
steps.step("=", n[j] / theta[j] - lam)

# %% nll-gradient-steps
# the one-hot sum with the logarithm taken apart in it
steps.step(
    "=", Derivative(Sum(KroneckerDelta(i, y) * (log(Sum(exp(z[k]), (k, 1, V))) - z[i]), (i, 1, V)), z[j])
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% scheduled-steps
# the softmax as one difference of logarithms, in both sums at once
L = log(Sum(exp(z[i]), (i, 1, V)))
steps.step(
    "=",
    Derivative(
        eps * p_a * Sum(g[k] * (L - z[k]), (k, 1, V)) + (1 - eps) * q_a * Sum(h[k] * (L - z[k]), (k, 1, V)),
        z[j],
    ),
)
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps
# the chain rule under the sums, a sum at a time
steps.step(
    "=",
    -eps * p_a * Sum(g[k] / y_hat(k) * Derivative(y_hat(k), z[j]), (k, 1, V))
    - (1 - eps) * q_a * Sum(h[k] / y_hat(k) * Derivative(y_hat(k), z[j]), (k, 1, V)),
)
steps.step("=", eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]))

# %% scheduled-steps
# the derivative of the softmax at once
steps.step(
    "=", Sum((eps * p_a * g[k] + (1 - eps) * q_a * h[k]) * (y_hat(j) - KroneckerDelta(j, k)), (k, 1, V))
)
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% exam-steps
# the entropy aside first, and the rest as a cross-entropy
L = log(Sum(exp(z[i]), (i, 1, V)))
steps.step(
    "=",
    Derivative(Sum(p[k] * log(p[k]), (k, 1, V)), z[j])
    - Derivative(Sum(p[k] * log(y_hat(k)), (k, 1, V)), z[j]),
)
steps.step("=", -Derivative(Sum(p[k] * log(y_hat(k)), (k, 1, V)), z[j]))
steps.step("=", -Derivative(Sum(p[k] * z[k], (k, 1, V)) - L, z[j]))
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# under the sum, a term at a time
L = log(Sum(exp(z[i]), (i, 1, V)))
steps.step("=", Sum(Derivative(p[k] * (log(p[k]) - z[k] + L), z[j]), (k, 1, V)))
steps.step("=", Sum(p[k] * (y_hat(j) - KroneckerDelta(j, k)), (k, 1, V)))
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# the Jacobian at once
steps.step("=", Sum(p[k] * (y_hat(j) - KroneckerDelta(j, k)), (k, 1, V)))
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# the derivative of the log-sum-exp in two more lines
total = Sum(exp(z[i]), (i, 1, V))
steps.step("=", Derivative(-Sum(p[k] * z[k], (k, 1, V)) + log(total), z[j]))
steps.step("=", -p[j] + Derivative(log(total), z[j]))
steps.step("=", -p[j] + Derivative(total, z[j]) / total)
steps.step("=", -p[j] + exp(z[j]) / total)

# %% elbo-steps
# Jensen, as short as it can be
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("<=", log(Sum(prior[k] * lik[k], (k, 1, K))), because="Jensen")

# %% elbo-steps
# the mean under q inside the logarithm at once
steps.step("≤", log(Sum(q[k] * (lik[k] * (prior[k] / q[k])), (k, 1, K))), because="Jensen")
steps.step("=", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# joint and entropy
steps.step("=", Sum(q[k] * log(prior[k] * lik[k]), (k, 1, K)) - Sum(q[k] * log(q[k]), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# the divergence to the posterior, with another letter
px = Sum(prior[j] * lik[j], (j, 1, K))
again = Sum(prior[k] * lik[k], (k, 1, K))
steps.step("=", log(px) - Sum(q[j] * log(q[j] * again / (prior[j] * lik[j])), (j, 1, K)))
steps.step("≤", log(px), because="Gibbs' inequality")

# %% elbo-steps
# the divergence to the posterior, after one logarithm
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", -Sum(q[k] * log(q[k] / (prior[k] * lik[k])), (k, 1, K)))
steps.step("=", -Sum(q[k] * (log(q[k] / (prior[k] * lik[k] / px)) - log(px)), (k, 1, K)))
steps.step("=", -Sum(q[k] * log(q[k] / (prior[k] * lik[k] / px)), (k, 1, K)) + log(px))
steps.step("≤", log(px))

# %% elbo-steps
# p(x) times the posterior in the logarithm, and the tangent instead of Gibbs' inequality
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("=", log(px) + Sum(q[k] * log(prior[k] * lik[k] / px / q[k]), (k, 1, K)))
steps.step("≤", log(px) + Sum(q[k] * (prior[k] * lik[k] / px / q[k] - 1), (k, 1, K)), because="log t ≤ t − 1")
steps.step("=", log(px) + Sum(prior[k] * lik[k] / px, (k, 1, K)) - 1)
steps.step("=", log(px))

# %% elbo-steps
# the logarithm of the posterior, less that of q
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", log(px) + Sum(q[k] * (log(prior[k] * lik[k] / px) - log(q[k])), (k, 1, K)))
steps.step("≤", log(px))

# %% elbo-steps
# the two sums as one, the logarithms put together, Jensen with a minus in front
steps.step("=", Sum(q[k] * log(lik[k]) - q[k] * log(q[k] / prior[k]), (k, 1, K)))
steps.step("=", -Sum(q[k] * -log(lik[k] / (q[k] / prior[k])), (k, 1, K)))
steps.step("≤", log(Sum(q[k] * lik[k] / (q[k] / prior[k]), (k, 1, K))))
steps.step("=", log(Sum(lik[k] * prior[k], (k, 1, K))))

# %% elbo-steps
# strictly, then not
steps.step("=", Sum(q[k] * log(lik[k] * prior[k] / q[k]), (k, 1, K)))
steps.step("≤", log(Sum(lik[j] * prior[j] / q[j] * q[j], (j, 1, K))))
steps.step("≤", log(Sum(lik[j] * prior[j], (j, 1, K))))

# %% elbo-steps
# through the logarithm of a product of powers
from sympy import Product

steps.step("=", log(Product((prior[k] * lik[k] / q[k]) ** q[k], (k, 1, K))))
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step(
    "≤", log(Sum(prior[k] * lik[k], (k, 1, K))), because="the geometric mean is below the arithmetic one"
)

# %% elbo-steps
# the divergence is added, and log p(x) comes out
px = Sum(prior[j] * lik[j], (j, 1, K))
gap = Sum(q[k] * log(q[k] / (prior[k] * lik[k] / px)), (k, 1, K))
steps.step("≤", elbo + gap, because="a divergence is never negative")
steps.step("=", log(px))

# %% elbo-steps
# the divergence to the posterior with its logarithms apart
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", log(px) - Sum(q[k] * (log(q[k]) - log(prior[k] * lik[k]) + log(px)), (k, 1, K)))
steps.step("≤", log(px))

# %% elbo-steps
# the posterior's logarithm and that of q in two sums
px = Sum(prior[j] * lik[j], (j, 1, K))
posterior = Sum(q[k] * log(prior[k] * lik[k] / px), (k, 1, K))
steps.step("=", log(px) + posterior - Sum(q[k] * log(q[k]), (k, 1, K)))
steps.step("≤", log(px))

# %% elbo-steps
# the tangent in each term
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("≤", Sum(q[k] * (log(px) + prior[k] * lik[k] / (q[k] * px) - 1), (k, 1, K)))
steps.step("=", log(px))
