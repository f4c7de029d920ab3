"""The pictures of the sandbox, drawn as SVG: no licensed art, the same picture for the same description, always."""

import hashlib
from dataclasses import dataclass

from app.sandbox.silhouettes import SILHOUETTES

ICON_PX = 96
BANNER_WIDTH_PX, BANNER_HEIGHT_PX = 474, 96
_GROUNDS: dict[str, tuple[str, str]] = {
    "exotic": ("#d9b741", "#7a5f14"),
    "legendary": ("#5d3a78", "#2d1940"),
    "rare": ("#5a82b4", "#26405f"),
    "uncommon": ("#43804b", "#1d4123"),
    "common": ("#b9b3a8", "#6a655c"),
    "plain": ("#3b4652", "#1a2028"),
    "none": ("none", "none"),
}
_ACCENTS = {
    "kinetic": "#f2f2f2",
    "arc": "#7aecf3",
    "solar": "#f2721b",
    "void": "#b185df",
    "stasis": "#4d88ff",
    "strand": "#35e366",
    "": "#e8e6df",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw. `shape` names a silhouette, `ground` a rarity, `accent` an element; `seed` varies the pattern.

    A banner is 474x96, everything else 96x96 pixels. `label` stands on watermarks.
    """

    shape: str = "mark"
    ground: str = "plain"
    accent: str = ""
    seed: str = ""
    is_banner: bool = False
    label: str = ""


def draw(picture: Picture) -> bytes:
    """The picture as an SVG file."""
    width = BANNER_WIDTH_PX if picture.is_banner else ICON_PX
    layers = _banner_layers(picture) if picture.is_banner else _icon_layers(picture)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="96" viewBox="0 0 {width} 96">'
    return f"{head}{''.join(layers)}</svg>".encode()


def placeholder(path: str) -> Picture:
    """What stands in for a picture that nobody drew; told by its path alone."""
    grounds = ("legendary", "rare", "exotic", "plain", "uncommon")
    accents = tuple(_ACCENTS)
    noise = _noise(path)
    return Picture("mark", grounds[noise[0] % len(grounds)], accents[noise[1] % len(accents)], path)


def _icon_layers(picture: Picture) -> list[str]:
    if picture.label:
        return _watermark_layers(picture)
    light, dark = _GROUNDS[picture.ground]
    accent = _ACCENTS[picture.accent]
    layers = []
    if light != "none":
        layers += [
            _gradient(light, dark, "x2='1' y2='1'"),
            '<rect width="96" height="96" fill="url(#g)"/>',
            *_facets(picture, 96),
        ]
    shape = SILHOUETTES.get(picture.shape, SILHOUETTES["mark"])
    layers.append(f'<g fill="{accent}" stroke="#0b0d10" stroke-width="1.5" stroke-linejoin="round">{shape}</g>')
    return layers


def _banner_layers(picture: Picture) -> list[str]:
    light, dark = _GROUNDS[picture.ground]
    accent = _ACCENTS[picture.accent]
    shape = SILHOUETTES.get(picture.shape, SILHOUETTES["mark"])
    return [
        _gradient(light, dark, "x2='1' y2='0'"),
        f'<rect width="{BANNER_WIDTH_PX}" height="96" fill="url(#g)"/>',
        f'<rect width="{BANNER_WIDTH_PX}" height="96" fill="{accent}" opacity=".18"/>',
        *_facets(picture, BANNER_WIDTH_PX),
        f'<g fill="{accent}" opacity=".22" transform="translate(330 -40) scale(1.9)">{shape}</g>',
        f'<rect width="{BANNER_WIDTH_PX}" height="3" y="93" fill="{accent}" opacity=".8"/>',
    ]


def _watermark_layers(picture: Picture) -> list[str]:
    """A small badge in the top left corner over nothing, as seasons mark their items."""
    font = 'font-family="sans-serif" font-size="11" font-weight="700"'
    text = f'<text x="4" y="13" {font} fill="#fff">{picture.label}</text>'
    return ['<path d="M0 0h34L22 19H0z" fill="#11151a" opacity=".82"/>', text]


def _gradient(light: str, dark: str, direction: str) -> str:
    stops = f'<stop stop-color="{light}"/><stop offset="1" stop-color="{dark}"/>'
    return f'<defs><linearGradient id="g" {direction}>{stops}</linearGradient></defs>'.replace("'", '"')


def _facets(picture: Picture, width: int) -> list[str]:
    """A few translucent triangles, so that neighbours of one rarity do not look alike."""
    noise = _noise(picture.seed + picture.shape)
    layers = []
    for index in range(0, 18, 6):
        points = [(noise[index + step] * width // 255, noise[index + step + 1] * 96 // 255) for step in (0, 2, 4)]
        corners = " ".join(f"{x},{y}" for x, y in points)
        colour = "#fff" if noise[index] % 2 else "#000"
        layers.append(f'<polygon points="{corners}" fill="{colour}" opacity=".1"/>')
    return layers


def _noise(seed: str) -> bytes:
    return hashlib.sha256(seed.encode("utf-8", "replace")).digest()
