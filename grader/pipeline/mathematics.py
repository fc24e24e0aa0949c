"""The formulas of a feedback page as MathML, which browsers draw by themselves.

So a page is one file: it needs no script and nothing beside it, and it can be sent alone. TeX is read by latex2mathml;
what that can't read stays as it was written. What it makes is kept only as far as it draws: a command such as `\\href`
would make a link.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

LONGEST = 20_000  # letters of a formula; what is longer stays as it was written
_REMEMBERED = 2_048

_TAG = re.compile(r"""(<(?:"[^"]*"|'[^']*'|[^'">])*>)""")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_AS_TYPED = {"code", "pre", "kbd", "samp"}
# As in a notebook: dollars hold a formula where no space follows the first or stands before the last, so that prices
# stay prices.
_FORMULA = re.compile(
    r"""
      \$\$ (?P<display> .+? ) \$\$
    | \\\[ (?P<bracket> .+? ) \\\]
    | \\\( (?P<round> .+? ) \\\)
    | (?P<environment> \\begin\{ (?P<name> [a-zA-Z]+\*? ) \} .+? \\end\{ (?P=name) \} )
    | (?<![\\$]) \$ (?P<inline> (?![\s$]) (?: [^$\\\n] | \\. | \n(?!\s*\n) )+? (?<!\s) ) \$ (?!\d)
    | (?P<dollar> \\\$ )
    """,
    re.DOTALL | re.VERBOSE,
)
_INNER = re.compile(r"\\(begin|end)\{(?:aligned|split)\}")  # not known to it, and drawn like what is
_LABEL = re.compile(r"\\(?:label\{[^{}]*\}|nonumber\b|notag\b)")
_ELEMENTS = set(
    "math mrow mi mn mo mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mstyle "
    "mpadded mphantom mmultiscripts mprescripts none".split()
)
_ATTRIBUTES = set(
    "display displaystyle mathvariant stretchy fence form columnalign columnspacing rowspacing scriptlevel "
    "linethickness accent accentunder movablelimits largeop separator symmetric minsize maxsize lspace rspace "
    "width".split()
)
_LENGTHS = {"lspace", "rspace", "width", "minsize", "maxsize"}
_WIDE = re.compile(r"-|\d{3}")  # a space that draws over what stands before it, or leaves its line


def with_mathematics(fragment: str) -> str:
    """Return cleaned HTML with the TeX between its tags as MathML; in code it stays as it is.

    >>> with_mathematics("<p>$x$ costs \\\\$5</p>").startswith('<p><math display="inline" alttext="x"')
    True
    """
    if "$" not in fragment and "\\" not in fragment:
        return fragment
    return "".join(_pieces(fragment))


def _pieces(fragment: str) -> Iterator[str]:
    typed = 0  # in how many elements that show what was typed
    for piece in _TAG.split(fragment):
        if not piece.startswith("<"):
            yield piece if typed else _FORMULA.sub(_drawn, piece)
            continue
        name = _NAME.match(piece)
        if name is not None and name[1].lower() in _AS_TYPED:
            typed = max(0, typed + (-1 if piece.startswith("</") else 1))
        yield piece


def _drawn(found: re.Match[str]) -> str:
    if found["dollar"]:
        return "$"
    kind = next(name for name in ("display", "bracket", "round", "environment", "inline") if found[name])
    return formula(html.unescape(found[kind]), kind not in ("round", "inline")) or found[0]


@lru_cache(_REMEMBERED)
def formula(tex: str, display: bool) -> str:
    """Return a formula as MathML, "" where it can't be read. display: whether it has lines of its own."""
    if len(tex) > LONGEST:
        return ""
    plain = _LABEL.sub("", _INNER.sub(r"\\\1{align*}", tex)).strip()
    try:
        root = convert_to_element(plain, display="block" if display else "inline")
        _keep_what_draws(root)
    except (Exception, RecursionError):  # noqa: BLE001 - the library raises whatever it meets in a student's text
        return ""
    root.set("alttext", tex.strip())
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def _keep_what_draws(root: ElementTree.Element) -> None:
    """Leave known elements and attributes only. Raises ValueError."""
    for element in root.iter():
        # latex2mathml writes its letters as they stand in HTML
        element.text = element.text and html.unescape(element.text)
        if element.tag not in _ELEMENTS:
            raise ValueError(f"{element.tag} is not drawn")
        for name in list(element.attrib):
            if name not in _ATTRIBUTES or (name in _LENGTHS and _WIDE.search(element.attrib[name])):
                del element.attrib[name]
