"""A link as a QR picture. The only importer of segno."""

import io

import segno

# Pixels a dot: large enough for a phone that looks at a screen or at a sheet of paper.
SCALE = 10


def png(link: str) -> bytes:
    """Return a link as a PNG; a quarter of the picture may be dirty or torn."""
    picture = io.BytesIO()
    segno.make_qr(link, error="q").save(picture, kind="png", scale=SCALE, border=4)
    return picture.getvalue()
