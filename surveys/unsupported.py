"""What an XForm asks beyond its questions that this client doesn't do, as FormErrors."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from surveys.errors import FormError
from surveys.messages import form_error
from surveys.namespaces import JR, local

# https://getodk.github.io/xforms-spec/#actions: what a device records by itself.
RECORDINGS = frozenset({"setgeopoint", "recordaudio"})
# https://getodk.github.io/xforms-spec/#preload-attributes: the metadata that an interview has.
KNOWN_PRELOADS = {"uid", "timestamp", "date"}


def unsupported(document: Element, referenced: frozenset[str]) -> Iterator[FormError]:
    """Yield what can't be run; `referenced` are the paths that expressions read."""
    for element in document.iter():
        tag = local(element)
        if tag in RECORDINGS:
            yield form_error(f"action:{tag}", element.get("ref", "").strip(), column="type")
        elif tag == "bind" and element.get(f"{JR}preload", "uid") not in KNOWN_PRELOADS:
            path = element.get("nodeset", "")
            key = "preload" if path in referenced else "warning.preload"
            yield form_error(key, path, column="type")
        elif tag == "text" and any(value.get("form") == "video" for value in element):
            at = element.get("id", "").partition(":")[0]
            yield form_error("warning.media", at, column="media")
        elif tag == "submission" and element.get("base64RsaPublicKey"):
            # https://getodk.github.io/xforms-spec/encryption
            yield form_error("encryption", sheet="settings", column="public_key")
        elif tag == "entity":
            # https://getodk.github.io/xforms-spec/entities
            yield form_error("warning.entities", element.get("dataset", ""), "entities")
