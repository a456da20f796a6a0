#!/usr/bin/env python3
"""Paints the photographs of scenarios/site: pip install pillow numpy, then run it. Seeded, so it paints the same ones again."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

OUT = Path(__file__).resolve().parent.parent / "scenarios" / "site" / "img"
OVERSAMPLE = 2


def mix(a, b, t):
    return tuple(a[i] + (b[i] - a[i]) * t for i in range(3))


def ridge(rng, width, roughness, waves):
    """A skyline in -1..1: octaves of value noise with linear interpolation, so that peaks stay sharp."""
    x = np.linspace(0, 1, width)
    line = np.zeros(width)
    size, n = 1.0, waves
    for _ in range(9):
        knots = rng.uniform(-1, 1, n + 1)
        line += size * np.interp(x * n, np.arange(n + 1), knots)
        size *= roughness
        n *= 2
    return line / np.abs(line).max()


def sky(width, height, stops):
    rows = np.linspace(0, 1, height)
    at = [s[0] for s in stops]
    bands = [np.interp(rows, at, [s[1][c] for s in stops]) for c in range(3)]
    return np.repeat(np.stack(bands, -1)[:, None, :], width, axis=1)


def glow(image, cx, cy, radius, colour, strength):
    height, width, _ = image.shape
    y, x = np.ogrid[:height, :width]
    d = np.sqrt((x - cx * width) ** 2 + (y - cy * height) ** 2) / (radius * width)
    light = strength * np.exp(-(d**2))[..., None]
    return image + (np.array(colour) - image) * np.clip(light, 0, 1)


def mountains(image, rng, layers, horizon, near, far, haze):
    """Far to near: each layer darker, lower and rougher, its foot dissolving into mist."""
    height, width, _ = image.shape
    y = np.arange(height)[:, None]
    for i in range(layers):
        t = i / max(1, layers - 1)
        top = horizon + 0.34 * t
        line = (top + (0.10 + 0.05 * t) * ridge(rng, width, 0.46 + 0.04 * t, 3 + 2 * i)) * height
        body = np.array(mix(far, near, t**0.8))
        depth = np.clip((y - line[None, :]) / (height * (0.16 + 0.1 * t)), 0, 1)[..., None]
        colour = body + (np.array(haze) - body) * depth * (0.85 - 0.6 * t)
        image = np.where((y > line[None, :])[..., None], colour, image)
    return image


def firs(picture, rng, base, count, scale, colour):
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    for x in np.sort(rng.uniform(-0.02, 1.02, count)) * width:
        tall = height * scale * rng.uniform(0.5, 1.0)
        foot = height * (base + rng.uniform(-0.01, 0.03))
        for k in range(7):
            half = tall * (0.05 + 0.028 * k)
            y = foot - tall + tall * k / 7
            draw.polygon([(x, y - tall * 0.08), (x - half, y + tall / 5.5), (x + half, y + tall / 5.5)], fill=colour)
        draw.rectangle([x - tall * 0.012, foot - tall * 0.1, x + tall * 0.012, foot + height], fill=colour)


def tent(picture, cx, foot, size):
    """A lit tent, the only warm thing in the valley."""
    width, height = picture.size
    x, y, s = cx * width, foot * height, size * width
    light = Image.new("RGB", picture.size, (0, 0, 0))
    ImageDraw.Draw(light).ellipse([x - 2.2 * s, y - 1.6 * s, x + 2.2 * s, y + 0.9 * s], fill=(120, 70, 22))
    light = light.filter(ImageFilter.GaussianBlur(s * 0.7))
    lit = np.clip(np.asarray(picture).astype(int) + np.asarray(light), 0, 255).astype("uint8")
    picture.paste(Image.fromarray(lit))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(x - s, y), (x - 0.1 * s, y - 0.95 * s), (x + s, y)], fill=(238, 158, 70))
    draw.polygon([(x - s, y), (x - 0.1 * s, y - 0.95 * s), (x - 0.28 * s, y)], fill=(255, 206, 120))
    draw.polygon([(x - 0.34 * s, y), (x - 0.1 * s, y - 0.6 * s), (x - 0.05 * s, y)], fill=(120, 62, 30))


def finish(image, rng, name, size, quality, paint=None):
    picture = Image.fromarray(np.clip(image, 0, 255).astype("uint8"))
    if paint:
        paint(picture)
    picture = picture.resize(size, Image.LANCZOS)
    grain = rng.normal(0, 2.2, (size[1], size[0], 1))
    picture = Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype("uint8"))
    path = OUT / name
    picture.save(path, quality=quality, optimize=True, progressive=True)
    print(f"{name}: {size[0]}x{size[1]}, {path.stat().st_size / 1e3:.0f} kB")


def landscape(name, seed, size, quality, stops, sun, layers, horizon, near, far, haze, paint=None, stars=0):
    rng = np.random.default_rng(seed)
    width, height = size[0] * OVERSAMPLE, size[1] * OVERSAMPLE
    image = sky(width, height, stops)
    for _ in range(stars):
        x, y = rng.integers(0, width - 3), rng.integers(0, int(height * horizon))
        image[y : y + 2, x : x + 2] += rng.uniform(40, 170)
    if sun:
        image = glow(image, *sun)
    image = mountains(image, rng, layers, horizon, near, far, haze)
    finish(image, rng, name, size, quality, (lambda picture: paint(picture, rng)) if paint else None)


def main():
    OUT.mkdir(parents=True, exist_ok=True)

    def camp(picture, rng):
        firs(picture, rng, 0.98, 46, 0.20, (13, 30, 40))
        tent(picture, 0.735, 0.905, 0.038)
        firs(picture, rng, 1.10, 30, 0.34, (7, 18, 26))

    landscape(
        "hero.jpg", 41, (1440, 640), 78,
        [(0, (38, 62, 98)), (0.28, (106, 122, 156)), (0.5, (238, 172, 134)), (0.62, (252, 214, 168)), (1, (250, 226, 190))],
        (0.63, 0.44, 0.24, (255, 244, 214), 0.95), 6, 0.40, (16, 38, 52), (126, 128, 160), (240, 200, 170), camp,
    )
    landscape(
        "journal-forest.jpg", 12, (720, 480), 74,
        [(0, (196, 214, 214)), (0.6, (226, 232, 222)), (1, (210, 220, 210))],
        (0.3, 0.2, 0.4, (255, 252, 236), 0.8), 5, 0.32, (22, 52, 44), (140, 170, 164), (214, 226, 216),
        lambda picture, rng: firs(picture, rng, 1.04, 40, 0.5, (12, 36, 30)),
    )
    landscape(
        "journal-night.jpg", 77, (720, 480), 74,
        [(0, (8, 14, 36)), (0.5, (30, 44, 92)), (0.75, (92, 84, 134)), (1, (160, 120, 140))],
        (0.5, 0.75, 0.5, (170, 140, 170), 0.5), 4, 0.55, (6, 12, 26), (44, 52, 92), (86, 80, 120),
        lambda picture, rng: tent(picture, 0.32, 0.93, 0.06), stars=420,
    )
    landscape(
        "journal-ridge.jpg", 5, (720, 480), 74,
        [(0, (84, 140, 190)), (0.55, (176, 208, 226)), (1, (226, 232, 228))],
        (0.8, 0.15, 0.3, (255, 255, 245), 0.7), 5, 0.30, (48, 66, 58), (120, 146, 172), (206, 220, 226),
    )


if __name__ == "__main__":
    main()
