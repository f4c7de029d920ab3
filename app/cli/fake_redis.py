"""`python -m app.cli.fake_redis --port N`: fakeredis' server on the loopback, for machines without any redis-server.

It keeps everything in this process' memory and is slower than Redis; good enough to look at the product.
"""

from __future__ import annotations

import click
from fakeredis import TcpFakeServer


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="Port on 127.0.0.1.")
def main(port: int) -> None:
    """Serve an imitation of Redis until a signal ends it."""
    server = TcpFakeServer(("127.0.0.1", port), server_type="redis")
    server.serve_forever()


if __name__ == "__main__":
    main()
