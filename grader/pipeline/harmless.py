"""Takes from a piece of HTML what could run, load, send or cover: a student's output may hold any HTML.

Promised, each with a test that names it (`tests/promises.py`):

- what is not on a list of what is allowed goes (the parser and the cleaner are ammonia's, a well-kept library);
- what is clean stays as it is, so that nothing bad is put together by cleaning;
- what is left loads nothing and leads nowhere but to https:, mailto: and places of the page; a drawing is an image;
- no accents rise over other lines, and nothing turns the direction of a text round;
- the page's content security policy forbids what could run, load or send as well, and its style keeps each piece in
  its own box;
- the time that it takes grows with a piece's size, not with its square.
"""

import base64
import re
import unicodedata

import nh3

_TAGS = nh3.ALLOWED_TAGS - {"area", "map"}
# What is thrown away with all that is inside; of other unknown tags the text stays.
_REMOVED = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "iframe",
    "textarea",
    "select",
    "object",
    "svg",
    "math",
}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "style", "title", "aria-hidden", "dir", "lang"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "table": {"border"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
# How things look, not where they lie: nothing here can leave the box that the page draws round a piece.
_STYLES = {
    "background", "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left",
    "border-radius", "border-right", "border-style", "border-top", "border-width", "color", "font-family", "font-size",
    "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style", "margin",
    "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width", "min-width", "opacity",
    "overflow", "overflow-wrap", "overflow-x", "padding", "padding-bottom", "padding-left", "padding-right",
    "padding-top", "text-align", "text-decoration", "text-indent", "vertical-align", "white-space", "width",
    "word-break", "word-wrap",
}  # fmt: skip
_LINK = re.compile(r"\s*(https?:|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"\s*data:image/(png|jpeg|gif|svg\+xml|webp)[;,]", re.IGNORECASE)
# A table of pandas and coloured code; any other class could be one of the page's own, such as that of its marks.
_CLASS = re.compile(r"dataframe|highlight|hl-\w+|language-\w+|[a-z]{1,2}[0-9a-z]?")
_LOADS = re.compile(r"url|image|\\|/\*", re.IGNORECASE)  # in a style, spelt out or spelt to be overlooked
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# No script sets more than four marks on a letter; a thousand of them rise over the lines above.
_MARKS = "".join(c for c in map(chr, range(0x300, 0x1F000)) if unicodedata.category(c) in ("Mn", "Me"))
_TOWERS = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
_MAY_TOWER = re.compile("[\u0300-\U0001efff]{5,}")  # a hundred times as fast, for a page that has none
_NO_ALT = "No description has been provided for this image"


def harmless(fragment: str) -> str:
    """Return a piece of HTML, all its tags closed, without what could run, load, send or cover.

    >>> harmless('<p onclick="a()">x<script>b()</script> <a href="javascript:c()">y')
    '<p>x <a>y</a></p>'
    """
    cleaned = nh3.clean(
        printable(fragment),
        tags=_TAGS,
        clean_content_tags=_REMOVED,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties=_STYLES,
        link_rel=None,
    )
    # once more: a control character may be spelt out, as in &#1
    return _IMG_WITHOUT_ALT.sub(f'<img alt="{_NO_ALT}"', printable(cleaned))


_IMG_WITHOUT_ALT = re.compile(r"<img(?![^>]* alt=)")


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Return an attribute's value, None where it must go: a link stays on the page or says where it leads."""
    if attribute == "href":
        return value if _LINK.match(value) else None
    if attribute == "src":
        return value if _PICTURE.match(value) else None
    if attribute == "style":
        return None if _LOADS.search(value) else value
    if attribute == "class":
        return " ".join(name for name in value.split() if _CLASS.fullmatch(name)) or None
    return value


def printable(text: str) -> str:
    """Return a text without control characters, those that turn its direction round, and towers of accents."""
    return _MAY_TOWER.sub(lambda run: _TOWERS.sub(r"\1", run[0]), _CONTROLS.sub("", text))


def as_picture(svg: str) -> str:
    """Return an SVG drawing as an image, where it can run nothing and draw nowhere else."""
    content = base64.b64encode(svg.encode(errors="replace")).decode()
    return f'<img alt="{_NO_ALT}" src="data:image/svg+xml;base64,{content}">'
