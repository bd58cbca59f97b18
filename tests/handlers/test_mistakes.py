"""What is wrong with a form is told in few short messages, however much it is."""

from handlers import mistakes
from surveys.khmer import utf16_length
from surveys.messages import form_error


def errors(number: int) -> list[object]:
    return [form_error("expression", f"/data/q{n}", what=". >> 3", why="no") for n in range(number)]


def test_a_few_errors_are_one_message() -> None:
    [piece] = mistakes.pieces(errors(3), "en", "Please mend these:")  # type: ignore[arg-type]

    assert piece.startswith("Please mend these:\n\n1. Sheet survey: “q0”")
    assert "3. Sheet survey: “q2”" in piece
    assert "more" not in piece


def test_many_errors_are_three_messages_and_a_number() -> None:
    for language, more in (("en", "more. Please mend these first."), ("km", "ចំណុចទៀត")):
        pieces = mistakes.pieces(errors(200), language, "!")  # type: ignore[arg-type]

        assert len(pieces) == mistakes.MOST_PIECES
        assert all(utf16_length(piece) < 2 * mistakes.LONGEST_PIECE for piece in pieces)
        assert more in pieces[-1]
        assert not any(more in piece for piece in pieces[:-1])


def test_what_an_author_wrote_is_cut_and_cleaned() -> None:
    wrong = form_error("expression", "/data/q", what="\u202e\x07" + "x" * 9000, why="no")

    said = mistakes.placed(wrong, "en")

    assert utf16_length(said) < 500
    assert "\u202e" not in said
    assert "\x07" not in said
