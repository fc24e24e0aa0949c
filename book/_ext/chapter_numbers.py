"""Sphinx extension: a chapter has the number of its file, so `06_perplexity` holds equation (6.1).

Sphinx counts chapters as they come, so a course that begins with chapter 5 would call it 1, its exercises
would speak of another chapter than the page, and a chapter added in front would renumber all that follow.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles as Collector

NUMBERED_FILE = re.compile(r"book/(\d\d)_")


def setup(app: Sphinx) -> dict[str, bool]:
    assign_in_order = Collector.assign_section_numbers

    def assign_by_file(self: Collector, env: BuildEnvironment) -> list[str]:
        before = dict(env.toc_secnumbers)
        assign_in_order(self, env)
        for docname in env.toc_secnumbers:
            if match := NUMBERED_FILE.match(docname):
                renumber(env, docname, int(match[1]))
        return [name for name, numbers in env.toc_secnumbers.items() if numbers != before.get(name)]

    Collector.assign_section_numbers = assign_by_file
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def renumber(env: BuildEnvironment, docname: str, chapter: int) -> None:
    """Put `chapter` in the place of a page's first number: in its sections, its title and the contents."""

    env.toc_secnumbers[docname] = {
        anchor: (chapter, *number[1:]) if number else number
        for anchor, number in env.toc_secnumbers[docname].items()
    }
    for element in (env.titles[docname], *env.tocs[docname].findall(nodes.reference)):
        if element.get("secnumber"):
            element["secnumber"] = [chapter, *element["secnumber"][1:]]
