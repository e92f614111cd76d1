"""Texts for people, always in both languages."""

from typing import TypedDict


class Text(TypedDict):
    """A sentence or a name in Korean and in English."""

    ko: str
    en: str


def text(ko: str, en: str) -> Text:
    """Return the pair as the public API shows it."""
    return {"ko": ko, "en": en}
