"""How a score is told to the student: as HTML in a notebook, as text in a terminal."""

from html import escape

from grader.cases.mark.score import ANSWER, Finding, Score

# White on each of these has a contrast above 4.5, on a light page and on a dark one; the word says the same.
_GREEN, _AMBER, _RED, _BLUE = "#1a7f37", "#9a6700", "#c21f2b", "#0860ca"

_IDLE = "True.", "True, but "
"""How the sentence begins on a line of a derivation that is true and earns nothing (see `milestones`)."""


def verdict(score: Score) -> tuple[str, str]:
    """Return the verdict in words, and its colour.

    >>> verdict(Score(1, 2))[0]
    'Partly right'
    """
    if score.needs_review:
        return "A person will look at this", _BLUE
    if score.provisional:
        return "Noted", _BLUE
    if score.full:
        return "Right", _GREEN
    if not score.max_points:
        return "Not checked", _RED
    return ("Partly right", _AMBER) if score > 0 else ("Not yet", _RED)


def points(score: Score) -> str:
    """Return the points in words, e.g. "1.5 of 3 points".

    >>> points(Score(1.5, 3)), points(Score(1, 1, provisional=True))
    ('1.5 of 3 points', '1 point if right')
    """
    if not score.max_points:
        return "no points"
    most = f"{score.max_points:g} point{'' if score.max_points == 1 else 's'}"
    return f"{most} if right" if score.provisional else f"{float(score):.4g} of {most}"


def as_text(score: Score) -> str:
    """Return the feedback as lines of plain text."""
    lines = [f"{score.task}: {verdict(score)[0]}, {points(score)}" if score.task else points(score)]
    if score.note:
        lines.append(f"  {score.note}")
    for says, labels in _recognised(score):
        lines.append(f"  It looks like this: {says}")
        if labels:
            lines.append(f"    seen in: {', '.join(labels)}")
    for sentence, labels, ok in _grouped(score):
        parts = [", ".join(labels), sentence]
        lines.append(f"  [{_word(sentence, ok)}] {': '.join(filter(None, parts))}")
    return "\n".join(lines)


def as_html(score: Score) -> str:
    """Return the feedback as one HTML element."""
    word, colour = verdict(score)
    parts = [
        f'<p style="margin:0 0 .4em"><span style="background:{colour};color:#fff;border-radius:.3em;'
        f'padding:.15em .6em;font-weight:600">{word}</span> <strong>{points(score)}</strong>'
        + (f' <span style="opacity:.75">{escape(score.task)}</span></p>' if score.task else "</p>")
    ]
    if score.note:
        parts.append(f'<p style="margin:.3em 0">{escape(score.note)}</p>')
    parts += [_mistake_html(says, labels) for says, labels in _recognised(score)]
    rows = [_row_html(*group) for group in _grouped(score)]
    if rows:
        parts.append(f'<ul style="margin:.3em 0 0;padding-left:1.2em;list-style:none">{"".join(rows)}</ul>')
    # Colours but the badge's are the page's own, so that a dark page stays readable.
    style = (
        "border:1px solid rgba(128,128,128,.45);border-radius:.4em;padding:.6em .8em;margin:.3em 0;"
        "max-width:46em;line-height:1.45;overflow-wrap:anywhere;white-space:normal"
    )
    return f'<div class="surprisal-feedback" style="{style}">{"".join(parts)}</div>'


def _mistake_html(says: str, labels: list[str]) -> str:
    style = f"border-left:.3em solid {_AMBER};padding:.3em .7em;margin:.4em 0;background:rgba(191,135,0,.12)"
    seen = f'<br><span style="opacity:.75">Seen in: {escape(", ".join(labels))}</span>' if labels else ""
    return f'<div style="{style}"><strong>It looks like this:</strong> {escape(says)}{seen}</div>'


def _row_html(sentence: str, labels: list[str], ok: bool) -> str:
    sign, word = "✓" if ok else "✗", _word(sentence, ok)
    sign = "·" if word == "true" else sign
    name = f"<strong>{escape(', '.join(labels))}</strong>" if labels else ""
    tail = ": ".join(filter(None, [name, escape(sentence)]))
    return f'<li style="margin:.15em 0"><span aria-hidden="true">{sign}</span> <em>{word}</em> — {tail}</li>'


def _word(sentence: str, ok: bool) -> str:
    """What a finding is, in one word or two; what is true and earns nothing is not called right."""
    if not ok:
        return "not yet"
    return "true" if sentence.startswith(_IDLE) else "right"


def _recognised(score: Score) -> list[tuple[str, list[str]]]:
    """What each recognised mistake says, with the labels under which it was seen."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for finding in score.findings:
        if finding.mistake is not None:
            groups.setdefault(finding.mistake, (finding.sentence, []))[1].extend(_named(finding))
    return list(groups.values())


def _grouped(score: Score) -> list[tuple[str, list[str], bool]]:
    """The other findings, those with the same words together; an answer without parts needs no label."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for finding in score.findings:
        if finding.mistake is None and (finding.sentence or _named(finding)):
            groups.setdefault((finding.sentence, finding.ok), []).extend(_named(finding))
    return [(sentence, labels, ok) for (sentence, ok), labels in groups.items()]


def _named(finding: Finding) -> list[str]:
    return [] if finding.label == ANSWER else [finding.label]
