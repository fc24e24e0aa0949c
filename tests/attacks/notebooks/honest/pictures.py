# Right answers between pictures and tables.
# set: 06_perplexity
# others: model
# credit: all
# %%
import matplotlib.pyplot as plt

x = np.linspace(0.01, 1, 200)
plt.plot(x, -np.log(x))
plt.show()
# %% perplexity-of-mean-nll
from IPython.display import HTML, Markdown, display

display(HTML("<b>a table</b>"), Markdown("**bold**"))
ppl = 8.17
fig, ax = plt.subplots()
ax.hist(np.random.default_rng(0).normal(size=100))
