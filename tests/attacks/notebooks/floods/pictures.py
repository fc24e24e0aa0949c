# Pictures of many megabytes each.
# set: 06_perplexity
# others: model
# credit: all
# says: its output was cut
# %%
from IPython.display import Image, display
for number in range(4):
    display(Image(data=b"\x89PNG\r\n\x1a\n" + bytes(5 * 10**6), format="png"))
