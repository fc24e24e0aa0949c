"""Marking a choice: which option an answer means, in any usual way to write it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from grader.cases.mark.score import Score, all_or_none, taken_down
from grader.cases.values import Member

_LONGEST = 400
_WORD = re.compile(r"\w+")
_NEGATIONS = frozenset(
    "not no never neither nor isn aren but except excluding besides without unlike than wrong false "
    "nicht kein keine außer ausser ohne falsch non pas sauf sans".split()
)
"""With one of these, a letter may name the option that is not meant ("anything but b")."""


def mark_choice(entry: dict[str, Any], answer: Any) -> Score:
    """Return the score of a decoded answer: all points or none. Public cases take a choice down without judging it."""
    options = entry["options"]
    chosen = chosen_option(answer, options, entry.get("texts", {}))
    if chosen is None:
        listed = ", ".join(f'"{o}"' for o in options)
        several = "Name one option only. " if _letters(answer, options) > 1 else ""
        return all_or_none(entry, False, None, f"{several}Answer with the letter of one option: {listed}.")
    if "expected" not in entry:
        return taken_down(entry, f'You chose "{chosen}". Whether it is right is said at grading.')
    if chosen == entry["expected"]:
        return all_or_none(entry, True, None, "")
    for mistake in entry["mistakes"]:
        if mistake["value"] == chosen:
            return all_or_none(entry, False, mistake["code"], mistake["says"])
    return all_or_none(entry, False, None, f'"{chosen}" is not the right option.')


def chosen_option(answer: Any, options: Sequence[str], texts: Mapping[str, str]) -> str | None:
    """Return the letter of the option that an answer means, None when it means none or more than one.

    >>> abc = ["a", "b", "c"]
    >>> [chosen_option(text, abc, {}) for text in ("b", "(B)", "option b", "b · a narrow one", "a or b", "bc")]
    ['b', 'b', 'b', 'b', None, None]
    """
    if isinstance(answer, list | tuple) and len(answer) == 1:
        answer = answer[0]
    if isinstance(answer, Member):
        answer = answer.name
    if not isinstance(answer, str) or len(answer) > _LONGEST:
        return None
    plain = {option: _words(texts.get(option, "")) for option in options}
    words = _words(answer)
    whole = [option for option in options if plain[option] and words == plain[option]]
    if len(whole) == 1:
        return whole[0]
    letters = {option.casefold(): option for option in options}
    if words and words[0] in letters and len(words) > 1:
        option = letters[words[0]]
        rest = words[1:]
        if plain[option][: len(rest)] == rest:  # the letter, and its text or the beginning of it
            return option
        if any(rest == plain[other] for other in options):  # the letter of one and the text of another
            return None
    if _NEGATIONS & set(words) and (len(words) < 2 or words[0] not in letters):
        return None
    named = {
        letters[word] for place, word in enumerate(words) if word in letters and not _article(words, place)
    }
    return named.pop() if len(named) == 1 else None


def _letters(answer: Any, options: Sequence[str]) -> int:
    """How many options' letters stand in an answer."""
    parts = answer if isinstance(answer, list | tuple) else [answer]
    words = [word for part in parts if isinstance(part, str) for word in _words(part[:_LONGEST])]
    return len({word for word in words if word in {option.casefold() for option in options}})


def _words(text: str) -> list[str]:
    """The words and letters of a text, without signs, capitals and the marks of formulas."""
    return _WORD.findall(re.sub(r"\\[a-zA-Z]+", " ", text).casefold())


def _article(words: Sequence[str], place: int) -> bool:
    """Whether an "a" is the article: it stands inside of a sentence and before a longer word."""
    return words[place] == "a" and 0 < place < len(words) - 1 and len(words[place + 1]) > 2
