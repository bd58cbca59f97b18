"""An interview as an OpenRosa submission, and back. Pure.

https://docs.getodk.org/openrosa-form-submission/ and
https://getodk.github.io/xforms-spec/#primary-instance: the primary instance of the very form, with
its id and version, without what isn't relevant.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from surveys.definition import Form, plain
from surveys.errors import NotASubmission
from surveys.instance import MOST_INSTANCES, Instance
from surveys.namespaces import local
from surveys.xpath import TreeNode

OPENROSA = "http://openrosa.org/xforms"
# https://www.w3.org/TR/xml/#charsets: what XML can't hold.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RETURN = {"\r": "&#13;"}


def serialise(instance: Instance, instance_id: str) -> str:
    """Return the XML of a submission; `instance_id` makes sending it twice harmless (uuid:…)."""
    form, root = instance.form, instance.root.children[0]
    attributes = {**form.attributes, "id": form.form_id, "version": form.version}
    spaces = {"xmlns": form.namespaces.get(root.path, ""), "xmlns:orx": OPENROSA}
    written = "".join(
        f" {name}={quoteattr(_xml(value))}"
        for name, value in (attributes | spaces).items()
        if value
    )
    body = "".join(_children(form, root, instance_id))
    if not _has_id(form):
        body += f"<orx:meta><orx:instanceID>{escape(instance_id)}</orx:instanceID></orx:meta>"
    return f"<{root.name}{written}>{body}</{root.name}>"


def _has_id(form: Form) -> bool:
    return any(path.endswith("/meta/instanceID") for path in form.nodes)


def _children(form: Form, node: TreeNode, instance_id: str) -> Iterator[str]:
    for child in node.children:
        if child.relevant:
            yield _element(form, child, instance_id)


def _element(form: Form, node: TreeNode, instance_id: str) -> str:
    """Return a relevant node and all below it."""
    is_orx = form.namespaces.get(plain(node.path)) == OPENROSA
    name = f"orx:{node.name}" if is_orx else node.name
    text = instance_id if node.path.endswith("/meta/instanceID") else node.text
    inner = "".join(_children(form, node, instance_id)) or escape(_xml(text), RETURN)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _xml(text: str) -> str:
    return NOT_XML.sub("", text)


def parse(form: Form, xml: str) -> dict[str, str]:
    """Return the values of a submission by path; raise NotASubmission where it is none of the form.

    What the form computes is left to it; what it doesn't know is left out.
    """
    try:
        root = fromstring(xml)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise NotASubmission(str(error)) from error
    path = f"/{local(root)}"
    if root.get("id", "") != form.form_id or path not in form.nodes:
        raise NotASubmission(f"it is of the form {root.get('id', '')!r}, not {form.form_id!r}")
    return _values(form, root, path, path)


def _values(form: Form, element: Element, path: str, at: str) -> dict[str, str]:
    """Return the values below an element; `at` is its path with positions."""
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for child in element:
        below = f"{path}/{local(child)}"
        place = f"{at}/{local(child)}"
        if below not in form.nodes or seen[place] >= MOST_INSTANCES:
            continue
        seen[place] += 1
        if below in form.repeats:
            found[place] = str(seen[place])
            place += f"[{seen[place]}]"
        found |= (
            _values(form, child, below, place) if len(child) else _leaf(form, below, place, child)
        )
    none = {f"{at}/{name}": "0" for name in _repeats_below(form, path)}
    return {**none, **found}


def _repeats_below(form: Form, path: str) -> list[str]:
    paths: Mapping[str, object] = form.repeats
    return [below.rpartition("/")[2] for below in form.children.get(path, ()) if below in paths]


def _leaf(form: Form, path: str, place: str, element: Element) -> dict[str, str]:
    """Return the value of a node without any below it; what is computed has none of its own."""
    rule = form.nodes[path].calculate
    is_computed = rule is not None and "once" not in rule.calls
    is_group = path in form.children
    return {} if is_computed or is_group else {place: element.text or ""}
