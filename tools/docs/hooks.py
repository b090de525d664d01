"""What mkdocs.yml cannot say: what is told while the site is built."""

from __future__ import annotations

import logging

import jieba  # type: ignore[import-untyped]

# It tells how long its dictionary took to load.
jieba.setLogLevel(logging.WARNING)
# `--quiet` silences warnings too, and `--strict` fails only for those that are told.
logging.getLogger("mkdocs").setLevel(logging.WARNING)
