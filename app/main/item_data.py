"""What is wrong with our item data, for pages that name a player's items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.main.blueprint import bp
from app.web.languages import item_locale
from app.web.notices import NoticeView, language_missing, manifest_degraded, manifest_missing
from app.wiring import services


class _Info(Protocol):
    @property
    def locale(self) -> str: ...


class ItemData(Protocol):
    missing: bool
    degraded: bool

    @property
    def info(self) -> _Info | None: ...


def item_data_notices(definitions: ItemData, locale: str) -> tuple[NoticeView, ...]:
    """The banners of what was found, where `locale` was asked for: none when all is well."""
    found = []
    if definitions.missing:
        found.append(manifest_missing())
    elif definitions.degraded:
        found.append(manifest_degraded())
    if definitions.info and definitions.info.locale != locale:
        found.append(language_missing(locale, definitions.info.locale))
    return tuple(found)


@bp.app_context_processor
def item_data_now() -> dict[str, Callable[[], tuple[NoticeView, ...]]]:
    """For pages whose view models know nothing of the item data; a page that does not show it does not ask."""
    return {"item_data_notices": lambda: item_data_notices(services().database.state(item_locale()), item_locale())}
