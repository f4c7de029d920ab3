"""Which picture stands at which path of the demo world. The paths look like Bungie's; the pictures are drawn."""

import hashlib

from app.sandbox.demo.catalogue import DAMAGE_TYPES, Model
from app.sandbox.drawing import Picture

_ARMOR_SHAPES = {0: "class-mark", 1: "cloak", 2: "bond"}
_SHAPES = {"finishers": "finisher", "emotes": "emote", "clan-banner": "banner", "mod": "mod", "bounty": "bounty"}
_FOLDER = "/common/destiny2_content/icons/"
MISSING_ICON = "/img/misc/missing_icon_d2.png"


class Gallery:
    """Collects pictures while the definitions are written; `pictures` is what the sandbox will draw."""

    def __init__(self) -> None:
        self.pictures: dict[str, Picture] = {MISSING_ICON: Picture("unknown", "plain")}

    def hang(self, picture: Picture, ending: str = "png") -> str:
        """The path of a picture; the same picture always hangs at the same path."""
        name = hashlib.md5(repr(picture).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
        path = f"{_FOLDER}{name}.{ending}"
        self.pictures[path] = picture
        return path

    def item_icon(self, model: Model) -> str:
        if model.icon or model.is_classified:
            return model.icon or MISSING_ICON
        ground = model.tier if model.tier != "none" else "plain"
        return self.hang(Picture(shape_of(model), ground, model.element, str(model.hash)), "jpg")

    def banner(self, model: Model) -> str:
        """An emblem's wide background."""
        return self.hang(Picture("emblem", model.tier, _emblem_accent(model), str(model.hash), is_banner=True), "jpg")

    def screenshot(self, model: Model) -> str:
        """A wide picture of a thing, for behind its name."""
        ground = Picture(shape_of(model), model.tier, model.element, f"wide {model.hash}", is_banner=True)
        return self.hang(ground, "jpg")

    def watermark(self, season: int) -> str:
        return self.hang(Picture(label=f"S{season}"))

    def sign(self, shape: str) -> str:
        """A lone sign without a ground, such as an element's or a class's."""
        return self.hang(Picture(shape, "none", shape if shape in DAMAGE_TYPES else ""))


def shape_of(model: Model) -> str:
    if model.kind == "class-item":
        return _ARMOR_SHAPES.get(model.class_type, "mark")
    return _SHAPES.get(model.kind, model.kind)


def _emblem_accent(model: Model) -> str:
    return ("solar", "arc", "void", "strand", "stasis")[model.hash % 5]
