"""What the documented replies really have in each field: a number, text, true or false."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from jsontext import Number

if TYPE_CHECKING:
    from model import Json, Method

Kinds = dict[str, set[str]]

# What fits a hint beside itself: an integer is a decimal too.
_FITS = {"ExactNumber": {"int", "Decimal"}, "Any": {"int", "Decimal", "str", "bool"}}


def kinds(method: Method) -> Kinds:
    """Return the Python types of all scalars of the replies, by the names that lead to them."""
    found: Kinds = defaultdict(set)
    for reply in method.examples("response"):
        # Some pages leave out what is around the data.
        bare = isinstance(reply, dict) and not {"status", "data", "message"} & set(reply)
        _collect({"data": reply} if bare else reply, "", found)
    return found


def _collect(value: Any, at: str, found: Kinds) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            _collect(member, f"{at}/{name}", found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, at, found)
    elif isinstance(value, Number):
        found[at].add("int" if value.text.lstrip("-").isdigit() else "Decimal")
    elif isinstance(value, bool):
        found[at].add("bool")
    elif value is not None:
        found[at].add("str")


def tell(field: Json, seen: Kinds, at: str) -> None:
    """Note at `field` and all below it what the examples have there."""
    field["arrives"] = seen.get(at, set())
    for child in field.get("fields", []):
        tell(child, seen, f"{at}/{child['name']}")


def hint(field: Json, documented: str) -> str:
    """Return the hint of a field of a reply: its documented type, and what else examples have."""
    if documented.startswith(("list[", "dict[")):
        return documented
    layout = str(field.get("format") or field.get("observed_format"))
    if layout.startswith("epoch"):
        return "int | str"
    others = field["arrives"] - _FITS.get(documented, {documented})
    if documented == "bool" and "int" in others:
        # As arguments take it: a flag that came can be sent back.
        others = others - {"int"} | {"Literal[0, 1]"}
    return " | ".join([documented, *sorted(others)])
