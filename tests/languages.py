"""The languages that the pages speak: those of the interface, by Django's names."""

from __future__ import annotations

TRANSLATED = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hu", "id"),
    *("it", "ja", "ko", "nb", "nl", "pl", "pt-br", "ro", "sv", "tr", "uk", "vi", "zh-hans"),
)
ALL = ("en", *TRANSLATED)
