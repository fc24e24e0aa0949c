"""Is everything taken from a page that could run, load, send or cover, and nothing else?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.pipeline.harmless import as_picture, harmless, printable

BAD = [
    "<script>alert(1)</script>",
    "<SCRIPT src=//x></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa&#115;cript:alert(1)'>x</a>",
    "<a href=' \tjavascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<iframe src=//x></iframe>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//x>",
    "<link rel=stylesheet href=//x>",
    "<style>*{display:none}</style>",
    "<form action=//x><input></form>",
    "<p style='position:fixed;top:0'>x</p>",
    "<p style='position/**/:fixed;inset:0'>x</p>",
    "<p style='p\\6fsition:fixed;inset:0'>x</p>",
    "<p style='transform:translate(-9em,-9em);float:left;z-index:9'>x</p>",
    "<dialog open style='inset:0'>x</dialog>",
    "<div popover id=top style='inset:0'>x</div>",
    "<p class='score full notice panel-heading' id='check-ppl'>x</p>",
    "<p style='background:u\\72l(//x)'>x</p>",
    "<video autoplay src=//x></video><audio src=//x></audio>",
    "<a href='//x'>x</a><a href='x.html'>x</a>",
    "<p style='background:url(//x)'>x</p>",
    "<img src='//x/y.png'>",
    "<object data=x></object>",
    "<embed src=x>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "a\x1b[2Jb\x07",
    "<div/onclick=alert(1)>x</div>",
    "\u202etxt",
]
FINE = [
    "<p>one = 1, on = 2</p>",
    "<table border='1' class='dataframe'><tbody><tr><td style='color:red'>1</td></tr></tbody></table>",
    "<img alt='a curve' src='data:image/png;base64,AAAA'>",
    "<div class='highlight'><pre><span class='kn'>import</span></pre></div>",
    "<a href='https://example.org/?a=1&amp;b=2'>x</a>",
    "<a href='#check-ppl'>x</a>",
    "<pre>&lt;script&gt;alert(1)&lt;/script&gt;</pre>",
    "<p>$a &lt; b$ and $$\\log p$$</p>",
]


@pytest.mark.keeps(
    "grader.pipeline.harmless",
    "what is not on a list of what is allowed goes",
    "what is left loads nothing and leads nowhere but to",
)
@pytest.mark.parametrize("bad", BAD)
def test_what_could_run_load_send_or_cover_is_taken_away(bad: str) -> None:
    kept = harmless(f"<p>before</p>{bad}<p>after</p>").casefold()
    assert "before" in kept and "after" in kept
    for word in (
        "inset",
        "fixed",
        "transform",
        "float",
        "dialog",
        "popover",
        "notice",
        "id=",
        "<video",
        "url(",
        "alert",
        "javascript",
        "<iframe",
        "<meta",
        "<base",
        "<link",
        "<style",
        "<form",
        "<input",
        "position",
        "//x",
        "<object",
        "<embed",
        "data:text",
        "\x1b",
        "\x07",
        "\u202e",
    ):
        assert word not in kept


@pytest.mark.parametrize("fine", FINE)
def test_what_is_harmless_stays_as_it_is(fine: str) -> None:
    assert harmless(fine).replace('"', "'") == fine


HTML = st.text(alphabet=list("<>/='\\\" abcdehiklmnoprstuxy:;()&#01\n"), max_size=60)


@pytest.mark.keeps(
    "grader.pipeline.harmless",
    "what is clean stays as it is, so that nothing bad is put together by cleaning",
)
@given(pieces=st.lists(st.one_of(st.sampled_from(BAD), HTML), max_size=6))
def test_what_is_clean_stays_clean(pieces: list[str]) -> None:
    """Cleaning twice changes nothing, so that nothing bad is put together by cleaning."""
    once = harmless("".join(pieces))
    assert harmless(once) == once


@pytest.mark.keeps("grader.pipeline.harmless", "no accents rise over other lines")
def test_no_accents_rise_over_other_lines_and_no_script_loses_its_marks() -> None:
    assert printable("x" + "\u0336\u030d" * 5_000 + "y") == "x" + "\u0336\u030d" * 2 + "y"
    for word in (
        "e\u0301te\u0301",
        "\u05d1\u05bc\u05b0\u05bd\u05e8",
        "\u0e01\u0e33\u0e49",
        "क्षि",
        "Việt Nam",
        "x\u0302\u0304",
    ):
        assert printable(word) == word


@pytest.mark.keeps("grader.pipeline.harmless", "nothing turns the direction of a text round")
@pytest.mark.parametrize("sign", ["\u202a", "\u202e", "\u2066", "\u2069", "&#x202e;", "&#8238;"])
def test_nothing_turns_a_text_round(sign: str) -> None:
    assert harmless(f"<p>a{sign}b</p>") == "<p>ab</p>"


@pytest.mark.keeps("grader.pipeline.harmless", "a drawing is an image")
def test_a_drawing_becomes_a_picture_that_runs_nothing() -> None:
    picture = as_picture("<svg onload='alert(1)'><script>alert(1)</script></svg>")
    assert picture.startswith("<img alt=") and "alert" not in picture
    assert "data:image/svg+xml;base64," in harmless(picture)


def test_a_picture_without_words_gets_some() -> None:
    assert 'alt="No description' in harmless("<img src='data:image/png;base64,AAAA'>")


def work(piece: str) -> float:
    before = time.process_time()
    harmless(piece)
    return time.process_time() - before


@pytest.mark.keeps(
    "grader.pipeline.harmless", "the time that it takes grows with a piece's size, not with its square"
)
@pytest.mark.parametrize("piece", ["<a ", "<p>x", "<b><i>", "&#x", "<td>", "href=", "<!--"])
def test_many_open_pieces_are_no_work(piece: str) -> None:
    assert work(piece * 20_000) < 20  # two minutes for the parser that stood here before
