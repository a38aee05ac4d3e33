"""What a row says besides, as JSON: in one order, so that the same row gives the same text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def as_details(values: Mapping[str, Any]) -> str:
    """Return values as JSON; the empty text for none."""
    return _ENCODE(values) if values else ""
