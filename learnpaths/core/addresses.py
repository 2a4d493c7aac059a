"""Where a request comes from, for limits and logs."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def read_address(request: HttpRequest) -> str:
    """Return the visitor's address: as the trusted proxy in front of us saw it, if there is one, else the connection's."""
    if settings.TRUST_PROXY:
        # Our proxy adds what it saw at the end; whatever stands before it can be made up.
        last: str = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if last:
            return last
    return str(request.META.get("REMOTE_ADDR") or "")


def read_network(request: HttpRequest) -> str:
    """Return what limits count by: the address, of IPv6 the /64 that one household or machine has."""
    text = read_address(request)
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text[:64] or "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64)) + "/64"
