"""Running a sandbox on a port of the loopback, each request in its own thread."""

import threading
from types import TracebackType
from typing import Self

from werkzeug.serving import WSGIRequestHandler, make_server

from app.sandbox.app import Sandbox

_HOST = "127.0.0.1"
_STOP_S = 5.0


class _QuietHandler(WSGIRequestHandler):
    """The request log of the state tells more than lines on a console would."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class SandboxServer:
    """A running sandbox. Port 0 takes a free one; `url` has no slash at its end. A context manager."""

    def __init__(self, app: Sandbox, port: int = 0, host: str = _HOST) -> None:
        self.app = app
        self._server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
        self._thread: threading.Thread | None = None
        self.url = f"http://{host}:{self._server.server_port}"

    def start(self) -> Self:
        """Begin to answer, in a thread of its own."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, and end what is still being answered."""
        self.app.close()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join(_STOP_S)
        self._server.server_close()

    def serve_forever(self) -> None:
        """Answer in this thread until `KeyboardInterrupt`."""
        try:
            self._server.serve_forever()
        finally:
            self.app.close()
            self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
