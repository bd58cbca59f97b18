"""What the engine refuses, said to the author of a form. A respondent's mistake is an event.

SurveyError
  FormError          one thing to mend in a form, with its place and a way out
  FormRefused        a form that can't be used, with all its FormErrors
  ExpressionError    an expression that can't be compiled
"""

from dataclasses import asdict, dataclass


class SurveyError(Exception):
    """Something in a form keeps the engine from using it."""


class ExpressionError(SurveyError):
    """The expression can't be compiled."""


@dataclass(frozen=True, slots=True)
class FormError:
    """One thing to mend: a stable code, where it stands, what is wrong, and a way out."""

    code: str
    problem: str
    way_out: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.sheet or "form",
                f"row {self.row}" if self.row else "",
                self.column or "",
            )
            if part
        )
        return f"[{place}] {self.problem} {self.way_out}".rstrip()

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the error as plain data for JSON."""
        return asdict(self)


class FormRefused(SurveyError):
    """The form can't be used until its errors are mended."""

    def __init__(self, errors: tuple[FormError, ...]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors
