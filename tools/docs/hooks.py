"""What mkdocs.yml cannot say: that the Chinese search's dictionary need not report its loading."""

from __future__ import annotations

import logging

import jieba  # type: ignore[import-untyped]

jieba.setLogLevel(logging.WARNING)
