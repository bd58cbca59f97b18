"""What the engine refuses, said to the author of a form. A respondent's mistake is an event.

SurveyError
  FormError          one thing to mend in a form, with its place and a way out
  FormRefused        a form that can't be used, with all its FormErrors
  ExpressionError    an expression that can't be compiled
  NotASubmission     a text that is no submission of the form
"""

from dataclasses import asdict, dataclass


class SurveyError(Exception):
    """Something in a form keeps the engine from using it."""


class ExpressionError(SurveyError):
    """The expression can't be compiled."""


class NotASubmission(SurveyError):
    """The text isn't a submission of this form."""


@dataclass(frozen=True, slots=True)
class FormError:
    """One thing to mend: a stable code, where it stands, what is wrong, and a way out.

    The texts are English; those of the catalogue (surveys/messages.py) are there in Khmer too.
    """

    code: str
    problem: str
    way_out: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    problem_km: str = ""
    way_out_km: str = ""

    def __str__(self) -> str:
        return self.told("en")

    def said(self, language: str) -> str:
        """Return problem and way out; in English where there is no Khmer."""
        is_khmer = language == "km" and self.problem_km != ""
        problem = self.problem_km if is_khmer else self.problem
        way_out = self.way_out_km if is_khmer else self.way_out
        return f"{problem} {way_out}".rstrip()

    def told(self, language: str) -> str:
        """Return the error as a sentence with its place."""
        place = ", ".join(
            part
            for part in (
                self.sheet or "form",
                f"row {self.row}" if self.row else "",
                self.column or "",
            )
            if part
        )
        return f"[{place}] {self.said(language)}"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the error as plain data for JSON."""
        return asdict(self)


class FormRefused(SurveyError):
    """The form can't be used until its errors are mended."""

    def __init__(self, errors: tuple[FormError, ...]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors
