"""Two languages: texts stand in English; where the German word is known, a German manifest has it."""

from dataclasses import dataclass

from app.sandbox.demo.tables import document, table

LOCALES = ("en", "de")
_BILINGUAL = ("kinds", "stats", "buckets", "sockets")


@dataclass(frozen=True, slots=True)
class Words:
    """Translates single texts; what has no translation stays English."""

    german: dict[str, str] | None = None

    def __call__(self, text: str) -> str:
        return text if self.german is None else self.german.get(text, text)


def words(locale: str) -> Words:
    return Words(_german() if locale == "de" else None)


def _german() -> dict[str, str]:
    known = {row["en"]: row["de"] for name in _BILINGUAL for row in table(name)}
    known |= document("de")
    return known
