# A cell of the student's own raises, another calls exit, a third changes the folder; the answers are right.
# set: 06_perplexity
# others: model
# credit: all
# %%
1 / 0
# %%
import os
os.makedirs("work/deep")
os.chdir("work/deep")
exit()
# %%
import sys
sys.exit("bye")
