"""A browser in words, for the list of one's sessions. The header itself is never stored."""

from __future__ import annotations

# The first that fits: nearly every browser also calls itself Mozilla, Chrome and Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_words(user_agent: str) -> str:
    """For example "Firefox on Linux"; "Unknown browser" when the header tells nothing we know."""
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "Unknown browser")
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
