"""Names that a module gives only when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def attributes(module: str, places: Mapping[str, str]) -> Callable[[str], object]:
    """Give a module's ``__getattr__``; ``places`` says where a name is: ``"_client:Client"``."""

    def getattr_(name: str) -> object:
        place = places.get(name)
        if place is None:
            msg = f"module {module!r} has no attribute {name!r}"
            raise AttributeError(msg)
        home, _, there = place.partition(":")
        return getattr(import_module(f"wdt_proto.{home}"), there)

    return getattr_
