"""What an XForm asks beyond its questions that a chat doesn't do yet, as FormErrors."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from surveys.errors import FormError

JR = "{http://openrosa.org/javarosa}"
# https://getodk.github.io/xforms-spec/#actions
ACTIONS = {"setvalue", "setgeopoint", "recordaudio"}
MEDIA = {"image", "big-image", "audio", "video"}


def unsupported(document: Element, referenced: frozenset[str]) -> Iterator[FormError]:
    """Yield what can't be run; `referenced` are the paths that expressions read."""
    for element in document.iter():
        tag = element.tag.rsplit("}", 1)[-1]
        if tag in ACTIONS:
            yield _action(tag, element)
        elif tag == "bind":
            yield from _preload(element, referenced)
        elif tag == "text" and any(value.get("form") in MEDIA for value in element):
            yield _media(element.get("id", ""))


def _action(tag: str, element: Element) -> FormError:
    """Refuse what is done on an event: computed defaults, triggers, recordings."""
    is_default = tag == "setvalue" and "first-load" in element.get("event", "")
    what = "a computed default" if is_default else f"a trigger or recording ({tag})"
    name = element.get("ref", "").strip().rsplit("/", 1)[-1]
    return FormError(
        "action",
        f"“{name}”: {what} can't be run in a chat.",
        "Please use a calculate, or remove it.",
        "survey",
        column="default" if is_default else "trigger",
    )


def _preload(bind: Element, referenced: frozenset[str]) -> Iterator[FormError]:
    """Warn of metadata of a device (https://getodk.github.io/xforms-spec/#preload-attributes)."""
    kind, path = bind.get(f"{JR}preload", "uid"), bind.get("nodeset", "")
    if kind != "uid":
        yield FormError(
            "preload" if path in referenced else "warning.preload",
            f"“{path.rsplit('/', 1)[-1]}”: this isn't recorded in a chat and stays blank.",
            "The bot keeps its own times. Please don't use it in other questions.",
            "survey",
            column="type",
        )


def _media(text_id: str) -> FormError:
    """Warn of pictures and sounds (https://getodk.github.io/xforms-spec/#media)."""
    name = text_id.partition(":")[0].rsplit("/", 1)[-1]
    return FormError(
        "warning.media", f"“{name}”: its picture or sound isn't shown.", "", "survey", None, "media"
    )
