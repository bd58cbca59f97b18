"""`python -m bot.poster`: a link and its words on standard input → a poster as PDF and PNG.

The only importer of typst, which shapes Khmer and breaks its lines. It runs in a process of its
own: the running bot never loads it.
"""

import json
import sys
import tempfile
from pathlib import Path

import fontpkg
import segno
import typst

TEMPLATE = Path(__file__).with_suffix(".typ")
# Sharp on a phone, and small enough to send.
DOTS_PER_INCH = 150
FORMATS = ("pdf", "png")


def draw(link: str, words: dict[str, str], target: Path) -> list[Path]:
    """Write the poster in each format; return the files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture = segno.make_qr(link, error="q")
        picture.save(str(folder / "qr.svg"), scale=10, border=2)
        page = folder / TEMPLATE.name
        page.write_bytes(TEMPLATE.read_bytes())
        fonts = str(Path(fontpkg.path("Noto Sans Khmer")).parent)
        files = [target / f"poster.{format_}" for format_ in FORMATS]
        for file in files:
            typst.compile(
                str(page), output=str(file), font_paths=[fonts], ignore_system_fonts=True,
                ppi=DOTS_PER_INCH, sys_inputs={"link": link, **words}, timestamp=0,
            )  # fmt: skip
    return files


def main() -> None:
    """Draw what is asked for, and tell the files."""
    asked = json.load(sys.stdin)
    target = Path(asked["target"])
    target.mkdir(parents=True, exist_ok=True)
    files = draw(asked["link"], asked["words"], target)
    sys.stdout.write(json.dumps({"files": [str(file) for file in files]}) + "\n")


if __name__ == "__main__":
    main()
