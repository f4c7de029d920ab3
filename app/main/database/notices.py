"""What is wrong with the item data, for people who may own nothing."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext

from app.main.item_data import ItemData
from app.main.present import Context
from app.web.notices import NoticeView, language_missing, manifest_degraded, manifest_missing


def notices_of(definitions: ItemData, context: Context) -> tuple[NoticeView, ...]:
    if definitions.missing:
        return (replace(manifest_missing(), text=gettext("Come back in a minute or two: then everything is here.")),)
    found = []
    if definitions.degraded:
        found.append(replace(manifest_degraded(), text=gettext("What you see comes from our last copy.")))
    if definitions.info and definitions.info.locale != context.locale:
        found.append(language_missing(context.locale, definitions.info.locale))
    return tuple(found)
