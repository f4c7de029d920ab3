"""What is wrong with the item data, for people who may own nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from flask_babel import gettext

from app.main.present import Context
from app.web.notices import NoticeView, language_missing, manifest_degraded, manifest_missing


class _Info(Protocol):
    @property
    def locale(self) -> str: ...


class _Named(Protocol):
    missing: bool
    degraded: bool

    @property
    def info(self) -> _Info | None: ...


def notices_of(definitions: _Named, context: Context) -> tuple[NoticeView, ...]:
    if definitions.missing:
        return (replace(manifest_missing(), text=gettext("Come back in a minute or two: then everything is here.")),)
    found = []
    if definitions.degraded:
        found.append(replace(manifest_degraded(), text=gettext("What you see comes from our last copy.")))
    if definitions.info and definitions.info.locale != context.locale:
        found.append(language_missing(context.locale, definitions.info.locale))
    return tuple(found)
