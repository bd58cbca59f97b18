"""Numbers: rounding, and the functions of mathematics.

What has no real result isn't a number (NaN), as XPath 1.0, 3.5 asks for; nothing raises.
"""

import decimal
import math
from collections.abc import Callable

from surveys.xpath.functions.registry import Function
from surveys.xpath.values import Value, to_number

# More decimals than a number has.
MOST_DIGITS = 20


def rounded(value: Value, digits: Value = 0.0) -> float:
    """Round halves up, away from zero below it, to a number of decimals.

    >>> rounded(2.5), rounded(-1.5), rounded(1.005, 2.0)
    (3.0, -2.0, 1.01)
    """
    number, places = to_number(value), to_number(digits)
    if not math.isfinite(number) or math.isnan(places):
        return number
    if places == 0:
        # Half a unit is exact in binary, so that no Decimal is needed.
        return math.copysign(_half_up(abs(number)), number)
    places = max(-MOST_DIGITS, min(places, MOST_DIGITS))
    scale = decimal.Decimal(10) ** int(places)
    scaled = decimal.Decimal(repr(number)) * scale
    return float(scaled.to_integral_value(decimal.ROUND_HALF_UP) / scale)


def _half_up(number: float) -> float:
    whole = math.floor(number)
    return float(whole + (number - whole >= 0.5))


def integer(value: Value) -> float:
    """Cut a number to its whole part.

    >>> integer("-2.7")
    -2.0
    """
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def real(compute: Callable[..., float]) -> Callable[..., float]:
    """Return a function of numbers that gives NaN where there is no result.

    >>> real(math.sqrt)(4.0), real(math.sqrt)(-1.0)
    (2.0, nan)
    """

    def call(*values: Value) -> float:
        try:
            result = compute(*map(to_number, values))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan
        return result if isinstance(result, float) else math.nan

    return call


def _log(number: float) -> float:
    return -math.inf if number == 0 else math.log(number)


def _log10(number: float) -> float:
    return -math.inf if number == 0 else math.log10(number)


def _whole(cut: Callable[[float], int]) -> Callable[[float], float]:
    return lambda number: float(cut(number)) if math.isfinite(number) else number


FUNCTIONS: dict[str, Function] = {
    "number": Function(to_number, 1, 1, "fn:number"),
    "int": Function(integer, 1, 1, "fn:int"),
    "round": Function(rounded, 1, 2, "fn:round"),
    "floor": Function(real(_whole(math.floor)), 1, 1, "fn:floor"),
    "ceiling": Function(real(_whole(math.ceil)), 1, 1, "fn:ceiling"),
    "abs": Function(real(abs), 1, 1, "fn:abs"),
    "pow": Function(real(pow), 2, 2, "fn:pow"),
    "log": Function(real(_log), 1, 1, "fn:log"),
    "log10": Function(real(_log10), 1, 1, "fn:log10"),
    "sin": Function(real(math.sin), 1, 1, "fn:sin"),
    "cos": Function(real(math.cos), 1, 1, "fn:cos"),
    "tan": Function(real(math.tan), 1, 1, "fn:tan"),
    "asin": Function(real(math.asin), 1, 1, "fn:asin"),
    "acos": Function(real(math.acos), 1, 1, "fn:acos"),
    "atan": Function(real(math.atan), 1, 1, "fn:atan"),
    "atan2": Function(real(math.atan2), 2, 2, "fn:atan2"),
    "sqrt": Function(real(math.sqrt), 1, 1, "fn:sqrt"),
    "exp": Function(real(math.exp), 1, 1, "fn:exp"),
    "exp10": Function(real(lambda number: 10.0**number), 1, 1, "fn:exp10"),
    "pi": Function(lambda: math.pi, 0, 0, "fn:pi"),
}
