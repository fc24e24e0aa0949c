# Derivations that derive nothing: each earns what its conclusion is worth, a third of the points, at most. A cell goes
# on after the start that the notebook gives.

# %% sequence-steps
# the bare answer
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# the start once more
steps.step("=", -log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# another letter
i = index("i", m)
steps.step("=", -log(Product(p(i), (i, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# a sum of ones over their number
steps.step("=", -log(Product(p(j), (j, 1, m))) * Sum(1, (j, 1, m)) / m)
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# the answer in two forms
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# a logarithm of 1
from sympy import Integer

steps.step("=", -log(Product(p(j), (j, 1, m))) + log(Product(Integer(1), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# a factor that cancels under the product
steps.step("=", -log(Product(p(j) * Z[j] / Z[j], (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# added and taken away
steps.step("=", -log(Product(p(j), (j, 1, m))) + m - m)
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# words, then the answer
steps.argued("=", r"\ldots", because="the logarithm of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# forth and back, and no answer
steps.step("=", -log(Product(p(j), (j, 1, m))) + 1 - 1)
steps.step("=", -log(Product(p(j), (j, 1, m))))

# %% sequence-steps
# a line without a value
steps.step("=", log(Product(-(p(j) ** 2), (j, 1, 1))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% lagrangian-slope
# the bare answer
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# a constant under the derivative
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1) + 7, theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# a constant that is a symbol
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1) + V, theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# another letter in both sums
i = index("i", V)
steps.step(
    "=", Derivative(Sum(n[i] * log(theta[i]), (i, 1, V)) - lam * (Sum(theta[i], (i, 1, V)) - 1), theta[j])
)
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# twice the half
steps.step("=", 2 * Derivative((log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)) / 2, theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# the answer times a derivative that is 1
steps.step("=", (n[j] / theta[j] - lam) * Derivative(theta[j], theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# the answer and a derivative that is 0
steps.step("=", n[j] / theta[j] - lam + Derivative(lam**2, theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# the answer over a common denominator
steps.step("=", (n[j] - lam * theta[j]) / theta[j])
steps.step("=", n[j] / theta[j] - lam)

# %% gibbs
# the theorem
steps.step("≤", 0)

# %% gibbs
# half of it
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) / 2, because="a negative number grows when halved")
steps.step("≤", 0)

# %% gibbs
# a third of it, twice
S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps.step("≤", S / 3)
steps.step("≤", S / 9)
steps.step("≤", 0)

# %% gibbs
# times a sum that is 1
S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps.step("=", S * Sum(p[k], (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# split, and asserted
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# zero in disguise
steps.step("≤", Sum(p[k], (k, 1, V)) - 1)
steps.step("=", 0)

# %% gibbs
# zero in disguise, with the wrong sign
steps.step("≤", Sum(p[k] - q[k], (k, 1, V)))
steps.step("=", 0)

# %% gibbs
# a logarithm of 1 that is no use of Jensen's inequality
steps.step("≤", log(Sum(p[k], (k, 1, V))))
steps.step("=", 0)

# %% gibbs
# twice the same line, then the theorem
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# the divergence with a minus, then the theorem
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# a term that is never negative in front of the theorem
S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps.step("≤", S + Sum((p[k] - q[k]) ** 2, (k, 1, V)) / 4)
steps.step("≤", 0)

# %% gibbs
# the minimum of zero and itself
from sympy import Max

steps.step("≤", Max(0, Sum(p[k] * log(q[k] / p[k]), (k, 1, V))))
steps.step("=", 0)

# %% entropy-plus-kl
# the bare answer
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# times a sum that is 1
steps.step(
    "=", (-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))) * Sum(q[k], (k, 1, V))
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the answer times a sum that is 1
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)) * Sum(p[j], (j, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the minus inside, then outside
steps.step("=", Sum(-p[k] * log(q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# another letter, twice
steps.step("=", -Sum(p[j] * log(p[j]), (j, 1, V)) + Sum(p[j] * log(p[j] / q[j]), (j, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the two terms in another order
steps.step("=", Sum(p[k] * log(p[k] / q[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# a fraction of two equal letters in the answer
steps.step("=", -Sum(p[k] * log(q[k]) * (q[j] / q[j]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% nll-gradient-steps
# the bare answer
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# times a softmax's sum
steps.step("=", Derivative(-log(y_hat(y)), z[j]) * Sum(y_hat(k), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# a constant under the derivative
steps.step("=", Derivative(7 - log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the sum of a softmax under the derivative
steps.step("=", Derivative(Sum(y_hat(k), (k, 1, V)) - log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the minus out and in again
steps.step("=", -Derivative(log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the logarithm of the inverse
steps.step("=", Derivative(log(1 / y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the answer over a common denominator
steps.step("=", (exp(z[j]) - KroneckerDelta(j, y) * Sum(exp(z[k]), (k, 1, V))) / Sum(exp(z[k]), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the answer with a derivative that is 1
steps.step("=", y_hat(j) * Derivative(z[j], z[j]) - KroneckerDelta(j, y))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the answer and the derivative of a constant
steps.step("=", y_hat(j) - KroneckerDelta(j, y) + Derivative(Sum(y_hat(k), (k, 1, V)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# a delta of equal indices
steps.step("=", KroneckerDelta(j, j) * Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) * KroneckerDelta(k, k) - KroneckerDelta(y, j))

# %% nll-gradient-steps
# a circle
L = Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - Derivative(z[y], z[j])
steps.step("=", Derivative(-log(y_hat(y)) + log(1), z[j]))
steps.step("=", Derivative(-log(y_hat(y)), z[j]))

# %% nll-gradient-steps
# a wrong middle line, and a right end
steps.step("=", Derivative(Sum(exp(z[k]), (k, 1, V)) - z[y], z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# a line that has no value, since classes are counted from 1
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 0, V - 1))) - z[y], z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the definition, and a difference quotient
from sympy import Rational

h = Rational(1, 10**12)
steps.step("=", (-log(y_hat(y) + h) + log(y_hat(y))) / h)

# %% perplexity-steps
# the bare answer
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# another letter
i = index("i", m)
steps.step("=", Product(p[i], (i, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# times exp of a logarithm of 1
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / m) * exp(log(1)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# the answer with the mean inside, then outside
steps.step("=", exp(Sum(-log(p[j]) / m, (j, 1, m))))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# the answer times a power of 1
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m) * Product(1, (j, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# brackets and signs
steps.step("=", (Product(p[j], (j, 1, m)) ** 1) ** (-(1 / m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% tanh-steps
# the bare answer
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the rule that is to be derived
steps.step("=", Derivative(tanh_x, x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# a constant under the derivative
steps.step("=", Derivative((up - down) / (up + down) + 3, x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the answer times exponentials that cancel
steps.step("=", (1 - tanh_x**2) * up * down)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the answer, and exponentials that cancel
steps.step("=", 1 - tanh_x**2 + up - up)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the answer as a product, then as a difference
steps.step("=", (1 - tanh_x) * (1 + tanh_x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the quotient turned round twice
steps.step("=", Derivative(1 / ((up + down) / (up - down)), x))
steps.step("=", 1 - tanh_x**2)

# %% sequence-steps
# forth and back, with an honest line on the way
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", -log(Product(p(j), (j, 1, m))))

# %% gibbs
# a false bound, and then a true one that is seen term by term
steps.step("≤", -Sum((p[k] - q[k]) ** 2 / q[k], (k, 1, V)))
steps.step("≤", 0)

# %% sequence-steps
# the definition of p_j is gone, and so is the rest
steps.step("=", -log(p(1)) - log(p(2)) - log(p(3)))
steps.step("=", log(Z[1]) + log(Z[2]) + log(Z[3]) - s[1] - s[2] - s[3])

# %% perplexity-steps
# brackets round the answer
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m) ** 1)
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# a
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m) ** 1)
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# b
steps.step("=", exp(log(1)) * Product(p[j], (j, 1, m)) ** (-1 / m) + 0)
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m) * Sum(p[j], (j, 1, m)) / Sum(p[j], (j, 1, m)))

# %% perplexity-steps
# c product of ones
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / m) * Product(1, (j, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# d index from 2 with the first one: wrong
steps.step("=", Product(p[j], (j, 2, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# e  exponent typed differently
steps.step("=", 1 / (Product(p[j], (j, 1, m)) ** (1 / m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% nll-gradient-steps
# factor that is one by telescoping
steps.step("=", (y_hat(j) - KroneckerDelta(j, y)) * Derivative(z[i], z[i]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# goal + derivative of a constant times something
steps.step("=", y_hat(j) - KroneckerDelta(j, y) + z[j] * Derivative(Sum(y_hat(k), (k, 1, V)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# goal rewritten: log inside exp
steps.step("=", exp(log(y_hat(j))) - KroneckerDelta(j, y))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# start with a constant factor in the log
steps.step("=", Derivative(-log(5 * y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# start half and half
steps.step("=", Derivative(-log(y_hat(y)) / 2, z[j]) + Derivative(-log(y_hat(y)) / 2, z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the power inside the log
steps.step("=", Derivative(-log(y_hat(y) ** 2) / 2, z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# piecewise goal
from sympy import Eq, Piecewise

steps.step("=", Piecewise((y_hat(j) - 1, Eq(j, y)), (y_hat(j), True)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# goal as difference of exps over a common denominator with derivative of zero
steps.step("=", y_hat(j) - KroneckerDelta(j, y) * Sum(y_hat(k), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% lagrangian-slope
# lam - lam in it
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1) + n[j] - n[j], theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# multiplied out
steps.step("=", Derivative(log_likelihood - lam * Sum(theta[k], (k, 1, V)) + lam, theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# derivative of lam added
steps.step(
    "=",
    Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]) + Derivative(lam, theta[j]),
)
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# goal with counts over counts
steps.step("=", n[j] / theta[j] - lam * Sum(theta[k], (k, 1, V)) / Sum(theta[k], (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% tanh-steps
# e/e under the derivative
steps.step("=", Derivative((up - down) * up / ((up + down) * up), x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# tanh under the derivative twice
steps.step("=", Derivative(2 * tanh_x, x) / 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# goal plus derivative of constant
steps.step("=", 1 - tanh_x**2 + Derivative(sympy.Integer(3), x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# one as cosh^2 - sinh^2
steps.step("=", (1 - tanh_x**2) * (sympy.cosh(x) ** 2 - sympy.sinh(x) ** 2))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# 1 as up*down
steps.step("=", up * down - tanh_x**2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# undefined
steps.step("=", sympy.log(-up) * 0 + sympy.log(-1 - up))
steps.step("=", 1 - tanh_x**2)

# %% entropy-plus-kl
# log of one
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)) + log(Sum(p[k], (k, 1, V))),
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# goal with log of one inside
steps.step("=", -Sum(p[k] * (log(q[k]) + log(Sum(p[j], (j, 1, V)))), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# quotient turned over
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# goal with a delta sum
steps.step("=", -Sum(p[k] * log(q[k]) * Sum(KroneckerDelta(k, j), (j, 1, V)), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% gibbs
# equal to itself with another constant
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) + 1 - Sum(p[k], (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# wrong use: each term below 0
steps.step("≤", Sum(p[k] * 0 * q[k], (k, 1, V)) + 0)

# %% gibbs
# goal twice
steps.step("≤", log(1))
steps.step("=", 0)

# %% gibbs
# S <= Sum q - Sum q
steps.step("≤", Sum(q[k], (k, 1, V)) - Sum(q[k], (k, 1, V)))
steps.step("=", 0)

# %% gibbs
# log of sum of p in the disguise of q
steps.step("≤", log(Sum(p[k], (k, 1, V)) + Sum(q[k], (k, 1, V)) - 1))
steps.step("=", 0)

# %% gibbs
# average with zero
S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps.step("≤", (S + 0) / 2)
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)) / 2)
steps.step("=", 0)

# %% sequence-steps
# start squared root
steps.step("=", -log(Product(p(j), (j, 1, m)) ** 2) / 2)
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# log of inverse
steps.step("=", log(1 / Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# goal in another order, then with a minus
steps.step("=", Sum(-s[j] + log(Z[j]), (j, 1, m)))
steps.step("=", -Sum(s[j] - log(Z[j]), (j, 1, m)))

# %% sequence-steps
# exp of log around the goal
steps.step("=", log(exp(Sum(log(Z[j]) - s[j], (j, 1, m)))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% lagrangian-slope
# one line that is an idea and the end at once
steps.step("=", Sum((n[k] / theta[k] - lam) * KroneckerDelta(k, j), (k, 1, V)))

# %% sequence-steps
# m equal shares
i = index("i", m)
steps.step("=", Sum(-log(Product(p(j), (j, 1, m))) / m, (i, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# m equal roots under the logarithm
i = index("i", m)
steps.step("=", -log(Product(Product(p(j), (j, 1, m)) ** (1 / m), (i, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# a sum over one position only, twice
i, k = index("i", m), index("k", m)
steps.step("=", Sum(-log(Product(p(j), (j, 1, m))), (i, 1, 1), (k, m, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% lagrangian-slope
# a delta picks the start
i, L = index("i", V), log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", Sum(KroneckerDelta(i, j) * Derivative(L, theta[i]), (i, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# V equal shares of the start
i, L = index("i", V), log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", Sum(Derivative(L / V, theta[j]), (i, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# a weighted mean of the start
i, L = index("i", V), log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", Sum(n[i] * Derivative(L, theta[j]), (i, 1, V)) / Sum(n[i], (i, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# a weighted mean of equal shares
i, L = index("i", V), log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", Sum(n[i] * Sum(Derivative(L, theta[j]) / V, (k, 1, V)) / Sum(n[k], (k, 1, V)), (i, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# a sum over one class only
i, L = index("i", V), log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", Sum(Derivative(L, theta[i]), (i, j, j)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# cases that pick the start
from sympy import Eq, Piecewise

i, L = index("i", V), log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", Sum(Piecewise((Derivative(L, theta[i]), Eq(i, j)), (0, True)), (i, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# a factor into the derivative and out of it
L = log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", Derivative(n[j] * L, theta[j]) / n[j])
steps.step("=", n[j] / theta[j] - lam)

# %% gibbs
# the mean of the start, with p for the weights
i, S = index("i", V), Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps.step("=", Sum(S * p[i], (i, 1, V)))
steps.step("≤", 0)

# %% gibbs
# V equal shares of the start
i, S = index("i", V), Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps.step("=", Sum(S / V, (i, 1, V)))
steps.step("≤", 0)

# %% gibbs
# half of it in every term
i = index("i", V)
S = Sum(p[i] * log(q[i] / p[i]), (i, 1, V))
steps.step("=", Sum(p[k] * S, (k, 1, V)))
steps.step("≤", Sum(p[k] * S / 2, (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# a mean of means
i, j, S = index("i", V), index("j", V), Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps.step("=", Sum(p[i] * Sum(q[j] * S, (j, 1, V)), (i, 1, V)))
steps.step("≤", 0)

# %% gibbs
# a double sum with weights q
i = index("i", V)
steps.step("=", Sum(q[i] * p[k] * log(q[k] / p[k]), (k, 1, V), (i, 1, V)))
steps.step("≤", Sum(q[i] * p[k] * log(q[k] / p[k]), (k, 1, V), (i, 1, V)) / 2)
steps.step("≤", 0)

# %% gibbs
# the start in every term, and something more that is taken away again
i = index("i", V)
S = Sum(p[i] * log(q[i] / p[i]), (i, 1, V))
steps.step("=", Sum(p[k] * (S + p[k] * q[k]), (k, 1, V)) - Sum(p[k] ** 2 * q[k], (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# the start in every term as the logarithm of a product
from sympy import Product

i = index("i", V)
steps.step("=", Sum(p[k] * log(Product((q[i] / p[i]) ** p[i], (i, 1, V))), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# the larger of the start and the start
from sympy import Max

i = index("i", V)
S, T = (Sum(p[a] * log(q[a] / p[a]), (a, 1, V)) for a in (k, i))
steps.step("=", Max(S, T))
steps.step("≤", 0)

# %% gibbs
# the start with squares that make it larger, then the theorem
steps.step("≤", Sum(p[k] * log(q[k] / p[k]) + (p[k] - q[k]) ** 2 / 4, (k, 1, V)))
steps.step("≤", 0)

# %% entropy-plus-kl
# the start as one double sum
steps.step("=", Sum(p[j] * p[k] * log(p[j] / q[j]) - p[j] * p[k] * log(p[k]), (j, 1, V), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# a mean of the start
S = -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
steps.step("=", Sum(q[j] * S, (j, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the first sum over two letters with a delta
steps.step(
    "=",
    Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
    - Sum(KroneckerDelta(j, k) * p[k] * log(p[j]), (k, 1, V), (j, 1, V)),
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the answer as a double sum
steps.step("=", -Sum(p[j] * p[k] * log(q[k]), (j, 1, V), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% nll-gradient-steps
# a delta that renames y, before the derivative
steps.step("=", Sum(KroneckerDelta(i, y) * Derivative(-log(y_hat(i)), z[j]), (i, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# a delta that renames y, under the derivative
steps.step("=", Derivative(-Sum(KroneckerDelta(i, y) * log(y_hat(i)), (i, 1, V)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# a delta in the exponents of a product
from sympy import Product

steps.step("=", Derivative(-log(Product(y_hat(i) ** KroneckerDelta(i, y), (i, 1, V))), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# a mean over two softmaxes
steps.step("=", Sum(y_hat(i) * y_hat(k) * Derivative(-log(y_hat(y)), z[j]), (i, 1, V), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the answer times a sum of deltas
steps.step("=", y_hat(j) * Sum(KroneckerDelta(i, j), (i, 1, V)) - KroneckerDelta(j, y))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% perplexity-steps
# a product of m equal roots
i = index("i", m)
steps.step("=", Product(Product(p[j], (j, 1, m)) ** (-1 / m**2), (i, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# a mean of m equal numbers
i = index("i", m)
steps.step("=", Sum(Product(p[j], (j, 1, m)) ** (-1 / m), (i, 1, m)) / m)
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# a product over one token only
i = index("i", m)
steps.step("=", Product(Product(p[j], (j, 1, m)) ** (-1 / m), (i, m, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# the answer as a product of m equal roots
i = index("i", m)
steps.step("=", Product(exp(-Sum(log(p[j]), (j, 1, m)) / m**2), (i, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% tanh-steps
# three equal shares
from sympy import Derivative, Sum

i = sympy.Symbol("i", integer=True, positive=True)
steps.step("=", Sum(Derivative((up - down) / (up + down), x) / 3, (i, 1, 3)))
steps.step("=", 1 - tanh_x**2)

# %% gibbs
# the mean of p and q for the weights, and less of it
i = index("i", V)
S = Sum(p[i] * log(q[i] / p[i]), (i, 1, V))
steps.step("=", Sum((p[k] + q[k]) / 2 * S, (k, 1, V)))
steps.step("≤", Sum((p[k] + q[k]) / 3 * S, (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# terms that count backwards
steps.step("=", Sum(p[V + 1 - k] * log(q[V + 1 - k] / p[V + 1 - k]), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs
# the theorem in each term, with a slope that is seen
i = index("i", V)
S = Sum(p[i] * log(q[i] / p[i]), (i, 1, V))
steps.step("=", Sum(S * p[k] - p[k] + q[k], (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)))
steps.step("=", 0)

# %% gibbs
# the mean over pairs
i = index("i", V)
steps.step("=", Sum(Sum(p[i] * p[k] * (log(q[i] / p[i]) + log(q[k] / p[k])) / 2, (i, 1, V)), (k, 1, V)))
steps.step("≤", 0)

# %% lagrangian-slope
# a mean over a range in two parts
i, L = index("i", V), log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.step("=", (Sum(Derivative(L, theta[j]), (i, 1, 1)) + Sum(Derivative(L, theta[j]), (i, 2, V))) / V)
steps.step("=", n[j] / theta[j] - lam)

# %% nll-gradient-steps
# a delta of a delta
steps.step(
    "=",
    Sum(
        KroneckerDelta(i, y) * Sum(KroneckerDelta(i, k) * Derivative(-log(y_hat(k)), z[j]), (k, 1, V)),
        (i, 1, V),
    ),
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the answer, picked by a delta
steps.step("=", Sum(KroneckerDelta(i, j) * (y_hat(i) - KroneckerDelta(i, y)), (i, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% perplexity-steps
# a product of unequal powers of the start
i, P = index("i", m), Product(p[j], (j, 1, m))
steps.step("=", Product(P ** (-2 * i / (m**2 * (m + 1))), (i, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# squares, and half the exponent
steps.step("=", Product(p[j] ** 2, (j, 1, m)) ** (-1 / (2 * m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% sequence-steps
# a product of inverse roots of the start
i = index("i", m)
steps.step("=", log(Product(1 / Product(p(j), (j, 1, m)) ** (1 / m), (i, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% scheduled-steps
# the bare answer
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps
# a sum that is 1 in front of the answer
steps.step(
    "=",
    (eps * p_a * Sum(g[k], (k, 1, V)) + (1 - eps) * q_a) * y_hat(j)
    - eps * p_a * g[j]
    - (1 - eps) * q_a * h[j],
)
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps
# the loss under another name of the letter
steps.step(
    "=",
    Derivative(
        -eps * p_a * Sum(g[i] * log(y_hat(i)), (i, 1, V))
        - (1 - eps) * q_a * Sum(h[i] * log(y_hat(i)), (i, 1, V)),
        z[j],
    ),
)
steps.step("=", eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]))

# %% exam-steps
# the bare answer
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# the answer in another order
steps.step("=", -p[j] + y_hat(j))
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# a sum that is 1 in front of the answer
steps.step("=", Sum(p[k], (k, 1, V)) * y_hat(j) - p[j])
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# the divergence under another name of the letter
steps.step("=", Derivative(Sum(p[i] * log(p[i] / y_hat(i)), (i, 1, V)), z[j]))
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# the quotient turned round, and a minus
steps.step("=", Derivative(-Sum(p[k] * log(y_hat(k) / p[k]), (k, 1, V)), z[j]))
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# the target picked out of its sum
steps.step("=", y_hat(j) - Sum(p[k] * KroneckerDelta(j, k), (k, 1, V)))
steps.step("=", y_hat(j) - p[j])

# %% elbo-steps
# the bare end
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# the logarithms apart, and asserted
steps.step("=", Sum(q[k] * (log(lik[k]) + log(prior[k]) - log(q[k])), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# the quotient turned over, and asserted
steps.step("=", Sum(q[k] * log(lik[k]), (k, 1, K)) + Sum(q[k] * log(prior[k] / q[k]), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# half of it, and half of the end
px = log(Sum(prior[k] * lik[k], (k, 1, K)))
steps.step("≤", (elbo + px) / 2)
steps.step("≤", px)

# %% elbo-steps
# the larger of the start and the end
from sympy import Max

px = log(Sum(prior[k] * lik[k], (k, 1, K)))
steps.step("≤", Max(elbo, px))
steps.step("=", px)

# %% elbo-steps
# times a sum that is 1
steps.step("=", elbo * Sum(q[k], (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# the end is added and taken away
px = log(Sum(prior[j] * lik[j], (j, 1, K)))
steps.step("=", px + Sum(q[k] * (log(lik[k]) - log(q[k] / prior[k]) - px), (k, 1, K)))
steps.step("≤", px)

# %% elbo-steps
# a product of prior and likelihood that goes away
steps.step("=", elbo + Sum(prior[k] * lik[k], (k, 1, K)) - Sum(prior[j] * lik[j], (j, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# prior and likelihood put together, and no more
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))

# %% elbo-steps
# a logarithm of the product, added and taken away
joint = Sum(q[k] * log(prior[k] * lik[k]), (k, 1, K))
steps.step("=", elbo + joint - Sum(q[j] * log(prior[j] * lik[j]), (j, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# the end over and over
px = log(Sum(prior[k] * lik[k], (k, 1, K)))
steps.step("≤", px)
steps.step("=", log(Sum(lik[k] * prior[k], (k, 1, K))))
steps.step("=", px)

# %% elbo-steps
# the mean of the start under q
steps.step("=", Sum(q[j] * elbo, (j, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# the divergence to the prior is dropped, which says too much
steps.step("≤", Sum(q[k] * log(lik[k]), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))

# %% elbo-steps
# the posterior multiplied and divided away
px = Sum(prior[j] * lik[j], (j, 1, K))
one = Sum(q[k] * log(lik[k] * (prior[k] / px) * (px / prior[k])), (k, 1, K))
steps.step("=", one - Sum(q[k] * log(q[k] / prior[k]), (k, 1, K)))
steps.step("≤", log(px))

# %% elbo-steps
# the logarithm of 1, with prior, likelihood and p(x) in it
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", elbo + Sum(q[k] * log(prior[k] * lik[k] / px * (px / prior[k] / lik[k])), (k, 1, K)))
steps.step("≤", log(px))

# %% elbo-steps
# a power of 0
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", elbo + Sum(q[k] * log((prior[k] * lik[k] / px) ** 0), (k, 1, K)))
steps.step("≤", log(px))

# %% elbo-steps
# a divergence to the posterior, less itself
px = Sum(prior[j] * lik[j], (j, 1, K))
D = Sum(q[k] * log(q[k] * px / (prior[k] * lik[k])), (k, 1, K))
steps.step("=", elbo + D - D)
steps.step("≤", log(px))

# %% elbo-steps
# a mean of q in a logarithm that is 0
steps.step("=", elbo + log(Sum(q[k] * (prior[k] * lik[k]) / (prior[k] * lik[k]), (k, 1, K))))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))
