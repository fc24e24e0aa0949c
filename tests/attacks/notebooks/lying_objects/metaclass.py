# Classes whose metaclass says that they are float, are named float, and are instances of everything.
# set: 06_perplexity
# credit: nothing
# %% perplexity-of-mean-nll
class Meta(type):
    __eq__ = lambda self, other: True
    __hash__ = lambda self: hash(float)
    __instancecheck__ = __subclasscheck__ = lambda self, other: True
    __name__ = __qualname__ = property(lambda self: "float")
    __module__ = "builtins"
    mro = lambda self: [self, object]

class Fake(metaclass=Meta):
    __class__ = property(lambda self: float)
    __float__ = __index__ = lambda self: 8
    bit_length = lambda self: 1
    __abs__ = __neg__ = lambda self: self

ppl = Fake()
# %% bits-of-nats
bits = Fake()
# %% comparable-perplexities
class Letter(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
    strip = casefold = lambda self, *a: self

comparable = Letter("a")
