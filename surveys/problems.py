"""The problems of a form, collected while it is compiled instead of stopping at the first."""

from dataclasses import dataclass, field

from surveys.errors import FormError
from surveys.messages import form_error


@dataclass(slots=True)
class Problems:
    """Everything found so far, in the order it was found."""

    found: list[FormError] = field(default_factory=list)

    def note(
        self,
        key: str,
        at: str = "",
        *,
        sheet: str | None = None,
        column: str | None = None,
        **values: object,
    ) -> None:
        """Note a problem of the catalogue, with what its text names."""
        self.found.append(form_error(key, at, sheet, column, **values))
