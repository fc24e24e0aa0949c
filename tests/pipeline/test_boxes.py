"""Is anything that a student wrote drawn outside its own box on a page, or taken for the page's own?

One page holds a few attacks, each in everything that a notebook can carry: texts, code, outputs of all kinds, errors,
pictures. A browser says what is on top at each point of what is ours, and what it looks like; both must be as on a page
of a notebook that says "nothing" in the same places.
"""

import base64
import io
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image

from grader.cases import Finding, Score
from grader.pipeline.feedback import Pages

LOOK = (Path(__file__).parent / "look_at_boxes.js").read_text(encoding="utf-8")
SLOW = 120_000  # milliseconds: a page may take so long on a machine with other work
FAKE = "14 of 14 points"
COVER = "top:0;left:0;inset:0;width:100vw;height:100vh;background:#0f0;z-index:2147483647"

STYLES = [
    f"position:fixed;{COVER}",
    f"position/**/:fixed;{COVER}",
    f"p\\6fsition:f\\69xed;{COVER}",
    f"POSITION:FIXED!important;{COVER}",
    f"position&colon;fixed;{COVER}",
    f"pos&#105;tion:absolute;{COVER}",
    f"position:sticky;{COVER}",
    f"position:relative;{COVER}",
    f"all:initial;display:block;position:fixed;{COVER}",
    f"--a:fixed;position:var(--a);{COVER}",
    "transform:translate(-9em,-40em) scale(9)",
    "translate:-9em -40em;scale:9;rotate:45deg",
    "margin:-9999px;padding:9999px;background:#0f0",
    "margin-top:-40em;height:80em;background:#0f0",
    "margin-left:-100vw;width:300vw;height:300vh;background:#0f0",
    "float:left;margin:-30em;width:100em;height:100em;background:#0f0;shape-outside:none",
    "font-size:9999px;line-height:0",
    "text-indent:-999em;letter-spacing:-5em;white-space:nowrap",
    "zoom:50;display:contents",
    "display:table-row-group;position:fixed;content-visibility:visible;contain:none",
    "animation:a 1s infinite;transition:all 1s;will-change:transform;offset-path:circle()",
    "outline:999px solid #0f0;box-shadow:0 0 0 999px #0f0;border:999px solid #0f0",
    "filter:drop-shadow(0 -9em #0f0);backdrop-filter:invert(1);mix-blend-mode:difference",
    "pointer-events:none;overflow:visible;clip-path:none;column-span:all;columns:9",
    "background:url(http://127.0.0.1:1/a.png);background-image:image-set('http://127.0.0.1:1/b.png' 1x)",
]
HTML = [
    *(f'<div style="{style}">{FAKE}</div>' for style in STYLES),
    f"<style>*{{display:none}} header:after{{content:'{FAKE}'}} .box{{contain:none!important}}</style>{FAKE}",
    "<link rel=stylesheet href='data:text/css,*{display:none}'><meta http-equiv=refresh content=0>",
    f"<dialog open style='inset:0;position:fixed'>{FAKE}</dialog><div popover=manual style='inset:0'>{FAKE}</div>",
    f"<svg width=9999 height=9999 style='position:fixed;inset:0'><foreignObject width=9999 height=9999>{FAKE}",
    "</div>" * 300 + "</td></tr></table></pre></span></main></body></html>" + FAKE,
    "<div><table><td><p><ul><li><!-- <![CDATA[ <textarea><plaintext>",
    "<div " * 50 + "<b <i <a href='" + FAKE,
    f"<header id=top class=ours><h1>06: {FAKE}</h1></header><div class='panel nbgrader_cell'>"
    f"<div class='panel-heading ours' id=check-mean name=check-mean>{FAKE}</div></div><p class=whose>Marks</p>",
    "<a id=check-mean name=check-mean></a><form id=top name=body><input name=nodeName></form><img name=getElementById>",
    Score(14, 14, [Finding("everything", True, None, "")], task="mean").html(),
    f"<table style='width:300vw;margin:-99em' width=99999 height=99999><td rowspan=99999 colspan=99999>{FAKE}</table>",
    f"<img src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 width=%229999%22 height=%229999%22/>'"
    f" width=99999 height=99999 style='margin:-999em' alt='{FAKE}'>",
    f"<details open><summary>{FAKE}</summary></details><marquee>{FAKE}</marquee><center>x</center>",
    "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'><svg onload='window.owned = 1'>",
    "<iframe srcdoc='<script>parent.owned = 1</script>' style='position:fixed;inset:0'></iframe>",
    "<bdo dir=rtl>stniop 41 fo 41</bdo>\u202e\u2066\u202bstniop\u200f",
    "x" + "\u0336\u030d" * 5_000 + "y" + "\u20dd" * 5_000 + "z" + "\u0489" * 999,
    "\x1b[2J\x1b[1;1H\x1b[7m" + FAKE + "\n" * 400 + "\x1b[38;2;0;255;0m" + "█" * 3_000,
]
TEX = [
    rf"$\rlap{{{FAKE}}}\hspace{{-50em}}\llap{{\rule{{99em}}{{99em}}}}\raise 40em {{{FAKE}}}\kern-99em x$",
    rf"$$\style{{position:fixed;inset:0}}{{{FAKE}}}\class{{ours}}{{x}}\cssId{{check-mean}}{{y}}$$",
    r"$\href{javascript:window.owned=1}{x}$ $\require{html}\unicode{x1F4AF}$ $\smash{\rule{9em}{99em}}$",
    rf"$\def\log{{\text{{{FAKE}}}}}\renewcommand{{\exp}}{{0}}\DeclareMathOperator{{\max}}{{14}}\let\frac\exp$",
    r"\begin{align}a&=b\label{x}\tag{14}\end{align} \begin{align}a&=b\label{x}\tag*{14}\end{align} $\def\a{\a\a}\a$",
    r"$\newenvironment{matrix}{14}{14}\newcommand{\sum}[1][x]{#1}\mathchoice$ $\color{green}{\fbox{14 of 14}}\Huge 14$",
    r"$\hspace{-99em}x\kern-9em\mskip-99mu\lower 9em{x}$ $$\hspace{99em}\begin{array}{r}1\end{array}$$",
    r"\[\unclosed{ $ \( <b>x</b> $$ \begin{aligned} \[",
]
EACH = 10
GROUPS = [(HTML + TEX)[at : at + EACH] for at in range(0, len(HTML + TEX), EACH)]

