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
    docs = Path(config.docs_dir)

    def kept(entry: Any) -> bool:  # noqa: ANN401
        return not isinstance(entry, str) or (docs / entry).exists()

    for entry in config.nav:
        if isinstance(entry, dict):
            for section, pages in entry.items():
                entry[section] = [page for page in pages if kept(page)]
    return config
