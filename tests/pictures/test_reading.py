"""Reading pictures: every usual kind decoded right, everything else named in one sentence, nothing believed."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from garasu.messages import FileError
from garasu.pictures import BYTES, grey, read

GREY = np.arange(0, 240, 20, dtype=np.uint8).reshape(3, 4)
COLOUR = np.stack([GREY, 255 - GREY, GREY // 2], axis=-1)


@pytest.fixture
def file(tmp_path):
    """Puts bytes into a file of any name."""

    def write(content, name="picture.png"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def encoded(pixels, kind="PNG", mode=None, **settings):
    """The bytes of a picture file."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    out = io.BytesIO()
    (image.convert(mode) if mode else image).save(out, kind, **settings)
    return out.getvalue()


def png(width, height, depth=8, colour=0, data=b"", extra=b""):
    """A PNG made by hand, so that it can lie."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bmp(width, height):
    """A BMP that is only a head."""
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head


def turned(orientation):
    """A picture whose EXIF says how the camera was held."""
    image = Image.fromarray(GREY)
    exif = image.getexif()
    exif[0x0112] = orientation
    return encoded(image, "PNG", exif=exif)


class TestDecodedRight:
    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF", "PPM"])
    def test_grey_without_loss(self, file, kind):
        picture = read(file(encoded(GREY, kind)))
        assert picture.pixels.dtype == np.uint8
        np.testing.assert_array_equal(grey(picture.pixels), GREY)

    @pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
    def test_colour_without_loss(self, file, kind):
        np.testing.assert_array_equal(read(file(encoded(COLOUR, kind))).pixels, COLOUR)

    @pytest.mark.parametrize(("kind", "settings"), [("JPEG", {"quality": 95}), ("WEBP", {"lossless": True})])
    def test_smooth_colour(self, file, kind, settings):
        smooth = np.linspace(40, 200, 64).astype(np.uint8)[:, None, None] * np.ones((1, 48, 3), np.uint8)
        picture = read(file(encoded(smooth, kind, **settings), "x.jpg"))
        assert np.abs(picture.pixels.astype(int) - smooth).max() <= 4

    @pytest.mark.parametrize("name", ["x.jpg", "x.txt", "数字.tiff", "x", "x.PNG"])
    def test_by_content_not_by_name(self, file, name):
        picture = read(file(encoded(GREY), name))
        assert picture.format == "PNG" and picture.pixels.tolist() == GREY.tolist()

    @pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
    def test_tiff_s_compressions(self, file, compression):
        content = encoded(GREY, "TIFF", compression=compression) if compression else encoded(GREY, "TIFF")
        np.testing.assert_array_equal(read(file(content)).pixels, GREY)

    def test_black_and_white(self, file):
        dotted = Image.fromarray(GREY).convert("1")
        np.testing.assert_array_equal(read(file(encoded(dotted))).pixels == 255, np.asarray(dotted))

    def test_palette(self, file):
        content = encoded(Image.fromarray(COLOUR).quantize(12))
        assert np.abs(read(file(content)).pixels.astype(int) - COLOUR).max() <= 12

    def test_cmyk(self, file):
        flat = np.full((8, 8, 3), (200, 30, 90), dtype=np.uint8)
        picture = read(file(encoded(flat, "TIFF", mode="CMYK")))
        assert picture.mode == "CMYK" and np.abs(picture.pixels.astype(int) - flat).max() <= 1

    @pytest.mark.parametrize("kind", ["PNG", "TIFF"])
    def test_sixteen_bits(self, file, kind):
        deep = (GREY.astype(np.uint16) * 257).astype(np.uint16)
        picture = read(file(encoded(deep, kind)))
        np.testing.assert_array_equal(picture.pixels, GREY)
        assert picture.window == (0.0, 65535.0)

    def test_floats_by_their_least_and_greatest(self, file):
        values = np.array([[-2.0, 0.0], [np.nan, 2.0]], dtype=np.float32)
        picture = read(file(encoded(Image.fromarray(values), "TIFF")))
        assert picture.window == (-2.0, 2.0) and picture.pixels.tolist() == [[0, 128], [0, 255]]

    @pytest.mark.parametrize("ink", [0, 255])
    def test_transparent_paper_shows_the_ink(self, file, ink):
        """Black ink on nothing and white ink on nothing: both stand out."""
        drawing = np.zeros((5, 5, 4), dtype=np.uint8)
        drawing[..., :3], drawing[2, 2, 3] = ink, 255
        pixels = grey(read(file(encoded(drawing))).pixels)
        assert pixels[2, 2] == ink and pixels[0, 0] == 255 - ink

    @pytest.mark.parametrize(
        ("orientation", "turn"),
        [
            (1, lambda a: a),
            (2, np.fliplr),
            (3, lambda a: np.rot90(a, 2)),
            (4, np.flipud),
            (5, np.transpose),
            (6, lambda a: np.rot90(a, -1)),
            (7, lambda a: np.rot90(a, 2).T),
            (8, np.rot90),
        ],
    )
    def test_turned_by_exif(self, file, orientation, turn):
        np.testing.assert_array_equal(read(file(turned(orientation))).pixels, turn(GREY))

    @pytest.mark.parametrize("orientation", [5, 6, 7, 8])
    @pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK", "I;16", "1"])
    def test_uncompressed_tiffs_turned_by_exif(self, file, mode, orientation):
        """Pillow maps such files into memory when it is given a path, and mixes up their sides."""
        image = Image.fromarray(GREY.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(GREY).convert(mode)
        plain = read(file(encoded(image, "TIFF"), "plain.tif")).pixels
        turned = read(file(encoded(image, "TIFF", tiffinfo={0x0112: orientation}), "turned.tif")).pixels
        turn = {5: lambda a: np.swapaxes(a, 0, 1), 6: lambda a: np.rot90(a, -1), 8: np.rot90}
        turn[7] = lambda a: np.swapaxes(np.rot90(a, 2), 0, 1)
        np.testing.assert_array_equal(turned, turn[orientation](plain))

    @pytest.mark.parametrize(
        ("most", "high"), [(200, 255), (1000, 1023), (4080, 4095), (16_000, 16_383), (65_000, 65_535)]
    )
    def test_the_bits_that_a_deep_picture_uses(self, file, most, high):
        deep = np.array([[0, most // 2], [most, 0]], dtype=np.uint16)
        picture = read(file(encoded(deep)))
        assert picture.window == (0.0, high) and picture.pixels.max() == round(255 * most / high)

    def test_a_card_with_a_transparent_rim_lies_on_ground_of_its_own_lightness(self, file):
        card = np.zeros((60, 60, 4), dtype=np.uint8)
        card[10:50, 10:50] = 240, 240, 240, 255
        card[18:42, 28:32, :3] = 15
        pixels = grey(read(file(encoded(card))).pixels)
        assert pixels[0, 0] == pixels[12, 12] == 240 and pixels[30, 30] == 15

    @pytest.mark.filterwarnings("ignore")  # the picture library warns of the second
    def test_a_whole_first_page_before_a_damaged_second(self, file):
        content = bytearray(encoded(GREY, "TIFF"))
        start = int.from_bytes(content[4:8], "little")
        entries = int.from_bytes(content[start : start + 2], "little")
        content[start + 2 + 12 * entries : start + 6 + 12 * entries] = (2**31).to_bytes(4, "little")
        np.testing.assert_array_equal(read(file(bytes(content))).pixels, GREY)

    @pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
    def test_the_first_of_several_frames(self, file, kind):
        frames = [Image.fromarray(np.full((6, 6), level, dtype=np.uint8)) for level in (200, 20, 90)]
        settings = {"lossless": True} if kind == "WEBP" else {}
        content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **settings)
        picture = read(file(content))
        assert picture.frames == 3 and np.abs(grey(picture.pixels).astype(int) - 200).max() <= 1

    def test_a_large_jpeg_is_read_smaller(self, file):
        picture = read(file(encoded(Image.new("L", (12_001, 6_001), 77), "JPEG")))
        assert picture.size in ((750, 1500), (751, 1501)) and grey(picture.pixels)[0, 0] == 77

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
    def test_pictures_of_many_pixels_become_means_of_blocks(self, file, mode):
        """3,000 x 2,000 in blocks of 2 x 2: left half dark, right half light."""
        image = Image.new("L", (3000, 2000), 0)
        image.paste(255, (1500, 0, 3000, 2000))
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257) if mode == "I;16" else image.convert(mode)
        picture = read(file(encoded(image, "TIFF")))
        pixels = grey(picture.pixels)
        assert picture.size == (1000, 1500) and picture.mode == mode
        assert pixels[:, :750].max() == 0 and pixels[:, 750:].min() >= 239


def damaged():
    """Name and bytes of pictures that are none, or not whole."""
    large = np.kron(COLOUR, np.ones((20, 20, 1), np.uint8))
    whole = {kind: encoded(large, kind) for kind in ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")}
    yield "empty", b""
    yield "html", b"<!DOCTYPE html><html><body>404</body></html>"
    yield "text", "数字".encode()
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
    yield "pdf", b"%PDF-1.7\n1 0 obj\n"
    yield "zip", b"PK\x03\x04" + bytes(60)
    yield "pickle", b"\x80\x04\x95" + bytes(40)
    yield "postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
    yield "noughts", bytes(4096)
    yield "noise", np.random.default_rng(0).bytes(4096)
    yield "icon", b"\x00\x00\x01\x00\x01\x00" + bytes(60)
    yield "only a signature", b"\x89PNG\r\n\x1a\n"
    for kind, content in whole.items():
        for part in (4, 2):
            yield f"{kind} cut to a {part}th", content[: len(content) // part]
        yield f"{kind} of 20 bytes", content[:20]
    yield "0 x 5", png(0, 5)
    yield "5 x 0", png(5, 0)
    yield "depth 3", png(4, 4, depth=3, data=bytes(20))
    yield "colour type 7", png(4, 4, colour=7, data=bytes(20))
    yield "wrong checksum", whole["PNG"][:40] + b"\xff" + whole["PNG"][41:]
    yield "bmp of minus one", bmp(-1, -1)
    yield "tiff without tags", b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    yield "tiff in a circle", b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"
    yield "webp of nothing", b"RIFF\x1a\x00\x00\x00WEBPVP8 " + bytes(14)
    yield "gif of nothing", b"GIF89a" + struct.pack("<HHBBB", 0, 0, 0, 0, 0) + b";"


BOMBS = {
    "png of 50,000 x 50,000": lambda: png(50_000, 50_000, data=bytes(1000)),
    "png of 2**31 - 1": lambda: png(2**31 - 1, 2**31 - 1, data=b""),
    "png of noughts, 13,000 x 13,000": lambda: png(13_000, 13_000, data=bytes(13_001 * 13_000)),
    "png of noughts, one row": lambda: png(2**28, 1, data=bytes(2**28 + 1)),
    "bmp of 30,000 x 30,000": lambda: bmp(30_000, 30_000),
    "gif of 65,535 x 65,535": lambda: b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + _frame(65535),
    "ppm of 10**6 x 10**6": lambda: b"P5 1000000 1000000 255\n" + bytes(100),
    "pgm of long numbers": lambda: b"P5 " + b"9" * 4000 + b" 9 255\n",
    "tiff, deflated": lambda: encoded(Image.new("RGB", (7000, 7000)), "TIFF", compression="tiff_adobe_deflate"),
    "png, its text unpacks to 100 MB": lambda: png(4, 4, data=bytes(20), extra=_text(100_000_000)),
}
"""Small files that claim, or hold, very many pixels; each made when it is asked for."""


def _frame(side):
    return b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x44\x01\x00;"


def _text(size):
    content = b"Comment\x00\x00" + zlib.compress(bytes(size))
    return struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", zlib.crc32(b"zTXt" + content))


class TestNamed:
    @pytest.mark.filterwarnings("ignore")  # the picture library warns of what it meets
    @pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in damaged()])
    def test_no_picture_or_not_whole(self, file, content):
        path = file(content, "悪い.png")
        with pytest.raises(FileError, match="悪い") as caught:
            read(path)
        assert str(caught.value).count("\n") == 0

    @pytest.mark.filterwarnings("ignore")
    @pytest.mark.parametrize("name", BOMBS)
    def test_bombs(self, file, name):
        path = file(BOMBS[name](), "bomb.png")
        with pytest.raises(FileError, match="bomb"):
            read(path)

    def test_missing_and_folders(self, tmp_path):
        for path, words in ((tmp_path / "none.png", "There is no picture"), (tmp_path, "is a folder, not a picture")):
            with pytest.raises(FileError, match=words):
                read(path)


LARGE = ("a jpeg", "a png", "an RGBA png", "a palette png", "progressive jpeg", "a 4 million RGBA png")


def large(name, side):
    """Pictures of 33 million pixels that are what they say; those whose name begins with "a " can be read."""
    plain = Image.new("RGB", (side, side), (9, 99, 200))
    if "4 million" in name:
        return encoded(Image.new("RGBA", (2048, 2048), (9, 99, 200, 90)))
    if "RGBA" in name:
        return encoded(plain.convert("RGBA"))
    if "palette" in name:
        return encoded(plain.resize((side * 4 // 5, side * 4 // 5)).quantize(4))
    if "progressive" in name:
        return encoded(plain, "JPEG", progressive=True, subsampling=0)
    return encoded(plain, "JPEG" if "jpeg" in name else "PNG")


PROGRAM = """
import sys
from garasu.messages import FileError
from garasu.pictures import read
try:
    print(*read(sys.argv[1]).size)
except FileError:
    print("named")
with open("/proc/self/status") as file:
    print(next(line.split()[1] for line in file if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell what a process uses")
@pytest.mark.parametrize("name", [*BOMBS, *LARGE])
def test_no_picture_takes_more_than_256_mb(file, name):
    """In a process of its own, whatever becomes of it."""
    side = int((BYTES / 4) ** 0.5)
    content = BOMBS[name]() if name in BOMBS else large(name, side)
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(file(content, "picture.png"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said, peak = done.stdout.splitlines()
    assert (said == "named") == (not name.startswith("a "))
    assert int(peak) * 1024 < 256 * 2**20
