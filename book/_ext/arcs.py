"""Draws an arc diagram as SVG: rows from top to bottom, and an arc from each row to those that rest on it.

The rows are links, so the diagram works with a mouse, a finger and a keyboard, and without a script: the arcs of the
row under the pointer, or of the focused one, stand out by the style sheet alone. Nothing is laid out by force: the
order is that of the book, so every arc goes down.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, GUTTER, ROW, LETTERS = 360, 92, 36, 37  # user units; a phone shows about one a pixel


@dataclass(frozen=True)
class Row:
    """A row of the diagram.

    href: where it leads. mark: its number, printed in front. text: its words, cut after two lines. needs: the indices
    of rows above it. ring: whether its dot has a ring. square: whether its dot is a square.
    """

    href: str
    mark: str
    text: str
    needs: Sequence[int] = ()
    ring: bool = False
    square: bool = False


def arc_diagram(rows: Sequence[Row], label: str) -> str:
    """Return the diagram as one line of SVG. label: what it shows, for those who can't see it.

    Raises ValueError for an arc that does not go down.
    """
    users: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        for need in row.needs:
            if not 0 <= need < place:
                raise ValueError(f"row {place} ({row.text}) needs row {need}, which does not stand above it")
            users.setdefault(need, []).append(place)
    drawn = []
    for place, row in enumerate(rows):
        up = "".join(arc(need, place, len(rows), "up") for need in row.needs)
        down = "".join(arc(place, user, len(rows), "down") for user in users.get(place, ()))
        drawn.append(f"<g>{up}{down}{_link(row, place)}</g>")
    height = ROW * len(rows)
    return (
        f'<svg class="arcs" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="group" '
        f'aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def arc(above: int, below: int, count: int, kind: str) -> str:
    """Return the path between two rows; the further apart they are, the further it swings to the left."""
    reach = 16 + (GUTTER - 14) / 0.75 * 0.86 * ((below - above) / count) ** 0.6
    left, top, bottom = GUTTER - reach, _middle(above), _middle(below)
    return (
        f'<path class="{kind}" d="M{GUTTER} {top}C{left:.0f} {top} {left:.0f} {bottom} {GUTTER} {bottom}"/>'
    )


def _middle(place: int) -> int:
    return ROW * place + ROW // 2


def _link(row: Row, place: int) -> str:
    middle, x = _middle(place), GUTTER + 12
    lines = textwrap.wrap(f"{row.mark} {row.text}", LETTERS)
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), LETTERS, placeholder=" …")]
    first = middle + (4 if len(lines) == 1 else -3)
    lines = [escape(line) for line in lines]
    mark = escape(row.mark)
    lines[0] = f'<tspan class="number">{mark}</tspan>{lines[0].removeprefix(mark)}'
    spans = "".join(f'<tspan x="{x}" y="{first + 14 * n}">{line}</tspan>' for n, line in enumerate(lines))
    dot = (
        f'<rect class="dot" x="{GUTTER - 4}" y="{middle - 4}" width="8" height="8"/>'
        if row.square
        else f'<circle class="dot" cx="{GUTTER}" cy="{middle}" r="4.5"/>'
    )
    ring = f'<circle class="ring" cx="{GUTTER}" cy="{middle}" r="7.5"/>' if row.ring else ""
    ground = (
        f'<rect class="row" x="{GUTTER + 9}" y="{middle - ROW // 2 + 1}" width="{WIDTH - GUTTER - 10}" '
        f'height="{ROW - 2}" rx="4"/>'
    )
    return (
        f'<a href="{escape(row.href)}"><title>{escape(f"{row.mark} {row.text}")}</title>{ground}{ring}{dot}'
        f"<text>{spans}</text></a>"
    )
