"""QR codes as inline SVG, where the ``qr`` extra is installed."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str | None) -> SafeString | None:
    """Return the QR code of a text; None without a text that fits, or without the extra.

    The picture has neither style nor script, so it passes a strict Content-Security-Policy.
    """
    try:
        import segno
    except ImportError:
        return None
    if not text:
        return None
    try:
        code = segno.make(text, micro=False)
    except segno.DataOverflowError:
        return None
    # Dark on light in any colour scheme: many cameras read nothing else.
    picture = code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None)
    return mark_safe(picture)  # noqa: S308  (made of numbers by segno)
