"""The namespaces of an XForm, and names without them."""

from xml.etree.ElementTree import Element

XF = "{http://www.w3.org/2002/xforms}"
XH = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
ODK = "{http://www.opendatakit.org/xforms}"


def bare(path: str) -> str:
    """Return a path without the prefixes of its names.

    >>> bare(" /data/orx:meta/orx:instanceID ")
    '/data/meta/instanceID'
    """
    return "/".join(step.rpartition(":")[2] for step in path.strip().split("/"))


def local(element: Element) -> str:
    """Return the name of an element without its namespace; blank for a comment."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
