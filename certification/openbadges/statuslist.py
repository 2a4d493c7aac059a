"""Bitstring Status List (https://www.w3.org/TR/vc-bitstring-status-list/): one bit per badge, set when it is revoked.

A list is never shorter than 131,072 bits and places are given out at random, so that asking for a list tells nobody
which badge is looked at or how many there are.
"""

import base64
import gzip
import secrets
import zlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from .canonical import CREDENTIALS_V2
from .errors import Malformed
from .errors import gettext_noop as _
from .signing import timestamp

SIZE = 131_072
_MAX_BYTES = 2**20


def encode(indexes: Iterable[int], size: int = SIZE) -> str:
    """Return the `encodedList` with exactly those bits set: "u" + base64url(gzip), most significant bit first."""
    bits = bytearray(max(size, SIZE) // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> (index % 8)
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def decode(encoded: str) -> bytes:
    """Return the bits of an `encodedList`. Raises Malformed; never inflates more than a mebibyte."""
    if encoded[:1] != "u":
        raise Malformed(_("The status list is not multibase base64url."))
    try:
        data = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), altchars=b"-_", validate=True)
        inflator = zlib.decompressobj(wbits=31)
        bits = inflator.decompress(data, _MAX_BYTES)
    except (ValueError, zlib.error) as error:
        raise Malformed(_("The status list cannot be unpacked: %(error)s"), error=error) from error
    if not inflator.eof or len(bits) * 8 < SIZE:
        raise Malformed(_("The status list is cut off, too long, or shorter than 131,072 bits."))
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Return the bit at `index`. Raises Malformed if the list is shorter."""
    if not 0 <= index < len(bits) * 8:
        raise Malformed(_("The status list has no place %(index)s."), index=index)
    return bool(bits[index // 8] & (0x80 >> (index % 8)))


def free_index(used: Collection[int], size: int = SIZE) -> int | None:
    """Return a random index that is not used, or None when the list is half full: then it is time for another list."""
    if len(used) >= size // 2:
        return None
    while True:
        index = secrets.randbelow(size)
        if index not in used:
            return index


def entry(list_url: str, index: int) -> dict[str, str]:
    """Return the `credentialStatus` of a badge."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def credential(list_url: str, *, issuer: str, revoked: Iterable[int], valid_from: datetime) -> dict[str, Any]:
    """Return the unsigned status list credential. It never expires: badges must verify after the issuer is gone."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": timestamp(valid_from),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(revoked),
        },
    }
