"""A field of a plan, and the fields of tables that stand apart: vendors, and the pictures around icons. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

from app.manifest import blocks, kinds
from app.manifest.kinds import Kind


@dataclass(frozen=True, slots=True)
class Field:
    """`attribute` of the definition, kept as `key`, read from `source`: "field", "block.field", "" = by the builder."""

    attribute: str
    key: str
    source: str
    kind: Kind
    why: str


VENDOR_FIELDS = (
    Field("name", "n", "displayProperties.name", kinds.TEXT, "shown"),
    Field("subtitle", "s", "displayProperties.subtitle", kinds.TEXT, "shown"),
    Field("description", "d", "displayProperties.description", kinds.TEXT, "shown"),
    Field("icon", "i", "displayProperties.icon", kinds.ICON, "shown"),
    Field("failures", "f", "failureStrings", blocks.TEXTS, "why something cannot be bought"),
    Field("shelves", "c", "displayCategories", blocks.HEADINGS, "headings over what they sell"),
    Field("large_icon", "L", "displayProperties.largeIcon", kinds.ICON, "their portrait"),
    Field("redacted", "z", "redacted", kinds.FLAG, "classified things say so"),
)

VENDOR_GROUP_FIELDS = (
    Field("name", "n", "categoryName", kinds.TEXT, "heading"),
    Field("number", "o", "order", kinds.WHOLE, "their order"),
)

ART_FIELDS = (
    Field("tier_overlays", "t", "gearTierOverlayImagePaths", kinds.ICONS, "gear tier on a tile"),
    Field("watermark_shadow", "w", "watermarkDropShadowPath", kinds.ICON, "makes season marks readable"),
    Field("crafted_background", "b", "craftedBackgroundPath", kinds.ICON, "crafted weapons"),
    Field("crafted_overlay", "c", "craftedOverlayPath", kinds.ICON, "crafted weapons"),
    Field("enhanced_overlay", "e", "enhancedItemOverlayPath", kinds.ICON, "enhanced weapons"),
    Field("masterwork_overlay", "m", "masterworkOverlayPath", kinds.ICON, "masterworks"),
    Field("masterwork_exotic_overlay", "x", "masterworkExoticOverlayPath", kinds.ICON, "masterworks"),
    Field("featured_flag", "f", "featuredItemFlagPath", kinds.ICON, "featured gear"),
    Field("holofoil_background", "h", "holofoilBackgroundOverlayPath", kinds.ICON, "holofoil weapons"),
    Field("ornament_background", "o", "universalOrnamentBackgroundOverlayPath", kinds.ICON, "ornaments"),
    Field(
        "ornament_legendary_background", "l", "universalOrnamentLegendaryBackgroundOverlayPath", kinds.ICON, "ornaments"
    ),
    Field("ornament_exotic_background", "y", "universalOrnamentExoticBackgroundOverlayPath", kinds.ICON, "ornaments"),
)
