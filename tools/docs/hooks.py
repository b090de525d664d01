"""What mkdocs.yml cannot say: pages of the navigation that need not be there."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import jieba  # type: ignore[import-untyped]

# It tells how long its dictionary took to load.
jieba.setLogLevel(logging.WARNING)


def on_config(config: Any) -> Any:  # noqa: ANN401 - mkdocs has no types for it
    """Leave out those entries of the navigation whose file is not there (yet)."""
    config.nav = present(config.nav, Path(config.docs_dir))
    return config


def present(nav: list[Any], docs: Path) -> list[Any]:
    """Give those entries whose file is there; an entry is a page, or a title with one or more."""
    kept: list[Any] = []
    for entry in nav:
        title, pages = next(iter(entry.items())) if isinstance(entry, dict) else ("", entry)
        if isinstance(pages, list):
            kept.append({title: present(pages, docs)})
        elif (docs / pages).is_file():
            kept.append(entry)
    return kept