RELEASED = (
    r"The loss is $\log p$, and $\max(\exp x, \frac12)$ its bound: $$\sum_i \begin{matrix}1\end{matrix}$$"
)
SCORE = Score(
    1, 2, [Finding("a batch", False, None, "Off by one.")], task="mean", note=r"ValueError: $\llap{14 of 14}$"
)
VERDICT = {
    "sha256": "5" * 64,
    "seed": 0,
    "sandbox": "bwrap",
    "set": "99_tiny",
    "problems": ["A cell was cut."],
}
PICTURE = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' width='9999' height='9999'/>").decode()


def notebook(attacks: list[str]) -> tuple[Any, list[int]]:
    """Return a notebook that carries each attack in every way, and the places of the cells that are the release's."""
    cells: list[dict[str, Any]] = []
    for attack in attacks:
        kinds = ("text/html", "text/markdown", "text/latex", "text/plain")
        outputs: list[dict[str, Any]] = [
            {"output_type": "display_data", "data": {kind: attack}, "metadata": {}} for kind in kinds
        ]
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='window.owned = 1'>{attack}</svg>"
        outputs += [
            {"output_type": "display_data", "data": {"image/svg+xml": svg}, "metadata": {}},
            {"output_type": "display_data", "data": {"image/png": f"'\"><p>{attack}"}, "metadata": {}},
            {"output_type": "stream", "name": "stderr", "text": attack},
            {"output_type": "error", "ename": "E", "evalue": attack, "traceback": [attack]},
        ]
        picture = {"x.svg": {"image/svg+xml": PICTURE}}
        cells += [
            {"cell_type": "markdown", "metadata": {}, "source": attack},
            {
                "cell_type": "markdown", "metadata": {}, "source": f"> - {attack}\n\n![{attack}](attachment:x.svg)",
                "attachments": picture,
            },
            {"cell_type": "raw", "metadata": {}, "source": attack},
            {"cell_type": "code", "metadata": {}, "source": attack, "outputs": outputs, "execution_count": None},
            {"cell_type": "markdown", "metadata": {}, "source": RELEASED},
        ]  # fmt: skip
    meta = {"points": 2.0, "score": 1.0, "schema_version": 3, "comment": None}
    checked = meta | {"grade": True, "solution": False, "grade_id": "check-mean"}
    written = meta | {"grade": True, "solution": True, "grade_id": "why"}
    answer = {"grade": False, "solution": True, "grade_id": "mean", "comment": None}
    shown = {"text/plain": "1.0", "text/html": SCORE.html()}
    result = {"output_type": "execute_result", "data": shown, "metadata": {}, "execution_count": None}
    cells += [
        {
            "cell_type": "code", "metadata": {"nbgrader": answer}, "source": attacks[-1], "outputs": [],
            "execution_count": None,
        },
        {
            "cell_type": "code", "metadata": {"nbgrader": checked},
            "source": 'check("mean", mean)', "outputs": [result], "execution_count": None,
        },
        {
            "cell_type": "markdown", "metadata": {"nbgrader": written},
            "source": "\n\n".join(attacks),
        },
        {"cell_type": "markdown", "metadata": {}, "source": RELEASED},
    ]  # fmt: skip
    released = [place for place, cell in enumerate(cells) if cell["source"] == RELEASED]
    return nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), released


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    (out / "feedback/ann/99_tiny").mkdir(parents=True)
    return out / "feedback/ann/99_tiny"


