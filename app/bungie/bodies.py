"""The bodies of answers as they come: every packet gives its reader a chance to stop, however little is in it.

The libraries' own decoding goes on reading until there is something decoded to give, which with one byte a second
takes longer than anybody can wait.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import requests
from urllib3.exceptions import DecodeError
from urllib3.response import GzipDecoder

# What we can unpack, for the header of the same name.
ENCODINGS = "gzip"


def pieces(answer: requests.Response, chunk_bytes: int) -> Iterator[bytes]:
    """The decoded body; a piece may be empty, and is `chunk_bytes` long at most.

    Raises urllib3's errors as reading does, for what cannot be unpacked too.
    """
    decoder = GzipDecoder() if answer.headers.get("Content-Encoding", "").lower() == ENCODINGS else None
    try:
        while packet := answer.raw.read1(chunk_bytes, decode_content=False):
            if decoder is None:
                yield packet
                continue
            yield decoder.decompress(packet, max_length=chunk_bytes)
            while decoder.has_unconsumed_tail:
                yield decoder.decompress(b"", max_length=chunk_bytes)
        if decoder:
            yield decoder.flush()
    except zlib.error as error:
        raise DecodeError("a body that cannot be unpacked", error) from None
