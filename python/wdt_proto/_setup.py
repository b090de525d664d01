"""What a client is made with, the same for both: options, their defaults, the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import _texts
from ._clock import Clock
from ._errors import CredentialsError
from ._exchange import Exchange
from ._limiter import Limiter
from ._native import Limits, endpoint
from ._retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._models import Level, Waiting
    from ._native import Credentials


def exchange(  # noqa: PLR0913 - the options of a client that do not concern httpx
    credentials: Credentials,
    *,
    retry: Retry | None,
    limiter: Limiter | int | None,
    level: Level,
    limits: Limits | None,
    clock: Clock | None,
    on_wait: Callable[[Waiting], object] | None,
) -> Exchange:
    """Give what the calls of a client share."""
    return Exchange(
        credentials,
        level,
        limits or Limits(),
        retry or Retry(),
        Limiter(limiter) if isinstance(limiter, int) else limiter,
        clock or Clock(),
        on_wait,
    )


def base_url_from_env() -> str:
    """Give ``WDT_BASE_URL``; ``CredentialsError`` where it is not set.

    ``ValidationError``, which names the variable, where it holds no address.
    """
    base_url = os.environ.get("WDT_BASE_URL", "")
    if not base_url:
        raise CredentialsError(_texts.NO_BASE_URL.en, _texts.NO_BASE_URL.zh)
    return endpoint(base_url, "WDT_BASE_URL")
