"""Small PNG files of screenshots: a palette instead of three bytes for every pixel.

The browser unpacks the screenshots and picks the colours, so that no imaging library is needed.
"""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

MOST_COLOURS = 96
INDEXED_COLOUR, EIGHT_BIT = 3, 8

# Frequent colours stay exactly as they are; the rest are edges of letters and take the nearest.
TO_PALETTE = """async ([pictures, most]) => {
  const images = await Promise.all(pictures.map(async source => {
    const image = new Image()
    image.src = 'data:image/png;base64,' + source
    await image.decode()
    return image
  }))
  const canvas = document.createElement('canvas')
  canvas.width = images.reduce((sum, image) => sum + image.width, 0)
  canvas.height = Math.max(...images.map(image => image.height))
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  images.reduce((x, image) => (context.drawImage(image, x, 0), x + image.width), 0)
  const bytes = context.getImageData(0, 0, canvas.width, canvas.height).data
  const pixels = new Uint32Array(bytes.buffer), counts = new Map()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const parts = colour => [colour & 255, colour >> 8 & 255, colour >> 16 & 255]
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, most).map(([c]) => parts(c))
  const index = new Map([...counts.keys()].map(colour => {
    const [r, g, b] = parts(colour)
    const off = palette.map(p => (p[0] - r) ** 2 + (p[1] - g) ** 2 + (p[2] - b) ** 2)
    return [colour, off.indexOf(Math.min(...off))]
  }))
  let indexes = ''
  for (const pixel of pixels) indexes += String.fromCharCode(index.get(pixel))
  return [canvas.width, canvas.height, palette, btoa(indexes)]
}"""


def small_png(page: Page, screenshots: list[bytes]) -> bytes:
    """One PNG of these screenshots beside each other; `page` is where the work is done."""
    sources = [base64.b64encode(screenshot).decode() for screenshot in screenshots]
    width, height, palette, encoded = page.evaluate(TO_PALETTE, [sources, MOST_COLOURS])
    indexes = base64.b64decode(encoded)
    rows = (b"\0" + indexes[at : at + width] for at in range(0, len(indexes), width))
    header = struct.pack(">IIBBBBB", width, height, EIGHT_BIT, INDEXED_COLOUR, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", bytes(part for colour in palette for part in colour)),
            _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
