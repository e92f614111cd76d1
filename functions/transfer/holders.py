"""Names of account holders: compared, and masked. Pure."""

import unicodedata

_VISIBLE_NUMBER_START = 3
_VISIBLE_NUMBER_END = 2


def same_holder(one: str, other: str) -> bool:
    """Say whether two spellings are one name.

    Banks write foreign names in capitals, with and without spaces, hyphens and
    commas, and full-width; none of that makes another person.
    """
    letters = _letters(one)
    return letters != "" and letters == _letters(other)


def masked_name(name: str) -> str:
    """Return a name of which each word shows its first letter, and a long last word its last."""
    words = unicodedata.normalize("NFC", name).split()
    korean = len(words) == 1
    return " ".join(_masked_word(word, show_last=korean) for word in words)


def masked_number(number: str) -> str:
    """Return an account number of which the first three and last two digits show."""
    hidden = len(number) - _VISIBLE_NUMBER_START - _VISIBLE_NUMBER_END
    if hidden <= 0:
        return "*" * len(number)
    return number[:_VISIBLE_NUMBER_START] + "*" * hidden + number[-_VISIBLE_NUMBER_END:]


def _masked_word(word: str, *, show_last: bool) -> str:
    two = 2
    if len(word) <= two or not show_last:
        return word[0] + "*" * max(len(word) - 1, 1)
    return word[0] + "*" * (len(word) - two) + word[-1]


def _letters(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