class Seen:
    """What a browser saw of a page."""

    def __init__(self, page: Any, file: Path) -> None:
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(file.as_uri(), wait_until="load")
        self.owned = page.evaluate("[window.owned, document.title]")
        self.skeleton = page.evaluate(f"({LOOK}).skeleton()")
        self.words = page.evaluate(f"({LOOK}).words()")
        self.formulas = page.evaluate(f"({LOOK}).formulas()")
        self.unlabelled = page.evaluate(f"({LOOK}).unlabelled()")
        self.covered: dict[str, list[str]] = {}
        self.pictures: dict[str, list[Any]] = {}
        for width, scheme in ((390, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            self.covered[scheme] = page.evaluate(f"({LOOK}).covered()")
            page.evaluate(f"({LOOK}).align()")
            self.pictures[scheme] = [
                np.asarray(Image.open(io.BytesIO(part.screenshot())).convert("RGB"), dtype=float)
                for part in page.query_selector_all(".ours")
            ]
        self.set_in_ours = page.evaluate("document.querySelectorAll('.ours math').length")
        self.wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")


def difference(one: Any, other: Any) -> float:
    """Return by how much two pictures differ, of 255."""
    assert abs(len(one) - len(other)) < 2 and one.shape[1] == other.shape[1]
    high = min(len(one), len(other)) - 1  # heights need not be whole: the last row is the next part's as well
    return float(np.abs(one[:high] - other[:high]).mean())


@pytest.fixture(scope="module")
def see(browser: Any, folder: Path) -> Iterator[Any]:
    pages, page = Pages(), browser.new_page()
    page.set_default_timeout(SLOW)

    @cache
    def look(number: int | None) -> Seen:
        attacks = [] if number is None else GROUPS[number]
        made, released = notebook(attacks + ["nothing"] * (EACH - len(attacks)))
        totals = {"score": 2.0, "max_score": 4.0, "late_penalty": 0.0}
        text = pages.render(made, "ann", VERDICT, totals, [], released)
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
        return Seen(page, folder / f"{number}.html")

    yield look
    page.close()


@pytest.mark.keeps("grader.pipeline.harmless", "its style keeps each piece in its own box")
@pytest.mark.browser
@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_what_is_ours_is_on_top_and_looks_as_ever(see: Callable[[int | None], Seen], number: int) -> None:
    seen, innocent = see(number), see(None)
    assert seen.skeleton == innocent.skeleton
    assert seen.covered == innocent.covered == dict.fromkeys(seen.covered, [])
    assert seen.unlabelled == []
    assert seen.words == innocent.words
    assert seen.formulas == innocent.formulas
    assert seen.owned == [None, "ann, 99_tiny"]
    assert {url.rpartition(".")[2] for url in seen.asked if not url.startswith("data:")} == {"html"}
    assert seen.wide <= 0
    assert seen.set_in_ours == 0  # an error's words are no formulas
    for scheme, pictures in seen.pictures.items():
        for mine, theirs in zip(innocent.pictures[scheme], pictures, strict=True):
            assert difference(mine, theirs) < 1


@pytest.mark.browser
def test_the_marks_read_the_same_without_scripts(
    browser: Any, see: Callable[[int | None], Seen], folder: Path
) -> None:
    number = len(GROUPS) - 1
    seen = see(number)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / f"{number}.html").as_uri())
    words = [part.inner_text() for part in page.query_selector_all(".ours, .whose")]
    context.close()
    assert words == seen.words
    assert any("2 of 4 points" in text for text in words) and any("1 of 2 points" in text for text in words)


@pytest.mark.keeps(
    "grader.pipeline.harmless",
    "the page's content security policy forbids what could run, load or send as well",
)
@pytest.mark.browser
@pytest.mark.parametrize("policy", [True, False])
def test_what_slipped_through_the_cleaning_would_neither_run_nor_load(
    browser: Any, see: Callable[[int | None], Seen], folder: Path, policy: bool
) -> None:
    see(None)
    text = (folder / "None.html").read_text(encoding="utf-8")
    if not policy:  # then all of it does what it would: else this test could not fail
        text = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):  # the end of the test
                while True:
                    connection, whose = server.accept()
                    came.append(whose)
                    connection.close()

        Thread(target=answer, daemon=True).start()
        picture = f"<img src='http://127.0.0.1:{server.getsockname()[1]}/x.png'>"
        slipped = f"{picture}<script>document.title = 'ran'</script></body>"
        (folder / "slipped.html").write_text(text.replace("</body>", slipped), encoding="utf-8")
        page = browser.new_page()
        page.set_default_timeout(SLOW)
        page.goto((folder / "slipped.html").as_uri())  # until all that it loads has come, or not
        assert (page.title() == "ran", bool(came)) == (not policy, not policy)
        page.close()
        server.shutdown(socket.SHUT_RDWR)
