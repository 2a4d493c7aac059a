"""The wire format of values between the RPC client and server: copies of plain data, handles for everything else.

A value becomes a *tree* (JSON) and *buffers* (bytes). Exact types only: an instance of a subclass of float or ndarray is a
handle, so that an object with an agreeable `__eq__` gains nothing. What is copied is the same on the other side, or it is not
copied. Nothing is pickled. Decoding allocates no more than it was given. The worker relays trees and buffers unread.

    None, bool, str, int below 2**53   themselves       ["i", hex] other int        ["f", hex] float    ["c", re, im] complex
    ["u", n] text with lone surrogates  ["b", n] bytes   ["t"|"fs", items]           ["rg"|"sl", start, stop, step]
    ["l"|"s"|"d"|"ba", content, number] list, set, dict, bytearray                   ["e"] Ellipsis
    ["a", n, number, writeable, viewable, foreign] array ["o", shape, items, number, writeable] array of objects
    ["v", number, offset, shape, strides, writeable] a view of that array            ["g", n, foreign] array scalar
    ["x", array, number] tensor         ["df"|"sr", content, number] table           ["na", name] a missing value of pandas
    ["h", number, type, nature] handle                   ["r", number] what the other side has already
    ["n", module, name] something of a library that both sides have (only from the examiner to the notebook)

What can be changed has a *number*, by which both sides know that it is the same object (`shared.Table`); without a table the
numbers are None and everything is a copy.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from .decoder import Decoder
from .encoder import Encoder, Node


class Encoded(NamedTuple):
    tree: Any
    buffers: list[bytes]


def encode(value: Any, handle: Callable[[Any], Node]) -> Encoded:
    """Return a copy of `value` as tree and buffers; `handle` makes the node for what cannot be copied. Raises WireError."""
    encoder = Encoder(handle)
    return Encoded(encoder.node(value), encoder.buffers)


def decode(tree: Any, buffers: list[bytes], handle: Callable[[Node], Any], tensor: Callable[..., Any]) -> Any:
    """Return the value of an untrusted tree; `handle` and `tensor` make this side's objects. Raises WireError."""
    return Decoder(buffers, handle, tensor).value(tree)
