"""What is wrong with a form, told to its author: row by row, in few short messages. Pure."""

from collections.abc import Sequence

from handlers import texts
from surveys.errors import FormError
from surveys.khmer import clean, cut, utf16_length

# Short enough to be heard by somebody who has them read out.
LONGEST_LINE, LONGEST_PIECE = 400, 1500
MOST_PIECES = 3


def pieces(
    errors: Sequence[FormError], language: str, head: str, most: int = MOST_PIECES
) -> list[str]:
    """Return messages that tell of errors, the first ones as far as a few messages hold them."""
    made, told = [head], 0
    for error in errors:
        line = f"{texts.number(language, told + 1)}. {placed(error, language)}"
        if utf16_length(made[-1]) + utf16_length(line) <= LONGEST_PIECE:
            made[-1] += f"\n\n{line}"
        elif len(made) < most:
            made.append(line)
        else:
            break
        told += 1
    if told < len(errors):
        more = texts.number(language, len(errors) - told)
        made[-1] += "\n\n" + texts.say(language, "errors.more", n=more)
    return made


def placed(error: FormError, language: str) -> str:
    """Return one error with the sheet and the row where its author finds it."""
    said = cut(clean(error.said(language)), LONGEST_LINE)
    if error.row:
        row = texts.number(language, error.row)
        return texts.say(language, "errors.row", sheet=error.sheet, row=row, error=said)
    if error.sheet:
        return texts.say(language, "errors.sheet", sheet=error.sheet, error=said)
    return said
