"""Whom to trust at the other end of an encrypted connection, and what is said when nobody is."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j

from kg.errors import StoreUnavailableError, UsageError

_CHECKED = {"bolt+s": "bolt", "neo4j+s": "neo4j"}


def trusting(url: str, ca_certificate: Path | None) -> tuple[str, dict[str, Any]]:
    """Return the address and the driver's settings, so that it trusts what the file has signed.

    Without a file the driver trusts what this machine trusts.

    Raises:
        UsageError: the file holds no certificate, or the address is not one that is checked.
    """
    if ca_certificate is None:
        return url, {}
    scheme, _, rest = url.partition("://")
    if scheme not in _CHECKED:
        raise UsageError(
            f"a CA's certificate is given (ABDUCE_CA_CERTIFICATE), and {scheme}:// does not check "
            f"one: write the address {scheme.partition('+')[0]}+s://{rest}, or give none"
        )
    try:
        ssl.create_default_context(cafile=str(ca_certificate))
    except OSError as error:  # ssl.SSLError is one
        reason = error.strerror if not isinstance(error, ssl.SSLError) else error.reason
        raise UsageError(
            f"the CA's certificate {str(ca_certificate)!r} cannot be used: {reason}; give a file "
            "in PEM form (-----BEGIN CERTIFICATE-----)"
        ) from error
    trust = neo4j.TrustCustomCAs(str(ca_certificate))
    return f"{_CHECKED[scheme]}://{rest}", {"encrypted": True, "trusted_certificates": trust}


def refused_encryption(error: BaseException, address: str) -> StoreUnavailableError | None:
    """Return our error where an encrypted connection did not come about, else None."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return StoreUnavailableError(
                f"the graph server at {address} shows a certificate that is not trusted here "
                f"({cause.verify_message}): give the certificate of who signed it "
                "(ABDUCE_CA_CERTIFICATE), or the name that it is made out to"
            )
        if isinstance(cause, ssl.SSLError):
            return StoreUnavailableError(
                f"the graph server at {address} does not speak TLS ({cause.reason}): switch it on "
                f"there, or write the address {address.partition('+')[0]}://..."
            )
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__
