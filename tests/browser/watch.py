"""An ear at the browser: everything that goes wrong on any page, as sentences."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Dialog, Request, Response

_REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
    reportViolation(`${event.violatedDirective} blocked ${event.blockedURI} on ${location.href}`));
"""
_LEFT_BEHIND = "net::ERR_ABORTED"  # a picture still on its way when the reader goes on to the next page


@dataclass
class Watch:
    """`expected` holds parts of sentences that a test provokes on purpose."""

    heard: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.expose_binding("reportViolation", lambda _, told: self.heard.append(f"content policy: {told}"))
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", lambda told: self._console(told.type, f"{told.text} ({told.location['url']})"))
        context.on("weberror", lambda error: self.heard.append(f"script error: {error.error}"))
        context.on("dialog", self._dialog)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    @property
    def troubles(self) -> list[str]:
        return [sentence for sentence in self.heard if not any(part in sentence for part in self.expected)]

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.heard.append(f"console {kind}: {text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _failed(self, request: Request) -> None:
        if request.failure != _LEFT_BEHIND:
            self.heard.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.heard.append(f"answered {response.status}: {response.url}")
