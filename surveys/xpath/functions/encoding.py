"""Texts in other forms: digests and Base64."""

import base64
import binascii
import hashlib
from typing import Any

from surveys.xpath.functions.registry import Function
from surveys.xpath.values import Value, to_string

# https://getodk.github.io/xforms-spec/#fn:digest
DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384"} | {
    "SHA-512": "sha512"
}


def digest(text: Value, name: Value, encoding: Value = "base64") -> str:
    """Return the digest of a text, in base64 or hex; nothing where the algorithm isn't known.

    >>> digest("abc", "MD5", "hex")
    '900150983cd24fb0d6963f7d28e17f72'
    """
    algorithm = DIGESTS.get(to_string(name).upper())
    if algorithm is None:
        return ""
    data = to_string(text).encode("utf-8", "surrogatepass")
    hashed: Any = hashlib.new(algorithm, data, usedforsecurity=False)
    if to_string(encoding).lower() == "hex":
        return str(hashed.hexdigest())
    return base64.b64encode(hashed.digest()).decode("ascii")


def decode(text: Value) -> str:
    """Return what Base64 holds, as UTF-8; nothing where it isn't Base64.

    >>> decode("w6nDqMOx")
    'éèñ'
    """
    try:
        return base64.b64decode(to_string(text)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


FUNCTIONS: dict[str, Function] = {
    "digest": Function(digest, 2, 3, "fn:digest"),
    "base64-decode": Function(decode, 1, 1, "fn:base64-decode"),
}
