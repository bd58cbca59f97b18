"""The words of XForms expressions: text → tokens (XPath 1.0, 3.7 Lexical Structure)."""

import re
from dataclasses import dataclass

from surveys.errors import ExpressionError

# https://www.w3.org/TR/REC-xml-names/#NT-NCName, as pyxform allows it in names: Khmer too.
START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME = rf"[{START}][{START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*"
TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<name>{NAME}(?::{NAME})?)
    | (?P<symbol>\.\.|//|::|!=|<=|>=|[()\[\],/.@*+\-=<>|])
    )""",
    re.VERBOSE,
)
# More brackets within brackets would exhaust Python's stack.
DEEPEST = 40
WORD_OPERATORS = {"and", "or", "div", "mod"}
# Loosest first; every operator is left-associative.
PRECEDENCE = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
UNION = "|"
# After one of these a name is a name and not an operator (XPath 1.0, 3.7 Lexical Structure).
BEFORE_OPERAND = {"", "(", "[", ",", "/", "//", "@", "::", "|"} | {
    operator for row in PRECEDENCE for operator in row
}
PUNCTUATION = {"(", "[", ",", "/", "//", "@", "::", "*"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression."""

    kind: str
    text: str


def tokenize(source: str) -> list[Token]:
    """Split an expression into tokens; raise ExpressionError where it can't be read."""
    tokens: list[Token] = []
    position = 0
    end = len(source.rstrip())
    while position < end:
        match = TOKEN.match(source, position)
        if not match or match.lastgroup is None:
            raise ExpressionError(f"can't read “{source[position:].strip()[:20]}”")
        tokens.append(_token(match.lastgroup, match[match.lastgroup], tokens))
        position = match.end()
    return tokens


def _token(kind: str, text: str, before: list[Token]) -> Token:
    previous = before[-1] if before else Token("operator", "")
    starts_operand = previous.kind in {"operator", "symbol"} and previous.text in BEFORE_OPERAND
    if kind == "name" and text in WORD_OPERATORS and not starts_operand:
        return Token("operator", text)
    if text == "*" and not starts_operand:
        return Token("operator", text)
    if kind == "symbol" and text in BEFORE_OPERAND - PUNCTUATION:
        return Token("operator", text)
    return Token(kind, text)
