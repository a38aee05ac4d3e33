"""Licences under their SPDX names, where a source gives the address of one."""

from __future__ import annotations

import re

_CC = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)|publicdomain/(zero))/(\d\.\d)"
)
_OTHERS = {
    "opensource.org/licenses/MIT": "MIT",
    "www.apache.org/licenses/LICENSE-2.0": "Apache-2.0",
    "opendatacommons.org/licenses/odbl": "ODbL-1.0",
    "opendatacommons.org/licenses/by": "ODC-By-1.0",
    "opendatacommons.org/licenses/pddl": "PDDL-1.0",
}


def licence_in(text: str) -> str | None:
    """Return the SPDX name of the licence whose address stands in a text; None if none does."""
    if found := _CC.search(text):
        kind, zero, version = found.groups()
        return f"CC0-{version}" if zero else f"CC-{kind.upper()}-{version}"
    return next((name for address, name in _OTHERS.items() if address in text), None)
