"""Sphinx extension: what opens a closed cell is called what stands on it.

MyST-NB names each such button "Toggle hidden content" for screen readers, so a page has dozens of the same name, and
voice control does not find the words that are seen (WCAG 2.5.3).
"""

from sphinx.application import Sphinx

NAMED = '<summary aria-label="Toggle hidden content">'


def keep_the_visible_name(
    app: Sphinx, pagename: str, template: str, context: dict[str, object], doctree: object
) -> None:
    if isinstance(body := context.get("body"), str):
        context["body"] = body.replace(NAMED, "<summary>")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", keep_the_visible_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
