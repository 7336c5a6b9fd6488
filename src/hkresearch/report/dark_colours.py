"""A colour on white -> the colour that says the same on a dark page."""

from __future__ import annotations


def darken_colour(colour: str) -> str:
    """Return `colour` (#rrggbb) with its lightness turned over in OKLab.

    Hue stays, so a legend stays true.
    """
    lightness, a, b = _to_oklab(colour)
    chroma = (a * a + b * b) ** 0.5
    if chroma < 0.03:  # ink, grid and paper: white becomes the card's colour, black nearly white
        lightness = 0.24 + (1 - lightness) * 0.68
    elif lightness > 0.86 and chroma < 0.09:  # a tint, which words stand on
        lightness = 0.38
    elif lightness < 0.66:  # carries pale words, which become dark ones
        lightness = 0.74 + (0.66 - lightness) * 0.3
    else:  # carries dark words, which become pale ones
        lightness = 0.5 - (lightness - 0.66) * 0.3
    return _from_oklab(lightness, a * 0.9, b * 0.9)


def _to_oklab(colour: str) -> tuple[float, float, float]:
    r, g, b = (_to_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long, medium, short = (
        (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3),
        (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3),
        (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3),
    )
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> str:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _from_linear(min(1.0, max(0.0, c)))):02x}" for c in linear)


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _from_linear(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
